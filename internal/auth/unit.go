package auth

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/fault"
)

// UnitKind is what sort of office a unit is.
type UnitKind string

// UnitKinds lists the kinds a unit may be of.
var UnitKinds = []UnitKind{"puskesmas", "hospital", "kelurahan", "desa", "kecamatan", "opd"}

// Unit is an office whose staff works on cases.
type Unit struct {
	Code  string      `json:"code"` // stable, chosen by the regency: "PKM-SILO"
	Name  string      `json:"name"`
	Kind  UnitKind    `json:"kind"`
	Areas []area.Code `json:"areas"` // whose lists, names and complaints its staff may see; at least one
}

// athome refuses areas of another regency: its people are not in the records of this office.
func (a *Accounts) athome(u Unit) error {
	bad := fault.New(fault.Invalid, "unit_invalid", "Data unit kerja belum lengkap atau belum benar.")
	for _, c := range u.Areas {
		if a.Home != "" && !a.Home.Contains(c) {
			bad = bad.At("areas", "Wilayah kerja "+string(c)+" di luar kabupaten/kota pemilik data ("+string(a.Home)+").")
		}
	}
	return orNil(bad)
}

var unitCode = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$`)

// Validate tidies the unit and says everything that is wrong with it, field by field.
func (u *Unit) Validate() error {
	u.Code, u.Name = strings.TrimSpace(u.Code), tidy(u.Name)
	bad := fault.New(fault.Invalid, "unit_invalid", "Data unit kerja belum lengkap atau belum benar.")
	if !unitCode.MatchString(u.Code) {
		bad = bad.At("code", "Kode unit terdiri dari 1–32 huruf, angka, titik, garis bawah, atau tanda hubung, misalnya PKM-SILO.")
	}
	if u.Name == "" || len(u.Name) > 200 {
		bad = bad.At("name", "Isi nama unit, paling panjang 200 huruf.")
	}
	if !slices.Contains(UnitKinds, u.Kind) {
		bad = bad.At("kind", "Pilih jenis unit: puskesmas, hospital, kelurahan, desa, kecamatan, atau opd.")
	}
	if len(u.Areas) == 0 {
		bad = bad.At("areas", "Isi paling sedikit satu kode wilayah kerja unit.")
	}
	for _, c := range u.Areas {
		if _, ok := area.Lookup(c); !ok {
			bad = bad.At("areas", "Kode wilayah "+string(c)+" tidak ada dalam daftar Kemendagri.")
		} else if c.Parent() == "" {
			bad = bad.At("areas", "Wilayah kerja "+string(c)+" satu provinsi terlalu luas; pakai kode kabupaten, kecamatan, atau desa/kelurahan.")
		}
	}
	slices.Sort(u.Areas)
	u.Areas = slices.Compact(u.Areas)
	return orNil(bad)
}

// AddUnit stores a new unit; Conflict when the code is taken.
func (a *Accounts) AddUnit(ctx context.Context, u Unit) error {
	actor, err := a.admitUnit(ctx, &u)
	if err != nil {
		return err
	}
	return a.Store.AddUnit(ctx, u, audit.Entry{
		Actor: actor.Name, Act: "unit.create", Object: "unit", ObjectID: u.Code, Payload: payload(u),
	})
}

// ChangeUnit replaces name, kind and areas of a unit. The new areas count from the next request
// of its staff on.
func (a *Accounts) ChangeUnit(ctx context.Context, u Unit) error {
	actor, err := a.admitUnit(ctx, &u)
	if err != nil {
		return err
	}
	return a.Store.ChangeUnit(ctx, u, audit.Entry{
		Actor: actor.Name, Act: "unit.change", Object: "unit", ObjectID: u.Code, Payload: payload(u),
	})
}

// admitUnit tells who manages units here, and cleans and checks what is to be stored.
func (a *Accounts) admitUnit(ctx context.Context, u *Unit) (Actor, error) {
	actor := From(ctx)
	err := actor.Require(UnitManage)
	if err != nil {
		return actor, err
	}
	err = u.Validate()
	if err != nil {
		return actor, err
	}
	return actor, a.athome(*u)
}

// Units lists all units by code.
func (a *Accounts) Units(ctx context.Context) ([]Unit, error) {
	err := From(ctx).Require(UnitRead)
	if err != nil {
		return nil, err
	}
	return a.Store.Units(ctx)
}

// tidy takes the outer and doubled blanks away.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

// orNil is nil when no field was complained about.
func orNil(f *fault.Error) error {
	if len(f.Fields) == 0 {
		return nil
	}
	return f
}
