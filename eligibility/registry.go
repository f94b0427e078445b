package eligibility

import (
	"context"
	"time"

	"layak/internal/area"
)

// Kind is one of the three registry files, each from another office.
type Kind string

// The kinds of registry data.
const (
	Residents  Kind = "residents"  // Dukcapil
	Welfares   Kind = "welfare"    // DTSEN
	Membership Kind = "membership" // BPJS / JKN
)

// Kinds lists them in the order in which they are usually loaded.
var Kinds = []Kind{Residents, Welfares, Membership}

// Provenance says which import a stored row came from and how old it is.
type Provenance struct {
	ImportID string `json:"import_id"`
	AsOf     Date   `json:"as_of"` // newest day on which the office is known to have listed the row
	Gone     bool   `json:"gone"`  // not listed any more by the newest snapshot of the area
}

// Resident is one person of the population registry. Empty means unknown.
type Resident struct {
	Provenance
	NIK        NIK
	FormerNIK  NIK // the NIK that this one corrected
	KK         KK
	FormerKK   KK
	Name       string
	Sex        string // L | P
	BirthPlace string
	BirthDate  Date
	Relation   string // code of Relations
	Marital    string
	Address    string
	RT, RW     string
	Village    area.Code // current address
	District   area.Code
	Regency    area.Code
	Province   area.Code
	LifeStatus string
	MovedInOn  Date
	MotherNIK  NIK
}

// WelfareRow is the DTSEN row of a person (or of the family, by KK).
type WelfareRow struct {
	Provenance
	Desil int // 1 (poorest) to 10
}

// MembershipRow is the JKN row of a person. Empty means unknown.
type MembershipRow struct {
	Provenance
	Segment       string
	Status        string
	Reason        string
	Since         Date
	InactiveSince Date
	Class         string
	JKNNumber     string
	Facility      string
}

// Person is everything that the visible registry says about one NIK; a nil part means that no
// row of the kind exists.
type Person struct {
	NIK        NIK
	Resident   *Resident
	Welfare    *WelfareRow
	Membership *MembershipRow
}

// Coverage is one area that an import vouches for.
type Coverage struct {
	Kind     Kind
	Area     area.Code
	ImportID string
	AsOf     Date
	Snapshot bool // the import listed everybody of the area
}

// Source names the import that a kind of facts came from.
type Source struct {
	ImportID string `json:"import_id"`
	AsOf     Date   `json:"as_of"`
}

// State is what is published now: one Source per kind, absent when the kind was never imported.
type State map[Kind]Source

// NameRow is one person in a list to search by name.
type NameRow struct {
	NIK       NIK
	Name      string
	BirthDate Date
	Sex       string
	Village   area.Code
	KK        KK
}

// Registry is the stored registry as a check sees it: only published rows, always of the home
// regency of the installation. Storage keeps it.
type Registry interface {
	// State tells what is published now.
	State(ctx context.Context) (State, error)
	// Person gives the newest visible rows of a NIK. A NIK without any row is not an error: the
	// parts are nil. Welfare falls back to the row of the person's KK.
	Person(ctx context.Context, nik NIK) (Person, error)
	// Household gives everybody whose newest visible row carries the KK, head first, then by
	// birth date; empty when there is none.
	Household(ctx context.Context, kk KK) ([]Person, error)
	// Covers tells which newest published snapshot of the kind covers the area, if any.
	Covers(ctx context.Context, kind Kind, a area.Code) (Coverage, bool, error)
	// Names lists the living and listed people of a village or district for a search by name.
	Names(ctx context.Context, a area.Code) ([]NameRow, error)
	// NamesBorn lists people of the whole regency born on a day, for an exact look-up by name,
	// birth date and village.
	NamesBorn(ctx context.Context, born Date) ([]NameRow, error)
}

// Pinner is a Registry that can be held still: what is published while somebody reads does not mix
// with what he has read already. Storage keeps it.
type Pinner interface {
	// Pin tells what is published now, and gives the registry that goes on showing just that.
	Pin(ctx context.Context) (State, Registry, error)
}

// Clock gives the time; tests fix it.
type Clock func() time.Time
