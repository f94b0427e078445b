package complaints

import (
	"context"
	"strings"
	"time"

	"layak/complaints/calendar"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
)

// usualReopenDays are the working days for reopening where no routing rule says otherwise.
const usualReopenDays = 10

func resolve(_ context.Context, _ *Service, d *draft) error {
	r, err := d.was.resolve(d.action, eligibility.DateOf(d.change.Event.At.In(eligibility.WIB)))
	if err != nil {
		return err
	}
	err = d.was.settled(d.action, r)
	if err != nil {
		return err
	}
	after := &d.change.Complaint
	if r.Decision == Refunded {
		money, err := d.was.refunding(d.action)
		if err != nil {
			return err
		}
		after.Refund = &money
	}
	if d.action.Deceased != nil {
		after.Deceased = *d.action.Deceased
	}
	text := d.action.Text
	if text == "" {
		text = r.Reason
	}
	err = d.send(text)
	if err != nil {
		return err
	}
	e := &d.change.Event
	r.ID, r.EventID, r.DecidedBy, r.DecidedAt = newID(), e.ID, d.actor.Name, e.At
	e.Note = text
	d.change.Resolution = &r
	data := ResolveData{Resolution: r, Send: d.action.Send}
	for _, t := range d.was.OpenTasks() {
		data.OpenTasks = append(data.OpenTasks, t.No)
	}
	return d.change.with(data)
}

// settled asks for what the matter of the case wants before it is decided, or for a sentence why it
// is decided without.
func (c Complaint) settled(a Action, r Resolution) error {
	if letters(r.Reason) >= fullReason {
		return nil
	}
	switch {
	case len(c.OpenTasks()) > 0:
		return Invalid("reason_missing", "reason", "Masih ada tugas yang belum selesai. Tulis dalam satu kalimat mengapa diputuskan sekarang.")
	case c.Matter == "refusal" && c.Accused != "" && !c.did(c.Accused):
		return Invalid("reason_missing", "reason",
			"Pimpinan faskes yang menolak belum menjawab. Beri tugas kepada unit itu, atau tulis dalam satu kalimat mengapa tidak ditunggu.")
	case c.Matter == "data" && r.Decision == Corrected && !c.proven():
		return Invalid("reason_missing", "reason",
			"Belum ada bukti data sudah dibetulkan. Catat tugas atau pendaftaran dengan buktinya, atau tulis dalam satu kalimat bagaimana memastikannya.")
	}
	return nil
}

// did tells whether the unit ended a task of the case.
func (c Complaint) did(unit string) bool {
	for _, t := range c.Tasks {
		if t.Unit == unit && !t.Open() {
			return true
		}
	}
	return false
}

// proven tells whether a task or a registration of the case ended with a proof.
func (c Complaint) proven() bool {
	for _, t := range c.Tasks {
		if t.Result == TaskDone && t.Proof != "" {
			return true
		}
	}
	for _, r := range c.Registrations {
		if r.Result == RegistrationActive || r.Proof != "" {
			return true
		}
	}
	return false
}

// closeCase ends a case. It asks for evidence that something was done, for a second person where the
// rules want one, and for the money where money was promised.
func closeCase(_ context.Context, _ *Service, d *draft) error {
	c, a := d.was, d.action
	why := a.Text
	if why == "" {
		why = a.Reason
	}
	decided, ok := c.Resolution()
	if route, _ := c.Route(); route.SecondPerson && ok && person(decided.DecidedBy) == person(d.actor.Name) {
		return fault.New(fault.Forbidden, "second_person",
			"Aduan jenis ini ditutup oleh orang lain daripada yang memutuskan. Minta rekan atau koordinator menutupnya.")
	}
	said := letters(why) >= fullReason
	switch {
	case ok && decided.Decision == Refunded && (c.Refund == nil || c.Refund.ReceivedAt == nil) && !said:
		return Invalid("money_missing", "text",
			"Uang pengganti belum tercatat diterima warga. Catat penerimaannya, atau tulis dalam satu kalimat mengapa aduan ditutup.")
	case !c.evident() && !said:
		return Invalid("evidence_missing", "text",
			"Belum ada bukti penyelesaian: berkas, pendaftaran, atau jawaban kepada warga. Tambahkan, atau tulis dalam satu kalimat mengapa tidak ada.")
	}
	err := c.rateable(a.Rating)
	if err != nil {
		return err
	}
	d.change.Event.Note = why
	if a.Rating == 0 {
		return nil
	}
	d.change.Complaint.Rating = a.Rating
	return d.change.with(CloseData{Rating: a.Rating})
}

