package complaints

import (
	"context"

	"layak/internal/auth"
	"layak/internal/fault"
)

func assign(ctx context.Context, s *Service, d *draft) error {
	code := d.action.Unit
	if code == "" {
		code = d.was.Unit
	}
	if code == "" || d.action.Unit == "" && d.action.Staff == "" {
		return Invalid("unit_missing", "unit", "Pilih unit kerja yang menangani.")
	}
	unit, err := s.office(ctx, code, "unit")
	if err != nil {
		return err
	}
	if d.was.against(unit.Code) {
		return Invalid("unit_accused", "unit", "Aduan tentang sikap petugas tidak ditangani oleh unit yang diadukan. Pilih unit lain.")
	}
	err = s.colleague(ctx, d.action.Staff, unit.Code)
	if err != nil {
		return err
	}
	err = d.keepSpokesperson()
	if err != nil {
		return err
	}
	d.change.Complaint.Unit, d.change.Complaint.Staff = unit.Code, d.action.Staff
	return d.change.with(AssignData{
		Unit: unit.Code, Staff: d.action.Staff, FromUnit: d.was.Unit, FromStaff: d.was.Staff,
		Appointed: d.action.Staff != "" && overseer(d.actor),
	})
}

// office finds a unit that a form names.
func (s *Service) office(ctx context.Context, code, field string) (auth.Unit, error) {
	list, err := s.unitsWith(ctx, code)
	if err != nil {
		return auth.Unit{}, err
	}
	unit := list.find(code)
	if unit == nil {
		return auth.Unit{}, Invalid("unit_unknown", field, "Unit kerja ini tidak terdaftar. Pilih dari daftar.")
	}
	return *unit, nil
}

// against tells whether the unit is the one whose conduct the complaint is about. It neither gets
// the case nor decides it.
func (c Complaint) against(unit string) bool {
	return c.Matter == "conduct" && c.Accused != "" && c.Accused == unit
}

// colleague makes sure that the account can work on a case of the unit: it belongs to the unit, or
// to none and so to the whole regency.
func (s *Service) colleague(ctx context.Context, user, unit string) error {
	if user == "" {
		return nil
	}
	account, err := s.Store.Account(ctx, user)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil || account.Disabled || !account.Role.May(auth.ComplaintWork) || account.Unit != "" && account.Unit != unit {
		return Invalid("staff_unknown", "staff", "Petugas ini tidak bekerja di unit yang dipilih. Pilih dari daftar.")
	}
	return nil
}
