package storage

import (
	"layak/eligibility"
	"layak/internal/area"
)

// personRow is one row of personSQL and householdSQL.
type personRow struct {
	NIK string `db:"nik"`

	RFound      bool   `db:"r_found"`
	RGone       bool   `db:"r_gone"`
	RSeq        int64  `db:"r_seq"` // of the import that the row came with
	RImport     string // see nameImports
	RAsOf       string
	KK          string `db:"r_kk"`
	Name        string `db:"r_name"`
	Sex         string `db:"r_sex"`
	BirthPlace  string `db:"r_birth_place"`
	BirthDate   string `db:"r_birth_date"`
	Relation    string `db:"r_relation"`
	Marital     string `db:"r_marital"`
	Address     string `db:"r_address"`
	RT          string `db:"r_rt"`
	RW          string `db:"r_rw"`
	Village     string `db:"r_village"`
	District    string `db:"r_district"`
	RegencyCode string `db:"r_regency"`
	Province    string `db:"r_province"`
	LifeStatus  string `db:"r_life_status"`
	MovedInOn   string `db:"r_moved_in_on"`
	MotherNIK   string `db:"r_mother_nik"`
	FormerKK    string `db:"former_kk"`
	FormerNIK   string `db:"former_nik"`
	Gap         bool   `db:"gap"`

	WFound  bool   `db:"w_found"`
	WGone   bool   `db:"w_gone"`
	WSeq    int64  `db:"w_seq"` // of the import that the row came with
	WImport string // see nameImports
	WAsOf   string
	WDesil  int `db:"w_desil"`

	FFound  bool   `db:"f_found"`
	FGone   bool   `db:"f_gone"`
	FSeq    int64  `db:"f_seq"` // of the import that the row came with
	FImport string // see nameImports
	FAsOf   string
	FDesil  int `db:"f_desil"`

	MFound        bool   `db:"m_found"`
	MGone         bool   `db:"m_gone"`
	MSeq          int64  `db:"m_seq"` // of the import that the row came with
	MImport       string // see nameImports
	MAsOf         string
	Segment       string `db:"m_segment"`
	MemberStatus  string `db:"m_member_status"`
	MemberReason  string `db:"m_member_reason"`
	MemberSince   string `db:"m_member_since"`
	InactiveSince string `db:"m_inactive_since"`
	Class         string `db:"m_class"`
	JKNNumber     string `db:"m_jkn_number"`
	Facility      string `db:"m_facility"`
}

func provenance(importID, asOf string, gone bool) eligibility.Provenance {
	return eligibility.Provenance{ImportID: importID, AsOf: eligibility.Date(asOf), Gone: gone}
}

func (r *personRow) person() eligibility.Person {
	p := eligibility.Person{NIK: eligibility.NIK(r.NIK), Welfare: r.welfare()}
	if r.RFound {
		p.Resident = r.resident()
	}
	if r.MFound {
		p.Membership = &eligibility.MembershipRow{
			Provenance: provenance(r.MImport, r.MAsOf, r.MGone),
			Segment:    r.Segment, Status: r.MemberStatus, Reason: r.MemberReason,
			Since: eligibility.Date(r.MemberSince), InactiveSince: eligibility.Date(r.InactiveSince),
			Class: r.Class, JKNNumber: r.JKNNumber, Facility: r.Facility,
		}
	}
	return p
}

func (r *personRow) resident() *eligibility.Resident {
	return &eligibility.Resident{
		Provenance: provenance(r.RImport, r.RAsOf, r.RGone),
		NIK:        eligibility.NIK(r.NIK), FormerNIK: eligibility.NIK(r.FormerNIK),
		KK: eligibility.KK(r.KK), FormerKK: eligibility.KK(r.FormerKK),
		Name: r.Name, Sex: r.Sex, BirthPlace: r.BirthPlace, BirthDate: eligibility.Date(r.BirthDate),
		Relation: r.Relation, Marital: r.Marital, Address: r.Address, RT: r.RT, RW: r.RW,
		Village: area.Code(r.Village), District: area.Code(r.District),
		Regency: area.Code(r.RegencyCode), Province: area.Code(r.Province),
		LifeStatus: r.LifeStatus, MovedInOn: eligibility.Date(r.MovedInOn), MotherNIK: eligibility.NIK(r.MotherNIK),
	}
}

// welfare prefers the person's own row to that of the family, and a row that is still listed to
// one that is not.
func (r *personRow) welfare() *eligibility.WelfareRow {
	own := &eligibility.WelfareRow{Provenance: provenance(r.WImport, r.WAsOf, r.WGone), Desil: r.WDesil}
	family := &eligibility.WelfareRow{Provenance: provenance(r.FImport, r.FAsOf, r.FGone), Desil: r.FDesil}
	switch {
	case r.WFound && !r.WGone:
		return own
	case r.FFound && !r.FGone:
		return family
	case r.WFound:
		return own
	case r.FFound:
		return family
	}
	return nil
}
