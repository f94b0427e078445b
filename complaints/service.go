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
}

// KeyLife is how long an idempotency key is kept.
const KeyLife = 90 * 24 * time.Hour

var (
	errPatient = fault.New(fault.Invalid, "patient_unknown", "Pilih pasien mana yang dimaksud.").
			At("patient", "Pilih pasien mana yang dimaksud.")
	errTakeFew = errors.New("file complaint: five tickets in a row were taken")
)

// File stores a new complaint. With an idempotency key that was used for the same content before
// it gives the complaint of then, as it is now; for other content fault.Invalid
// "idempotency_mismatch".
func (s *Service) File(ctx context.Context, f Filing) (Complaint, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintFile)
	if err != nil {
		return Complaint{}, err
	}
	sum, err := f.fingerprint()
	if err != nil {
		return Complaint{}, err
	}
	f, patients, err := f.complete()
	if err != nil {
		return Complaint{}, err
	}
	for i := range patients {
		err = s.locate(ctx, &patients[i])
		if err != nil {
			return Complaint{}, err
		}
	}
	now := s.now()
	c := Complaint{
		ID: newID(), State: Received, Version: 1, Channel: f.Channel, Matter: f.Matter, Need: f.Need,
		Text: f.Text, Unit: actor.Unit, FiledBy: actor.Name, FiledUnit: actor.Unit, Village: f.Village,
		FiledAt: now, UpdatedAt: now, Reporter: f.Reporter, Patients: patients,
	}
	var key *Key
	if f.IdempotencyKey != "" {
		key = &Key{Actor: actor.Name, Key: f.IdempotencyKey, Fingerprint: sum, At: now, Expired: now.Add(-KeyLife)}
	}
	for range 5 {
		c.Ticket = NewTicket(s.Store.Regency())
		change, err := s.begin(c, actor)
		if err != nil {
			return Complaint{}, err
		}
		ticket, err := s.Store.CreateComplaint(ctx, change, key)
		if errors.Is(err, ErrTicketTaken) {
			continue
		}
		if err != nil {
			return Complaint{}, err
		}
		return s.Store.Complaint(ctx, ticket, Scope{All: true})
	}
	return Complaint{}, errTakeFew
}

// begin is the change that starts a life.
func (s *Service) begin(c Complaint, actor auth.Actor) (Change, error) {
	e := newEvent(FileEvent, actor, c.FiledAt)
	e.To, e.Public = Received, true
	change := Change{Complaint: c, Areas: c.areas(), Event: e}
	err := change.with(FileData{Channel: c.Channel, Matter: c.Matter, Need: c.Need, Patients: len(c.Patients)})
	if err != nil {
		return change, err
	}
	return change, change.trail(actor, c.Patients)
}

// locate fills in the village and the name that the registry knows of a patient with a NIK, so
// that the desk of his village sees the case.
func (s *Service) locate(ctx context.Context, p *Patient) error {
	if p.NIK == "" {
		return nil
	}
	known, err := s.Store.Person(ctx, p.NIK)
	if err != nil {
		return err
	}
	if known.Resident != nil {
		p.Name, p.Village = known.Resident.Name, known.Resident.Village
	}
	return nil
}

// Complaint gives a whole case and records the view; fault.NotFound outside the actor's scope.
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
	return c, s.viewed(ctx, actor, "complaint.view", "complaint", string(t), persons(c.Patients))
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

// trail adds one audit entry per known patient. The payload is the event without its Seq, which
// storage gives later; the event's random id keeps the hash from being guessed.
func (c *Change) trail(a auth.Actor, patients []Patient) error {
	e := c.Event
	e.Seq = 0
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", e.Type, err)
	}
	act := "complaint." + string(e.Type)
	for _, nik := range persons(patients) {
		c.Entries = append(c.Entries, audit.Entry{
			At: e.At, Actor: a.Name, Act: act, Object: "complaint", ObjectID: string(c.Complaint.Ticket),
			Person: string(nik), Payload: payload,
		})
	}
	return nil
}
