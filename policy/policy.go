// Package policy owns the written rules and is the only code that knows OPA. It turns an Input
// (what is known about one person at one moment) into a Decision, and a RoutingInput (what is known
// about one complaint) into a Routing, by the Rego rules of one revision. It must not know databases, HTTP, workbooks or how facts were gathered.
//
// Unknown is absent: a field of Input that is empty is left out of what the rules see. It is never
// null and never a default, because Rego orders across types (null <= 4 holds).
//
// What the rules hand to Go, and Go to them, is a contract with a number, Contract. Stored revisions
// outlive the program that wrote them: whoever changes what the rules hand to Go raises the number,
// keeps reading bundles of every lower one, and freezes the last bundle of the old contract beside
// testdata/contract1.tar.gz, which has to load, decide and replay for ever. Contract 1 decided checks
// only; contract 2 routes complaints as well.
package policy

import "time"

// Outcome is the answer of a check.
type Outcome string

// The four outcomes.
const (
	Eligible         Outcome = "eligible"
	NotEligible      Outcome = "not_eligible"
	AlreadyCovered   Outcome = "already_covered"
	NeedsInformation Outcome = "needs_information"
)

// Advice is the service advice that stands beside every outcome.
type Advice string

// The service advices. TreatNow is given in every emergency, whoever the person is
// (UU 17/2023 art. 174).
const (
	TreatNow           Advice = "treat_now"
	RegisteredFacility Advice = "registered_facility"
	NoAdvice           Advice = "none"
)

// Verdict is the truth of one criterion. Note is information that does not change the outcome.
type Verdict string

// The verdicts.
const (
	Met     Verdict = "met"
	NotMet  Verdict = "not_met"
	Unknown Verdict = "unknown"
	Note    Verdict = "note"
)

// Finding is one rule's verdict, in words that a clerk reads aloud. Title, Article, Remedy and
// Document come from the METADATA of the rule, Seen and Limit from the facts and parameters.
type Finding struct {
	Code     string  `json:"code"`
	Title    string  `json:"title"`
	Verdict  Verdict `json:"verdict"`
	Article  string  `json:"article"`
	Seen     string  `json:"seen"`             // value seen with its source and date, Indonesian
	Limit    string  `json:"limit"`            // the parameter it was held against, Indonesian; "" if none
	Remedy   string  `json:"remedy"`           // what can be done about it, Indonesian
	Document string  `json:"document"`         // evidence kind that settles it, "" if none
	Source   string  `json:"source,omitempty"` // "Dukcapil, 1 Nov 2026": where Seen comes from
}

// Question asks for one fact or paper that can still change the answer.
type Question struct {
	Code     string `json:"code"`     // code of the finding that it would settle
	Text     string `json:"text"`     // Indonesian question
	Field    string `json:"field"`    // field of the closed list that answers it, "" if a paper does
	Document string `json:"document"` // evidence kind that answers it, "" if a field does
}

// Decision is what the rules say about one Input.
type Decision struct {
	Outcome   Outcome    `json:"outcome"`
	Advice    Advice     `json:"service_advice"`
	Summary   string     `json:"summary"` // one sentence for the banner, Indonesian
	Findings  []Finding  `json:"findings"`
	Questions []Question `json:"questions"`
	NextSteps []string   `json:"next_steps"`
}

// Input is everything the rules may read: the document that input.schema.json describes. It is
// stored as the facts of a determination, byte for byte, so that plain `opa eval` can decide again.
type Input struct {
	At         time.Time   `json:"at"`         // clock of the check; rules have no other
	ServiceOn  string      `json:"service_on"` // day of service, YYYY-MM-DD; judged at this day
	Office     Office      `json:"office"`
	Subject    string      `json:"subject"` // nik | person | newborn | unknown
	Need       string      `json:"need,omitempty"`
	Statements *Statements `json:"statements,omitempty"`
	Resident   *Resident   `json:"resident,omitempty"`
	Household  *Household  `json:"household,omitempty"`
	Welfare    *Welfare    `json:"welfare,omitempty"`
	Membership *Membership `json:"membership,omitempty"`
	Mother     *Mother     `json:"mother,omitempty"` // newborn only
	Evidence   []Evidence  `json:"evidence"`         // never nil in JSON: []
}

