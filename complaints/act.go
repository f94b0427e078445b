package complaints

import (
	"context"
	"strings"
	"unicode/utf8"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Act makes one move: fault.NotFound outside the actor's scope, Forbidden without the permission,
// Conflict "stale_version" when somebody changed the case since, Conflict "move_forbidden" when the
// table forbids the move from the present state, Invalid when something is missing.
func (s *Service) Act(ctx context.Context, t Ticket, a Action) (Complaint, error) {
	actor := auth.From(ctx)
	move, ok := MoveOf(a.Type)
	if !ok || !executed[a.Type] {
		return Complaint{}, invalid("event_unknown", "type", "Tindakan ini tidak dikenal.")
	}
	err := actor.Require(move.Who)
	if err != nil {
		return Complaint{}, err
	}
	c, err := s.Store.Complaint(ctx, t, ScopeOf(actor))
	if err != nil {
		return Complaint{}, err
	}
	d, err := s.draft(c, move, actor, a)
	if err != nil {
		return Complaint{}, err
	}
	err = steps[a.Type](ctx, s, d)
	if err != nil {
		return Complaint{}, err
	}
	d.change.Areas = d.change.Complaint.areas()
	patients := d.change.Complaint.Patients
	if d.change.Check != nil || d.change.Registration != nil {
		p, _ := d.change.Complaint.patient(a.Patient)
		patients = []Patient{p}
	}
	err = d.change.trail(actor, patients)
	if err != nil {
		return Complaint{}, err
	}
	err = s.Store.ChangeComplaint(ctx, d.change)
	if err != nil {
		return Complaint{}, err
	}
	// The act may have moved the case out of the actor's scope; what came of it is shown once more.
	return s.Store.Complaint(ctx, t, Scope{All: true})
}

// draft is a move being prepared.
type draft struct {
	was    Complaint
	action Action
	actor  auth.Actor
	change Change
}

// draft checks everything that does not depend on the kind of event.
func (s *Service) draft(c Complaint, m Move, actor auth.Actor, a Action) (*draft, error) {
	err := m.permit(actor, c)
	if err != nil {
		return nil, err
	}
	switch {
	case a.Version <= 0:
		return nil, invalid("version_missing", "version", "Sebutkan versi aduan yang Anda lihat.")
	case a.Version != c.Version:
		return nil, errStale
	}
	next, before, err := m.goal(c)
	if err != nil {
		return nil, err
	}
	err = a.clean()
	if err != nil {
		return nil, err
	}
	e := newEvent(a.Type, actor, s.now())
	e.From, e.To, e.Public = c.State, next, m.Public
	e.Note = a.Text
	if e.Note == "" {
		e.Note = a.Reason
	}
	after := c
	after.State, after.Before, after.Version, after.UpdatedAt = next, before, c.Version+1, e.At
	return &draft{was: c, action: a, actor: actor, change: Change{Complaint: after, Event: e}}, nil
}

var errStale = fault.New(fault.Conflict, "stale_version",
	"Aduan ini baru saja diubah orang lain. Muat ulang, lihat perubahannya, lalu ulangi.")

// StaleVersion is the fault of a change that came too late, for storage.
func StaleVersion() error { return errStale }

// clean trims what was typed and bounds its length.
func (a *Action) clean() error {
	a.Text, a.Reason = strings.TrimSpace(a.Text), strings.TrimSpace(a.Reason)
	a.Office, a.Number = line(a.Office), line(a.Number)
	if utf8.RuneCountInString(a.Text) > longestText {
		return invalid("text_long", "text", "Tulisan paling panjang 10.000 huruf.")
	}
	if utf8.RuneCountInString(a.Reason) > longestText {
		return invalid("reason_long", "reason", "Alasan paling panjang 10.000 huruf.")
	}
	for field, v := range map[string]string{"office": a.Office, "number": a.Number, "refused_why": a.RefusedWhy} {
		if utf8.RuneCountInString(v) > 5*longestLine {
			return invalid("line_long", field, "Isian ini terlalu panjang.")
		}
	}
	return nil
}

// steps does what is particular to each kind of event.
var steps = map[EventType]func(context.Context, *Service, *draft) error{
	VerifyEvent:   plain,
	CloseEvent:    plain,
	WithdrawEvent: plain,
	NoteEvent:     written("Tulis catatannya."),
	AnswerEvent:   written("Tulis jawaban untuk warga."),
	ReplyEvent:    written("Tulis balasan pelapor."),
	RejectEvent:   reasoned("Tulis alasan aduan tidak dapat ditindaklanjuti."),
	ReopenEvent:   reasoned("Tulis alasan aduan dibuka kembali."),
	AssignEvent:   assign,
	CheckEvent:    check,
	RegisterEvent: register,
	WaitEvent:     wait,
	ResolveEvent:  resolve,
	ForwardEvent:  forward,
}

func plain(context.Context, *Service, *draft) error { return nil }

// written demands a text.
func written(ask string) func(context.Context, *Service, *draft) error {
	return func(_ context.Context, _ *Service, d *draft) error {
		if d.action.Text == "" {
			return invalid("text_missing", "text", ask)
		}
		return nil
	}
}

// reasoned demands a reason.
func reasoned(ask string) func(context.Context, *Service, *draft) error {
	return func(_ context.Context, _ *Service, d *draft) error {
		if letters(d.action.Reason) < shortReason {
			return invalid("reason_missing", "reason", ask)
		}
		d.change.Event.Note = d.action.Reason
		return nil
	}
}

func assign(ctx context.Context, s *Service, d *draft) error {
	code := d.action.Unit
	if code == "" {
		code = d.was.Unit
	}
	if code == "" || d.action.Unit == "" && d.action.Staff == "" {
		return invalid("unit_missing", "unit", "Pilih unit kerja yang menangani.")
	}
	unit, err := s.Store.Unit(ctx, code)
	if fault.Is(err, fault.NotFound) {
		return invalid("unit_unknown", "unit", "Unit kerja ini tidak terdaftar. Pilih dari daftar.")
	}
	if err != nil {
		return err
	}
	err = s.colleague(ctx, d.action.Staff, unit.Code)
	if err != nil {
		return err
	}
	d.change.Complaint.Unit, d.change.Complaint.Staff = unit.Code, d.action.Staff
	return d.change.with(AssignData{
		Unit: unit.Code, Staff: d.action.Staff, FromUnit: d.was.Unit, FromStaff: d.was.Staff,
	})
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
		return invalid("staff_unknown", "staff", "Petugas ini tidak bekerja di unit yang dipilih. Pilih dari daftar.")
	}
	return nil
}

