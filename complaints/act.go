package complaints

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"time"
	"unicode/utf8"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
)

// mostTries bounds how often an act is built anew because a paper was added, or the other case of a
// merge was changed, between its reading and its writing. It is more than the papers a case may
// hold (mostFilesEach), so that even all of them at once do not take a clerk's act from him.
const mostTries = mostFilesEach + 10

// errCrowded is what a clerk reads when his act lost each of its tries.
var errCrowded = fault.New(fault.Unavailable, "case_busy",
	"Berkas lain terus masuk ke aduan ini, jadi tindakan Anda belum tersimpan. Coba lagi sebentar lagi.")

// Act makes one move: fault.NotFound outside the actor's scope, Forbidden without the permission,
// Conflict "stale_version" when somebody changed the case since (it says what and who), Conflict
// "move_forbidden" when the table forbids the move from the present state, Invalid when something
// is missing. The case it gives is exactly what was stored. With an idempotency key that was used
// for the same act before it does nothing and gives the case; for another act Invalid
// "idempotency_mismatch".
func (s *Service) Act(ctx context.Context, t Ticket, a Action) (Complaint, error) {
	actor := auth.From(ctx)
	move, ok := MoveOf(a.Type)
	if !ok || steps[a.Type] == nil {
		return Complaint{}, Invalid("event_unknown", "type", "Tindakan ini tidak dikenal.")
	}
	err := actor.Require(move.Who)
	if err != nil {
		return Complaint{}, err
	}
	key, err := s.keyOf(actor, t, a)
	if err != nil {
		return Complaint{}, err
	}
	before, done, err := s.repeated(ctx, actor, key, t, a.Version)
	if done || err != nil {
		return before, err
	}
	after, err := s.tries(ctx, t, move, actor, a, key)
	if err == nil || key == nil {
		return after, err
	}
	// The same request may have been stored while this one was on its way.
	before, done, again := s.repeated(ctx, actor, key, t, a.Version)
	if done {
		return before, again
	}
	return Complaint{}, err
}

// tries builds and writes the act until nobody else came in between.
func (s *Service) tries(ctx context.Context, t Ticket, move Move, actor auth.Actor, a Action, key *Key) (Complaint, error) {
	var err error
	for try := range mostTries {
		var after Complaint
		after, err = s.try(ctx, t, move, actor, &a, key)
		if !errors.Is(err, ErrBehind) && !errors.Is(err, errStale) {
			return after, err
		}
		if pause(ctx, try) != nil {
			return Complaint{}, ctx.Err()
		}
	}
	if errors.Is(err, ErrBehind) {
		err = errCrowded.Because(err)
	}
	return Complaint{}, err
}

// pause waits a moment that grows with the number of the try, so that those who race for one case
// do not meet again.
func pause(ctx context.Context, try int) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(rand.Int64N(int64(min(try+1, 10)) * int64(2*time.Millisecond)))): //nolint:gosec // only keeps racers apart
		return nil
	}
}

// try builds the act on the case as it is now and writes it.
func (s *Service) try(ctx context.Context, t Ticket, move Move, actor auth.Actor, a *Action, key *Key) (Complaint, error) {
	c, err := s.Store.Complaint(ctx, t, ScopeOf(actor))
	if err != nil {
		return Complaint{}, err
	}
	d, err := s.draft(c, move, actor, *a)
	if err != nil {
		return Complaint{}, err
	}
	err = steps[a.Type](ctx, s, d)
	a.Made, a.made = d.action.Made, d.action.made // another try does not check again
	if err != nil {
		return Complaint{}, err
	}
	patients := d.change.Complaint.Patients
	if d.change.Check != nil || d.change.Registration != nil {
		p, _ := d.change.Complaint.patient(a.Patient)
		patients = []Patient{p}
	}
	err = s.conclude(ctx, &d.change, actor, patients)
	if err != nil {
		return Complaint{}, err
	}
	err = d.keepSecondPerson()
	if err != nil {
		return Complaint{}, err
	}
	d.change.Key = key
	if d.other == nil {
		return d.change.Complaint, s.Store.ChangeComplaint(ctx, d.change)
	}
	err = s.conclude(ctx, d.other, actor, d.other.Complaint.Patients)
	if err != nil {
		return Complaint{}, err
	}
	return d.change.Complaint, s.Store.ChangeComplaints(ctx, []Change{d.change, *d.other})
}