// rateable tells whether the citizen's word can be taken; 0 is none.
func (c Complaint) rateable(stars int) error {
	switch {
	case stars < 0 || stars > 5:
		return Invalid("rating_wrong", "rating", "Penilaian warga ditulis dengan angka 1 sampai 5.")
	case stars > 0 && c.Deceased:
		return Invalid("rating_deceased", "rating", "Pasien meninggal dunia, jadi keluarga tidak dimintai penilaian.")
	}
	return nil
}

// rate notes what a citizen says of a closed case who did not say it when it was closed: once, and as
// long as he may have it opened again.
func rate(ctx context.Context, s *Service, d *draft) error {
	stars := d.action.Rating
	if stars == 0 {
		return Invalid("rating_missing", "rating", "Pilih penilaian warga: 1 sampai 5.")
	}
	err := d.was.rateable(stars)
	if err != nil {
		return err
	}
	if d.was.Rating > 0 {
		return fault.New(fault.Conflict, "rating_given", "Warga sudah memberi penilaian untuk aduan ini. Penilaian dicatat satu kali.")
	}
	open, err := s.reopenable(ctx, d.was, d.change.Event.At)
	if err != nil {
		return err
	}
	if !open {
		return fault.New(fault.Conflict, "rating_late", "Masa memberi penilaian sudah lewat; sama dengan masa membuka kembali aduan.")
	}
	d.change.Complaint.Rating = stars
	return d.change.with(CloseData{Rating: stars})
}

// evident tells whether the case holds evidence of its end: a file, money that the citizen has, a
// registration with its result, an answer to the citizen, papers behind the decision, or a check of every patient whose advice the
// decision follows.
func (c Complaint) evident() bool {
	if len(c.Attachments) > 0 || c.Refund != nil && c.Refund.ReceivedAt != nil {
		return true
	}
	for _, r := range c.Registrations {
		if r.Result != RegistrationPending {
			return true
		}
	}
	decided, ok := c.Resolution()
	if ok && (decided.Advice == Agrees || len(decided.Evidence) > 0) {
		return true
	}
	for _, e := range c.Events {
		sent := e.Type == ResolveEvent && strings.Contains(string(e.Data), `"send":[`)
		if e.Type == AnswerEvent || sent {
			return true
		}
	}
	return false
}

// person is who stands behind the name of an actor: the account for one of its tokens.
func person(actor string) string {
	name, ok := strings.CutPrefix(actor, "token:")
	if !ok {
		return actor
	}
	name, _, _ = strings.Cut(name, "/")
	return name
}

// reopen takes a case up again: inside its window anybody who may, later only a coordinator or a
// supervisor. A case that the citizen was not satisfied with climbs the ladder.
func reopen(ctx context.Context, s *Service, d *draft) error {
	if letters(d.action.Reason) < shortReason {
		return Invalid("reason_missing", "reason", "Tulis alasan aduan dibuka kembali.")
	}
	open, err := s.reopenable(ctx, d.was, d.change.Event.At)
	if err != nil {
		return err
	}
	late := !open
	if role := d.actor.Role; late && role != auth.Coordinator && role != auth.Supervisor && role != auth.Operator {
		return fault.New(fault.Forbidden, "reopen_late",
			"Masa membuka kembali aduan ini sudah lewat. Koordinator atau pengawas masih dapat membukanya, atau catat aduan baru.")
	}
	c := &d.change.Complaint
	if d.action.Unsatisfied {
		c.Escalated = min(2, c.Escalated+1)
	}
	c.Rating = 0
	d.change.Event.Note = d.action.Reason
	return d.change.with(ReopenData{Unsatisfied: d.action.Unsatisfied, Late: late})
}

// reopenable tells whether the window for reopening is open. An answered case was not ended yet.
func (s *Service) reopenable(ctx context.Context, c Complaint, now time.Time) (bool, error) {
	if c.State == Answered || s.Calendars == nil {
		return true, nil
	}
	cal, err := s.Calendars.Calendar(ctx, c.Unit)
	if err != nil {
		return false, err
	}
	days := usualReopenDays
	if route, ok := c.Route(); ok {
		days = route.ReopenDays
	}
	end, err := cal.Due(c.endedAt(), calendar.Limit{Amount: max(days, 1), Measure: calendar.WorkingDays}, nil, now)
	if err != nil {
		return false, err
	}
	return !now.After(end.Due), nil
}

// endedAt is when the case came to its present end: by a decision, or by what led it where it is.
func (c Complaint) endedAt() time.Time {
	r, ok := c.Resolution()
	if ok && c.State == Closed {
		return r.DecidedAt
	}
	for i := len(c.Events) - 1; i >= 0; i-- {
		if e := c.Events[i]; e.To == c.State && e.From != c.State {
			return e.At
		}
	}
	return c.UpdatedAt
}
