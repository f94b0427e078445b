package complaints

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Checker makes a determination; *eligibility.Checker is one.
type Checker interface {
	Check(ctx context.Context, req eligibility.Request) (eligibility.Determination, error)
}

// Service is everything people do with complaints. The actor comes from the context (auth.With).
type Service struct {
	Store   Store
	Checker Checker
	Clock   eligibility.Clock
	// Router classes cases, Calendars time them, and Keyed hashes what two cases of one person share:
	// all hashes under which a value may be stored, the newest key first. Without one of them a
	// case is not routed, not timed, or not compared.
	Router    Router
	Calendars Calendars
	Keyed     func(kind, value string) []string

	// Leaders tells the ladder who leads a unit and which stands above it; nil nobody.
	Leaders Leaders

	units unitCache
}

// KeyLife is how long an idempotency key is kept.
const KeyLife = 90 * 24 * time.Hour

var (
	errPatient = fault.New(fault.Invalid, "patient_unknown", "Pilih pasien mana yang dimaksud.").
			At("patient", "Pilih pasien mana yang dimaksud.")
	errSourceKnown = fault.New(fault.Conflict, "source_known",
		"Aduan dengan nomor itu dari sistem yang sama sudah tercatat. Cari nomornya di daftar aduan.")
	errTakeFew = errors.New("file complaint: five tickets in a row were taken")
)

// File stores a new complaint. With an idempotency key that was used for the same content before
// it gives the complaint of then, as it is now; for other content fault.Invalid
// "idempotency_mismatch".
func (s *Service) File(ctx context.Context, f Filing) (Complaint, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintFile)
	if err == nil && f.Verified {
		err = actor.Require(auth.ComplaintVerify)
	}
	if err != nil {
		return Complaint{}, err
	}
	sum, err := f.fingerprint()
	if err != nil {
		return Complaint{}, err
	}
	change, err := s.begin(ctx, f, actor)
	if err != nil {
		return Complaint{}, err
	}
	var key *Key
	if now := change.Event.At; f.IdempotencyKey != "" {
		key = &Key{Actor: actor.Name, Key: f.IdempotencyKey, Fingerprint: sum, At: now, Expired: now.Add(-KeyLife)}
	}
	for range 5 {
		drawn := change
		drawn.Complaint.Ticket = NewTicket(s.Store.Regency())
		err = s.conclude(ctx, &drawn, actor, drawn.Complaint.Patients)
		if err != nil {
			return Complaint{}, err
		}
		ticket, err := s.Store.CreateComplaint(ctx, drawn, key)
		switch e := fault.As(err); {
		case errors.Is(err, ErrTicketTaken):
			continue
		case e != nil && e.Code == "duplicate" && f.SourceNumber != "":
			return Complaint{}, errSourceKnown
		case err != nil:
			return Complaint{}, err
		case ticket != drawn.Complaint.Ticket: // the key was used before
			return s.Store.Complaint(ctx, ticket, Scope{All: true})
		}
		return drawn.Complaint, nil
	}
	return Complaint{}, errTakeFew
}

// begin is the change that starts a life: the filing, and in the same act the verification when the
// clerk checked that nothing is missing, or the waiting when something is.
func (s *Service) begin(ctx context.Context, f Filing, actor auth.Actor) (Change, error) {
	f, patients, err := f.complete()
	if err != nil {
		return Change{}, err
	}
	if f.Accused != "" {
		_, err = s.office(ctx, f.Accused, "accused")
		if err != nil {
			return Change{}, err
		}
	}
	for i := range patients {
		err = s.locate(ctx, &patients[i])
		if err != nil {
			return Change{}, err
		}
	}
	now := s.now()
	c := Complaint{
		ID: newID(), State: Received, Version: 1, Channel: f.Channel, Matter: f.Matter, Need: f.Need, Text: f.Text,
		Unit: actor.Unit, FiledBy: actor.Name, FiledUnit: actor.Unit, Village: f.Village, FiledAt: now, UpdatedAt: now,
		ActedAt: now, Reporter: f.Reporter, Patients: patients, Title: f.Title, Source: f.Source,
		SourceNumber: f.SourceNumber, Accused: f.Accused, Deceased: f.Deceased,
	}
	if c.against(c.Unit) {
		c.Unit = "" // who is complained about does not hold the case
	}
	e := newEvent(FileEvent, actor, now)
	e.To, e.Public = Received, true
	change := Change{Complaint: c, Event: e}
	err = change.with(FileData{Channel: c.Channel, Matter: c.Matter, Need: c.Need, Patients: len(c.Patients)})
	if err != nil {
		return change, err
	}
	if f.Verified {
		change.also(VerifyEvent, actor, Verified, true)
	}
	if len(f.Missing) == 0 {
		return change, nil
	}
	change.Complaint.Before = []State{change.Complaint.State}
	change.also(WaitEvent, actor, WaitingReporter, true)
	parked := &change.More[len(change.More)-1]
	parked.Data, err = json.Marshal(WaitData{Missing: f.Missing})
	return change, err
}

