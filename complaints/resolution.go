package complaints

import (
	"strings"
	"time"
	"unicode"

	"layak/eligibility"
	"layak/internal/fault"
	"layak/policy"
)

// Decision is what an official decided about a complaint.
type Decision string

// The decisions.
const (
	Granted          Decision = "granted"
	Refused          Decision = "refused"
	InformationGiven Decision = "information_given"
	Referred         Decision = "referred"
	Corrected        Decision = "corrected"
	Refunded         Decision = "refunded"
	Apologised       Decision = "apologised"
	NotProven        Decision = "not_proven"
)

// Decisions is the closed list with its words for screens.
var Decisions = []Word{
	{string(Granted), "Dikabulkan"}, {string(Refused), "Belum dapat dikabulkan"},
	{string(InformationGiven), "Informasi diberikan"}, {string(Referred), "Diarahkan ke layanan lain"},
	{string(Corrected), "Data atau layanan dibetulkan"}, {string(Refunded), "Uang dikembalikan"},
	{string(Apologised), "Permintaan maaf disampaikan"}, {string(NotProven), "Tidak terbukti"},
}

// Agreement says how a decision stands to the advice of the newest checks.
type Agreement string

// The agreements.
const (
	Agrees   Agreement = "agrees"
	Departs  Agreement = "departs"
	NoAdvice Agreement = "none" // not every patient was checked, or the decision is not about entitlement
)

// Resolution is an official's decision. The program advises; the official decides and signs.
type Resolution struct {
	ID       string    `json:"id"`
	EventID  string    `json:"event"`
	Decision Decision  `json:"decision"`
	Reason   string    `json:"reason"`
	Advice   Agreement `json:"advice"`
	// Unregistered: granted though nothing was sent to any office; Reason says why.
	Unregistered bool                   `json:"unregistered"`
	Checks       []string               `json:"determinations"` // the newest checks that the official saw
	Evidence     []eligibility.Evidence `json:"evidence,omitempty"`
	DecidedBy    string                 `json:"decided_by"`
	DecidedAt    time.Time              `json:"decided_at"`
}

// agreement compares a decision with the newest check of every patient. Granting departs when the
// check of any says something else than eligible, refusing when the check of any says eligible.
// Nothing agrees with advice that was not given for every patient. Other decisions (an apology, a
// refund) are not about entitlement.
func agreement(d Decision, newest map[int]Check, patients int) Agreement {
	if len(newest) == 0 || d != Granted && d != Refused {
		return NoAdvice
	}
	for _, k := range newest {
		eligible := k.Outcome == policy.Eligible
		if d == Granted && !eligible || d == Refused && eligible {
			return Departs
		}
	}
	if len(newest) < patients {
		return NoAdvice
	}
	return Agrees
}

// Shortest reasons, in letters: enough that "-" or "ok" is not one, and that whoever goes against
// the advice writes a sentence.
const (
	shortReason = 3
	fullReason  = 12
)

// mostPapers bounds the papers that stand behind one decision.
const mostPapers = 50

// resolve checks an official's decision on a day against the case and makes the record of it.
func (c Complaint) resolve(a Action, today eligibility.Date) (Resolution, error) {
	r := Resolution{Decision: a.Decision, Reason: strings.TrimSpace(a.Reason)}
	if !Known(Decisions, string(a.Decision)) {
		return r, Invalid("decision_unknown", "decision", "Pilih keputusan dari daftar.")
	}
	if len(a.Evidence) > mostPapers {
		return r, Invalid("evidence_many", "evidence", "Satu keputusan memuat paling banyak 50 berkas.")
	}
	for _, e := range a.Evidence {
		paper, err := e.Clean(today)
		if err != nil {
			return r, Invalid("evidence_invalid", "evidence", fault.As(err).Message)
		}
		r.Evidence = append(r.Evidence, paper)
	}
	newest := c.Newest()
	r.Advice = agreement(r.Decision, newest, len(c.Patients))
	r.Unregistered = r.Decision == Granted && !c.registered()
	for _, p := range c.Patients {
		if k, ok := newest[p.No]; ok {
			r.Checks = append(r.Checks, k.Determination)
		}
	}
	n := letters(r.Reason)
	switch {
	case n < fullReason && r.Advice == Departs:
		return r, Invalid("reason_missing", "reason",
			"Keputusan ini berbeda dengan hasil cek. Tulis alasannya dalam satu kalimat.")
	case n < fullReason && r.Unregistered:
		return r, Invalid("reason_missing", "reason",
			"Belum ada pendaftaran yang dicatat. Catat pendaftarannya dulu, atau tulis mengapa tidak perlu.")
	case n < shortReason:
		return r, Invalid("reason_missing", "reason", "Tulis alasan keputusan.")
	}
	return r, nil
}

// registered tells whether anything was sent to an office that did not refuse it.
func (c Complaint) registered() bool {
	for _, r := range c.Registrations {
		if r.Result != RegistrationRefused {
			return true
		}
	}
	return false
}

func letters(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// Invalid is a fault with the same sentence beside the field.
func Invalid(code, field, message string) error {
	return fault.New(fault.Invalid, code, message).At(field, message)
}