// draft is a move being prepared.
type draft struct {
	was    Complaint
	action Action
	actor  auth.Actor
	change Change
	other  *Change // of the case that this one is merged into or parted from
}

// draft checks everything that does not depend on the kind of event.
func (s *Service) draft(c Complaint, m Move, actor auth.Actor, a Action) (*draft, error) {
	err := m.permit(actor, c)
	if err != nil {
		return nil, err
	}
	switch {
	case a.Version <= 0:
		return nil, Invalid("version_missing", "version", "Sebutkan versi aduan yang Anda lihat.")
	case a.Version != c.Version:
		return nil, c.staleTold()
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
	if a.Type != ReplyEvent { // what the citizen says is no act of the office
		after.ActedAt = e.At
	}
	d := &draft{was: c, action: a, actor: actor, change: Change{Complaint: after, Event: e}}
	return d, d.spoken()
}

var errStale = fault.New(fault.Conflict, "stale_version",
	"Aduan ini baru saja diubah orang lain. Muat ulang, lihat perubahannya, lalu ulangi.")

// StaleVersion is the fault of a change that came too late, for storage.
func StaleVersion() error { return errStale }

// changeWords name what makes a new version of a case without being a move.
var changeWords = map[EventType]string{
	SourceEvent: "Kabar dari register asal", EscalateEvent: "Aduan naik ke atasan", ClockEvent: "Tenggat dihitung ulang", JoinEvent: "Aduan lain digabung atau dipisah",
}

// staleTold says what happened to the case last, and who did it when, to somebody who acted on an
// older one.
func (c Complaint) staleTold() error {
	for i := len(c.Events) - 1; i >= 0; i-- {
		e := c.Events[i]
		what := changeWords[e.Type]
		if m, ok := MoveOf(e.Type); ok && e.Type != AttachEvent {
			what = m.Label
		}
		if what == "" {
			continue // leaves the version alone, or came along with another event
		}
		who := e.Title
		if who == "" {
			who = e.Actor
		}
		return fault.New(fault.Conflict, "stale_version", "Aduan ini sudah diubah sejak Anda membukanya: “"+what+"” oleh "+
			who+" pada "+e.At.In(eligibility.WIB).Format("02/01/2006 pukul 15.04")+". Muat ulang, lihat perubahannya, lalu ulangi.")
	}
	return errStale
}

// clean trims what was typed and bounds its length.
func (a *Action) clean() error {
	for _, text := range []*string{&a.Text, &a.Reason, &a.Note} {
		*text = readable(*text)
	}
	for _, one := range []*string{&a.Office, &a.Number, &a.Act, &a.Title, &a.Facility, &a.RefusedWhy} {
		*one = line(*one)
	}
	if utf8.RuneCountInString(a.Text) > longestText {
		return Invalid("text_long", "text", "Tulisan paling panjang 10.000 huruf.")
	}
	if utf8.RuneCountInString(a.Reason) > longestText {
		return Invalid("reason_long", "reason", "Alasan paling panjang 10.000 huruf.")
	}
	if utf8.RuneCountInString(a.Note) > longestText {
		return Invalid("note_long", "note", "Catatan paling panjang 10.000 huruf.")
	}
	for field, v := range map[string]string{
		"office": a.Office, "number": a.Number, "refused_why": a.RefusedWhy, "act": a.Act, "title": a.Title, "facility": a.Facility,
	} {
		if utf8.RuneCountInString(v) > 5*longestLine {
			return Invalid("line_long", field, "Isian ini terlalu panjang.")
		}
	}
	return nil
}

// step does what is particular to a kind of event.
type step func(context.Context, *Service, *draft) error

// steps are the events that an Action may name. It is filled at the start, because some of them
// come back to the Service.
var steps = map[EventType]step{
	VerifyEvent:   verify,
	AssignEvent:   assign,
	TaskEvent:     giveTasks,
	TaskDoneEvent: taskDone,
	ClassifyEvent: classify,
	CheckEvent:    check,
	NoteEvent:     note,
	AnswerEvent:   answer,
	RegisterEvent: register,
	RefundEvent:   refund,
	WaitEvent:     wait,
	ReplyEvent:    written("Tulis balasan pelapor."),
	ResolveEvent:  resolve,
	CloseEvent:    closeCase,
	RateEvent:     rate,
	ReopenEvent:   reopen,
	ForwardEvent:  forward,
	NumberEvent:   numbered,
	RejectEvent:   reject,
	WithdrawEvent: withdraw,
	MergeEvent:    merge,
	UnmergeEvent:  unmerge,
}

// written demands a text.
func written(ask string) step {
	return func(_ context.Context, _ *Service, d *draft) error {
		if d.action.Text == "" {
			return Invalid("text_missing", "text", ask)
		}
		return nil
	}
}

// withdraw ends the case at the citizen's word, which is written down: nobody else may end it so.
func withdraw(_ context.Context, _ *Service, d *draft) error {
	if letters(d.action.Text+d.action.Reason) < shortReason {
		return Invalid("text_missing", "text", "Tulis bagaimana pelapor membatalkan aduannya.")
	}
	return nil
}

func verify(ctx context.Context, s *Service, d *draft) error {
	said, err := s.classified(ctx, d)
	if err != nil || said == (ClassifyData{}) {
		return err
	}
	return d.change.with(said)
}

func note(_ context.Context, _ *Service, d *draft) error {
	if d.action.Text == "" {
		return Invalid("text_missing", "text", "Tulis catatannya.")
	}
	if d.action.Deceased == nil {
		return nil
	}
	d.change.Complaint.Deceased = *d.action.Deceased
	return d.change.with(ClassifyData{Deceased: d.action.Deceased})
}

func wait(_ context.Context, _ *Service, d *draft) error {
	missing, err := missingItems(d.action.Missing)
	if err != nil {
		return err
	}
	text := d.action.Text
	if text == "" {
		text = "Mohon lengkapi: " + strings.Join(missing, "; ") + "."
	}
	err = d.send(text)
	if err != nil {
		return err
	}
	return d.change.with(WaitData{Missing: missing, Send: d.action.Send})
}

// missingItems cleans the list of what the reporter still has to bring or say.
func missingItems(from []string) ([]string, error) {
	var missing []string
	for _, m := range from {
		if m = line(m); m != "" {
			missing = append(missing, m)
		}
	}
	if len(missing) == 0 || len(missing) > 20 {
		return nil, Invalid("missing_missing", "missing", "Tulis apa yang masih ditunggu dari pelapor.")
	}
	return missing, nil
}

func forward(_ context.Context, _ *Service, d *draft) error {
	if d.action.Office == "" {
		return Invalid("office_missing", "office", "Tulis instansi yang dituju.")
	}
	text := d.action.Text
	if text == "" {
		text = d.was.HandOver(d.action.Office)
	}
	err := d.send(text)
	if err != nil {
		return err
	}
	d.change.Event.Note = text
	if d.action.Text == "" && d.action.Reason != "" {
		d.change.Event.Note = d.action.Reason
	}
	return d.change.with(ForwardData{Office: d.action.Office, Number: d.action.Number, Send: d.action.Send})
}

// HandOver is a text for the office that a case is handed over to, for the clerk to change. It holds
// no name and no number of a person: those go beside it, to the office alone.
func (c Complaint) HandOver(office string) string {
	text := "Aduan nomor " + string(c.Ticket) + " tentang “" + Label(Matters, c.Matter) + "”, diterima tanggal " +
		c.FiledAt.In(eligibility.WIB).Format("02/01/2006") + " lewat " + Label(Channels, c.Channel) + ", diteruskan kepada " + office + "."
	if c.Matter == "" {
		text = strings.Replace(text, " tentang “”", "", 1)
	}
	return text + " Mohon ditindaklanjuti sesuai kewenangan, dan nomor penerimaannya diberitahukan kepada kami agar pelapor dapat mengikuti."
}

func reject(_ context.Context, _ *Service, d *draft) error {
	code := d.action.Code
	if code == "" {
		code = otherReason
	}
	if !Known(RejectReasons, code) {
		return Invalid("code_unknown", "code", "Pilih alasan dari daftar.")
	}
	if code == otherReason && letters(d.action.Reason) < shortReason {
		return Invalid("reason_missing", "reason", "Tulis alasan aduan tidak dapat ditindaklanjuti.")
	}
	text := d.action.Reason
	if code != otherReason {
		text = strings.TrimSpace(Label(RejectReasons, code) + ". " + text)
	}
	err := d.send(text)
	if err != nil {
		return err
	}
	d.change.Event.Note = text
	return d.change.with(RejectData{Code: code, Send: d.action.Send})
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