func wait(_ context.Context, _ *Service, d *draft) error {
	var missing []string
	for _, m := range d.action.Missing {
		if m = line(m); m != "" {
			missing = append(missing, m)
		}
	}
	if len(missing) == 0 || len(missing) > 20 {
		return invalid("missing_missing", "missing", "Tulis apa yang masih ditunggu dari pelapor.")
	}
	return d.change.with(WaitData{Missing: missing})
}

func forward(_ context.Context, _ *Service, d *draft) error {
	if d.action.Office == "" {
		return invalid("office_missing", "office", "Tulis instansi yang dituju.")
	}
	return d.change.with(ForwardData{Office: d.action.Office, Number: d.action.Number})
}

func resolve(_ context.Context, _ *Service, d *draft) error {
	r, err := d.was.resolve(d.action, eligibility.DateOf(d.change.Event.At.In(eligibility.WIB)))
	if err != nil {
		return err
	}
	e := &d.change.Event
	r.ID, r.EventID, r.DecidedBy, r.DecidedAt = newID(), e.ID, d.actor.Name, e.At
	e.Note = r.Reason
	d.change.Resolution = &r
	return d.change.with(r)
}

func register(_ context.Context, _ *Service, d *draft) error {
	r, err := d.was.register(d.action, d.actor.Name, d.change.Event.At)
	if err != nil {
		return err
	}
	if r.ID == "" {
		r.ID = newID()
	}
	d.change.Registration = &r
	return d.change.with(r)
}

// check asks package eligibility about a patient and links the answer. The determination stands by
// itself: it stays on record also when somebody else changes the case in the same moment.
func check(ctx context.Context, s *Service, d *draft) error {
	err := d.actor.Require(auth.CheckPerson)
	if err != nil {
		return err
	}
	p, ok := d.was.patient(d.action.Patient)
	if !ok {
		return errPatient
	}
	p, err = identify(p, d.action.NIK, d.action.Subject)
	if err != nil {
		return err
	}
	made, err := s.determined(ctx, d, p)
	if err != nil {
		return err
	}
	if !p.Known() && d.action.Made != nil {
		p, err = identify(p, "", &made.Subject)
		if err != nil {
			return err
		}
	}
	known := p.NIK
	if p.NIK == "" && made.Subject.MotherNIK == "" && !made.Subject.Unknown {
		p.NIK = made.NIK
	}
	err = s.locate(ctx, &p)
	if err != nil {
		return err
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
			return *m, invalid("check_of_other", "patient", "Hasil cek ini tentang orang lain. Pilih pasien yang sesuai.")
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
	for i, other := range after.Patients {
		switch {
		case other.No == p.No:
			after.Patients[i] = p
		case p.NIK != "" && other.NIK == p.NIK:
			return invalid("patient_twice", "nik", "Warga ini sudah tercatat sebagai pasien lain dalam aduan ini.")
		}
	}
	if after.Need == "" {
		after.Need = need
	}
	d.change.Patient = &p
	d.change.Check = &Check{
		Determination: made.ID, Patient: p.No, Outcome: made.Outcome, Advice: made.Advice,
		Summary: made.Summary, DecidedAt: moment(made.DecidedAt), NIK: p.NIK,
	}
	return d.change.with(CheckData{
		Determination: made.ID, Patient: p.No, Outcome: string(made.Outcome), Identified: identified,
	})
}
