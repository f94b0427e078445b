package complaints

import (
	"context"
	"time"

	"layak/internal/audit"
	"layak/internal/auth"
)

// Reading is the word of one colleague that he read the list of registrations which the shift
// before handed over.
type Reading struct {
	ID       string
	Unit     string // of the reader; "" is the whole regency
	Name     string // of the reader, as staff see it
	Patients int    // how many stood on the list
	At       time.Time
}

// shownReadings are how many the page of the list shows.
const shownReadings = 5

// Readings lists who read the list of the actor's unit last, the newest first.
func (f *Finder) Readings(ctx context.Context) ([]Reading, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.RegistrationWrite)
	if err != nil {
		return nil, err
	}
	return f.Store.Readings(ctx, actor.Unit, shownReadings)
}

// MarkRead stores that the actor read the list, with how many patients stood on it.
func (f *Finder) MarkRead(ctx context.Context, patients int) error {
	actor, err := f.owner(ctx)
	if err == nil {
		err = actor.Require(auth.RegistrationWrite)
	}
	if err != nil {
		return err
	}
	r := Reading{ID: newID(), Unit: actor.Unit, Name: actor.Title, Patients: min(max(patients, 0), 9999), At: moment(f.Clock())}
	if r.Name == "" {
		r.Name = actor.User
	}
	return f.Store.SaveReading(ctx, r, audit.Entry{At: r.At, Actor: actor.Name, Act: "registration.read", Object: "registration", ObjectID: r.ID})
}
