package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// The training data set: people who do not exist, offices, an account for every role, and a few
// complaints, all made by the same code that real work goes through.

// demoPassword opens every training account. A training database never serves for real.
const demoPassword = "latihan-bersama-2026"

const demoSeed = 3509

var demoAccounts = []struct {
	user, name string
	role       auth.Role
	unit       string
	what       string
}{
	{"rini", "Rini Wulandari", auth.Puskesmas, "PKM-LATIHAN", "petugas loket puskesmas"},
	{"hasan", "Hasan Basri", auth.Puskesmas, "RSD-LATIHAN", "petugas rumah sakit"},
	{"dewi", "Dewi Lestari", auth.Kelurahan, "KEL-LATIHAN", "petugas kelurahan"},
	{"wahyu", "Wahyu Hidayat", auth.Kelurahan, "KEL-LATIHAN", "lurah, pimpinan unit kelurahan"},
	{"endah", "Endah Pratiwi", auth.Kelurahan, "KEC-LATIHAN", "petugas kecamatan"},
	{"lukman", "Lukman Hakim", auth.Kelurahan, "DUKCAPIL", "petugas Dukcapil"},
	{"agus", "Agus Salim", auth.Coordinator, "", "koordinator aduan"},
	{"sari", "Sari Puspita", auth.PolicyOfficer, "", "penyusun aturan"},
	{"bambang", "Bambang Irawan", auth.PolicyApprover, "", "penyetuju aturan"},
	{"yuni", "Yuni Astuti", auth.Supervisor, "", "pengawas"},
	{"tono", "Tono Hartono", auth.Auditor, "", "auditor"},
	{"admin", "Admin Latihan", auth.Administrator, "", "administrator"},
}

func demoAccountsText() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nData latihan: semua orang di dalamnya rekaan. Akun latihan, kata sandi semuanya %s\n", demoPassword)
	for _, a := range demoAccounts {
		fmt.Fprintf(&b, "  %-8s %s\n", a.user, a.what)
	}
	return b.String()
}

// loadDemo fills what a training database does not hold yet; each step finds out by itself, so a
// start that was interrupted is finished by the next.
func (p *Program) loadDemo(ctx context.Context, people int, bar *demoProgress) error {
	defer bar.done()
	state, err := p.DB.State(ctx)
	if err != nil {
		return err
	}
	for _, kind := range eligibility.Kinds {
		if _, loaded := state[kind]; loaded {
			continue
		}
		err = p.importDemo(ctx, kind, people, bar)
		if err != nil {
			return fmt.Errorf("load training %s: %w", kind, err)
		}
	}
	desk := p.demoDistrict()
	err = p.demoOffices(ctx, desk, bar)
	if err != nil {
		return err
	}
	return p.demoComplaints(ctx, desk, bar)
}

