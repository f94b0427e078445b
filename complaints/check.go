package complaints

import (
	"context"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
)

// check asks package eligibility about a patient and links the answer. The determination stands by
// itself: it stays on record also when somebody else changes the case in the same moment.
func check(ctx context.Context, s *Service, d *draft) error {
	err := d.actor.Require(auth.CheckPerson)
	if err != nil {
		return err
	}
	was, ok := d.was.patient(d.action.Patient)
	if !ok {
		return errPatient
	}
	p, err := identify(was, d.action.NIK, d.action.Subject)
	if err != nil {
		return err
	}
	linked := d.action.Made != nil && !d.action.made
	made, err := s.determined(ctx, d, p)
	if err != nil {
		return err
	}
	d.action.Made, d.action.made = &made, !linked
	if !p.Known() && linked {
		p, err = identify(p, "", &made.Subject)
		if err != nil {
			return err
		}
	}
	known := p.NIK
	if p.NIK == "" && made.Subject.MotherNIK == "" && !made.Subject.Unknown {
		p.NIK = made.NIK
	}
	if p.NIK != was.NIK || p.Name == "" { // else the case knows what the registry would say
		err = s.locate(ctx, &p)
		if err != nil {
			return err
		}
	}
	if r := made.Facts.Resident; r != nil && r.Village != "" {
		p.Village = area.Code(r.Village)
	}
	need := d.action.Need
	if need == "" {
		need = made.Facts.Need
	}
	return d.checked(p, need, known != p.NIK || d.action.NIK != "" || d.action.Subject != nil, made)
}

// determined is the determination of a check: the one that the desk made before, which must be about
// the patient, or a new one.
func (s *Service) determined(ctx context.Context, d *draft, p Patient) (eligibility.Determination, error) {
	if m := d.action.Made; m != nil {
		if p.Known() && p.subject() != m.Subject && (p.NIK == "" || p.NIK != m.NIK) {
			return *m, Invalid("check_of_other", "patient", "Hasil cek ini tentang orang lain. Pilih pasien yang sesuai.")
		}
		return *m, nil
	}
	need := d.action.Need
	if need == "" {
		need = d.was.Need
	}
	return s.Checker.Check(ctx, eligibility.Request{
		Subject: p.subject(), Need: need, ServiceOn: d.action.ServiceOn, Purpose: "Aduan " + string(d.was.Ticket),
		AcceptsClass3: d.action.AcceptsClass3, StillEmployed: d.action.StillEmployed, Evidence: d.action.Evidence,
	})
}

// checked puts the determination and what it taught about the patient into the change.
func (d *draft) checked(p Patient, need string, identified bool, made eligibility.Determination) error {
	after := &d.change.Complaint
	after.Patients = append([]Patient(nil), d.was.Patients...)
	learned := false // something about the patient, so that his row, areas and search words change
	for i, other := range after.Patients {
		switch {
		case other.No == p.No:
			after.Patients[i], learned = p, other != p
		case p.NIK != "" && other.NIK == p.NIK:
			return Invalid("patient_twice", "nik", "Warga ini sudah tercatat sebagai pasien lain dalam aduan ini.")
		}
	}
	if after.Need == "" {
		after.Need = need
	}
	if learned {
		d.change.Patient = &p
	}
	d.change.Check = &Check{
		Determination: made.ID, Patient: p.No, Outcome: made.Outcome, Advice: made.Advice,
		Summary: made.Summary, DecidedAt: moment(made.DecidedAt), NIK: p.NIK,
	}
	return d.change.with(CheckData{
		Determination: made.ID, Patient: p.No, Outcome: string(made.Outcome), Identified: identified,
		Codes: codesOf(made.Findings),
	})
}