// Office is the installation that asks.
type Office struct {
	Regency string `json:"regency"` // area code "35.09"
}

// Statements are what the patient or family declared at the desk.
type Statements struct {
	AcceptsClass3 *bool `json:"accepts_class_3,omitempty"`
	// StillEmployed answers whether a PPU member still has the job.
	StillEmployed *bool `json:"still_employed,omitempty"`
}

// Origin says where a group of facts comes from and how old it is.
type Origin struct {
	Source string `json:"source"`          // registry | document
	AsOf   string `json:"as_of,omitempty"` // YYYY-MM-DD: as-of date of the import, or the day a document was seen
}

// Resident holds what is known about residency and identity. Names are not facts: no rule may
// read them, so they are not here.
type Resident struct {
	Origin
	NIK        string `json:"nik,omitempty"`
	Sex        string `json:"sex,omitempty"`        // L | P
	BirthDate  string `json:"birth_date,omitempty"` // YYYY-MM-DD
	Village    string `json:"village,omitempty"`    // area codes with dots, current address of the KK
	District   string `json:"district,omitempty"`
	Regency    string `json:"regency,omitempty"`
	Province   string `json:"province,omitempty"`
	LifeStatus string `json:"life_status,omitempty"`
	MovedInOn  string `json:"moved_in_on,omitempty"`
	Relation   string `json:"relation,omitempty"`
	// InLatest is false when the newest snapshot of the area no longer lists the person.
	InLatest *bool `json:"in_latest,omitempty"`
}

// Household is the family card with what is known about each other member.
type Household struct {
	Origin
	KK      string   `json:"kk,omitempty"`
	Members []Member `json:"members"`
}

// Member is one other person of the household. Relation is the KK relation word.
type Member struct {
	NIK          string `json:"nik,omitempty"`
	Relation     string `json:"relation,omitempty"`
	Sex          string `json:"sex,omitempty"`
	BirthDate    string `json:"birth_date,omitempty"`
	LifeStatus   string `json:"life_status,omitempty"`
	Desil        *int   `json:"desil,omitempty"`
	Segment      string `json:"segment,omitempty"`
	MemberStatus string `json:"member_status,omitempty"`
}

// Welfare is the DTSEN place of the person or family.
type Welfare struct {
	Origin
	Desil *int `json:"desil,omitempty"` // 1 (poorest) to 10
}

// Membership is the newest JKN membership known. A person without a row in an area that a
// membership snapshot covers has Segment "none"; without such a snapshot the group is absent.
type Membership struct {
	Origin
	Segment       string `json:"segment,omitempty"`
	Status        string `json:"member_status,omitempty"`
	Reason        string `json:"member_reason,omitempty"`
	Since         string `json:"member_since,omitempty"`
	InactiveSince string `json:"inactive_since,omitempty"`
	Class         string `json:"class,omitempty"` // 1 | 2 | 3
	// Superseded is the older row that the newest one (BPJS screen) replaced.
	Superseded *Membership `json:"superseded,omitempty"`
}

// Mother is what is known about the mother of a newborn.
type Mother struct {
	NIK        string      `json:"nik,omitempty"`
	Resident   *Resident   `json:"resident,omitempty"`
	Welfare    *Welfare    `json:"welfare,omitempty"`
	Membership *Membership `json:"membership,omitempty"`
}

// Evidence is one paper or screen that the officer saw.
type Evidence struct {
	Kind     string         `json:"kind"`
	Issuer   string         `json:"issuer,omitempty"`
	Number   string         `json:"number,omitempty"`
	IssuedOn string         `json:"issued_on,omitempty"` // YYYY-MM-DD
	SeenAt   string         `json:"seen_at,omitempty"`   // RFC 3339
	SeenBy   string         `json:"seen_by,omitempty"`   // user name of the officer
	Facts    map[string]any `json:"facts,omitempty"`     // closed field list; string, int or bool values
}