// also adds an event that happens in the same moment and leads to a state.
func (c *Change) also(t EventType, actor auth.Actor, to State, public bool) {
	e := newEvent(t, actor, c.Event.At)
	e.From, e.To, e.Public = c.Complaint.State, to, public
	c.Complaint.State = to
	c.More = append(c.More, e)
}

// locate fills in the village and the name that the registry knows of a patient with a NIK, so
// that the desk of his village sees the case.
func (s *Service) locate(ctx context.Context, p *Patient) error {
	if p.NIK == "" {
		return nil
	}
	known, err := s.Store.Resident(ctx, p.NIK)
	if err != nil {
		return err
	}
	if known != nil {
		p.Name, p.Village, p.card = known.Name, known.Village, string(known.KK)
	}
	return nil
}

// Complaint gives a whole case and records the view; fault.NotFound outside the actor's scope. When
// it is the first time that somebody of a unit sees a task of his unit, that is noted on the task.
func (s *Service) Complaint(ctx context.Context, t Ticket) (Complaint, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return Complaint{}, err
	}
	c, err := s.Store.Complaint(ctx, t, ScopeOf(actor))
	if err != nil {
		return Complaint{}, err
	}
	now := s.now()
	if !c.see(actor.Unit, now) {
		return c, s.viewed(ctx, actor, "complaint.view", "complaint", string(t), persons(c.Patients))
	}
	var entries []audit.Entry
	for _, nik := range persons(c.Patients) {
		entries = append(entries, audit.Entry{
			At: now, Actor: actor.Name, Act: "complaint.view", Object: "complaint", ObjectID: string(t), Person: string(nik),
		})
	}
	return c, s.Store.SeeTasks(ctx, c.ID, actor.Unit, now, entries)
}

// viewed records that the actor saw something about people.
func (s *Service) viewed(ctx context.Context, a auth.Actor, act, object, id string, of []eligibility.NIK) error {
	for _, nik := range of {
		err := s.Store.Record(ctx, audit.Entry{
			At: s.now(), Actor: a.Name, Act: act, Object: object, ObjectID: id, Person: string(nik),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// persons are the NIKs that an entry of the trail is written for: one per known patient, or a
// single empty one when none is known.
func persons(patients []Patient) []eligibility.NIK {
	var niks []eligibility.NIK
	for _, p := range patients {
		if nik := p.Person(); nik != "" && !slices.Contains(niks, nik) {
			niks = append(niks, nik)
		}
	}
	if niks == nil {
		niks = []eligibility.NIK{""}
	}
	return niks
}

// ForgetKeys drops idempotency keys that are older than KeyLife and says how many.
func (s *Service) ForgetKeys(ctx context.Context) (int, error) {
	return s.Store.ForgetKeys(ctx, s.now().Add(-KeyLife))
}

// now is the clock as storage can keep it.
func (s *Service) now() time.Time { return moment(s.Clock()) }

func moment(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func newEvent(t EventType, a auth.Actor, at time.Time) Event {
	return Event{ID: newID(), Type: t, At: at, Actor: a.Name, Title: a.Title, Unit: a.Unit}
}

// with puts data into the event.
func (c *Change) with(data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode data of event %s: %w", c.Event.Type, err)
	}
	c.Event.Data = b
	return nil
}
