package eligibility

import (
	"context"
	"time"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/policy"
)

// Subject is who a check is about: exactly one of NIK; Name with BirthDate and Village; MotherNIK
// with BirthDate (a newborn); or Unknown with a description.
type Subject struct {
	NIK         NIK       `json:"nik,omitempty"`
	Name        string    `json:"name,omitempty"`
	BirthDate   Date      `json:"birth_date,omitempty"`
	Village     area.Code `json:"village,omitempty"`
	MotherNIK   NIK       `json:"mother_nik,omitempty"`
	Unknown     bool      `json:"unknown,omitempty"`
	Description string    `json:"description,omitempty"`
}

// Evidence is a paper or screen that the officer saw. Facts hold what stands on it, by field.
type Evidence struct {
	Kind     string           `json:"kind"`
	Issuer   string           `json:"issuer,omitempty"`
	Number   string           `json:"number,omitempty"`
	IssuedOn Date             `json:"issued_on,omitempty"`
	Facts    map[Field]string `json:"facts,omitempty"`
}

// Request asks for one determination.
type Request struct {
	Subject       Subject
	Need          string    // code of the list need, "" when not asked
	ServiceOn     Date      // "" is the day of At
	At            time.Time // zero is now
	Purpose       string    // why the person was looked up; kept in the trail
	AcceptsClass3 *bool
	StillEmployed *bool
	Evidence      []Evidence

	// told is when the papers were seen and the statements made, in a check that is repeated; the
	// zero time is At.
	told time.Time
}

// toldAt is the moment for which papers and statements speak.
func (r Request) toldAt() time.Time {
	if r.told.IsZero() {
		return r.At
	}
	return r.told
}

// Determination is the stored record of one check, never changed afterwards.
type Determination struct {
	ID      string  `json:"id"`
	NIK     NIK     `json:"nik,omitempty"`
	Subject Subject `json:"subject"`
	policy.Decision
	Facts     policy.Input `json:"facts"`
	Revision  string       `json:"revision"` // hash of the rule bundle
	Engine    string       `json:"engine"`   // OPA version
	Registry  State        `json:"registry"`
	DecidedAt time.Time    `json:"decided_at"`
	DecidedBy string       `json:"decided_by"`
	Purpose   string       `json:"purpose,omitempty"`
	Warnings  []string     `json:"warnings,omitempty"` // "NIK berbeda dengan tanggal lahir"; no personal data
}

// Person is the NIK under which the trail finds the determination: that of the subject, for a
// newborn that of the mother, whose data were read; "" when nobody is known.
func (d Determination) Person() NIK {
	if d.NIK == "" {
		return d.Subject.MotherNIK
	}
	return d.NIK
}

// Determinations stores and finds determinations of the home regency. Storage keeps it.
type Determinations interface {
	// SaveDetermination stores d and its audit entry in one transaction.
	SaveDetermination(ctx context.Context, d Determination, e audit.Entry) error
	// Determination finds one by id; fault.NotFound otherwise.
	Determination(ctx context.Context, id string) (Determination, error)
	// DeterminationsOf lists those of a NIK, newest first, at most limit.
	DeterminationsOf(ctx context.Context, nik NIK, limit int) ([]Determination, error)
}