// importDemo writes a workbook and imports it like any other.
func (p *Program) importDemo(ctx context.Context, kind eligibility.Kind, people int, bar *demoProgress) error {
	dir, err := os.MkdirTemp("", "layak-latihan-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "latihan-"+string(kind)+".xlsx")
	asOf := eligibility.DateOf(p.Clock().In(eligibility.WIB).AddDate(0, 0, -7))
	bar.say("membuat " + strings.ToLower(kindWords[kind]))
	err = writeWhole(path, func(w io.Writer) error {
		return importers.Generate(kind, people, demoSeed, p.Regency, asOf, w)
	})
	if err != nil {
		return err
	}
	result, err := importers.Run(ctx, p.DB, importers.Options{
		Kind: kind, Files: []importers.File{{Name: filepath.Base(path), Path: path}}, AsOf: asOf, Home: p.Regency,
		Mode: importers.Snapshot, Area: p.Regency, Again: true,
		Actor: auth.From(ctx).Name, Clock: p.Clock, Progress: bar.importing(kindWords[kind]),
	})
	if err != nil {
		return err
	}
	if result.Status != importers.Published {
		return fault.New(fault.Conflict, "demo_import", "Data latihan tidak dapat dimuat: "+result.Message)
	}
	return nil
}

// demoDistrict picks the district of the training offices: the first that has a kelurahan.
func (p *Program) demoDistrict() area.Code {
	districts := area.Children(p.Regency)
	for _, d := range districts {
		for _, v := range area.Children(d.Code) {
			if v.Code.Kelurahan() {
				return d.Code
			}
		}
	}
	if len(districts) == 0 {
		return p.Regency
	}
	return districts[0].Code
}

func (p *Program) demoOffices(ctx context.Context, desk area.Code, bar *demoProgress) error {
	village := desk
	if all := area.Children(desk); len(all) > 0 {
		village = all[0].Code
	}
	place := func(c area.Code) string { a, _ := area.Lookup(c); return a.Name }
	for _, u := range []auth.Unit{
		{Code: "PKM-LATIHAN", Name: "Puskesmas Latihan " + place(desk), Kind: "puskesmas", Areas: []area.Code{desk}},
		{Code: "RSD-LATIHAN", Name: "Rumah Sakit Daerah Latihan", Kind: "hospital", Areas: []area.Code{p.Regency}},
		{Code: "KEL-LATIHAN", Name: "Kelurahan Latihan " + place(village), Kind: "kelurahan", Areas: []area.Code{village}},
		{Code: "KEC-LATIHAN", Name: "Kecamatan Latihan " + place(desk), Kind: "kecamatan", Areas: []area.Code{desk}},
		{Code: "DUKCAPIL", Name: "Dinas Dukcapil Latihan", Kind: "opd", Areas: []area.Code{p.Regency}},
	} {
		err := p.Accounts.AddUnit(ctx, u)
		if fault.Is(err, fault.Conflict) {
			continue // made by an earlier start
		}
		bar.say("membuat unit " + u.Code)
		if err != nil {
			return fmt.Errorf("training unit %s: %w", u.Code, err)
		}
	}
	have, err := p.Accounts.Staff(ctx)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, s := range have {
		known[s.User] = true
	}
	for _, a := range demoAccounts {
		if known[a.user] {
			continue
		}
		bar.say("membuat akun " + a.user)
		_, err := p.Accounts.AddStaff(ctx, auth.NewStaff{User: a.user, Name: a.name, Role: a.role, Unit: a.unit, Password: demoPassword})
		if err != nil {
			return fmt.Errorf("training account %s: %w", a.user, err)
		}
	}
	return p.demoHours(ctx)
}

// demoProgress writes one line that moves on a terminal, and one line per step elsewhere.
type demoProgress struct {
	line  *progress
	last  string
	since time.Time
}

func newDemoProgress(k *call) *demoProgress {
	return &demoProgress{line: newProgress(k.err, k.JSON), since: time.Now()}
}

func (d *demoProgress) say(step string) {
	if step == d.last {
		return
	}
	d.last = step
	if d.line.live {
		d.line.draw("Menyiapkan data latihan: " + step)
	} else if !d.line.quiet {
		fmt.Fprintln(d.line.w, "Menyiapkan data latihan: "+step)
	}
}

func (d *demoProgress) importing(kind string) func(importers.Progress) {
	return func(s importers.Progress) {
		if s.Phase == importers.PhaseReading && s.Total > 0 && d.line.live {
			d.line.draw(fmt.Sprintf("Menyiapkan data latihan: memuat %s, %d dari %d baris", strings.ToLower(kind), s.Rows, s.Total))
			return
		}
		d.say("memuat " + strings.ToLower(kind))
	}
}

func (d *demoProgress) done() {
	d.line.done()
	if d.last != "" && !d.line.quiet {
		fmt.Fprintf(d.line.w, "Data latihan siap dalam %.0f detik.\n", time.Since(d.since).Seconds())
	}
}
