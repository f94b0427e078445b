package reply

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
	"layak/policy"
)

// Cases finds a case and a unit; the store of the complaints is one. A case outside the scope is
// fault.NotFound.
type Cases interface {
	Complaint(ctx context.Context, t complaints.Ticket, s complaints.Scope) (complaints.Complaint, error)
	Unit(ctx context.Context, code string) (auth.Unit, error)
}

// Checks finds the determinations that were made in a case.
type Checks interface {
	Determination(ctx context.Context, id string) (eligibility.Determination, error)
}

// Offices gives address, telephone and hours of a unit; "" is the office that owns the records.
type Offices interface {
	UnitSettings(ctx context.Context, unit string) (complaints.UnitSettings, error)
}

// Writer proposes what to write to a reporter. An officer reads and changes it before it is sent.
type Writer struct {
	Store   WordingStore
	Cases   Cases
	Checks  Checks
	Offices Offices // nil knows no addresses
	// Messages finds what was sent, for letters; nil takes the words of the event.
	Messages interface {
		Messages(ctx context.Context, f Filter, s complaints.Scope) ([]Item, error)
	}
	Clock eligibility.Clock
	Words *i18n.Printer // Indonesian names of papers; nil leaves papers out
	Over  string        // body above the units: "Pemerintah Kabupaten Jember"
	Place string        // where letters are dated: "Jember"
	Mail  bool          // e-mail can be sent
}

// Draft is a proposed reply.
type Draft struct {
	Kind     string            `json:"kind"` // code of Kinds
	Code     string            `json:"code"` // wording that was used
	Subject  string            `json:"subject"`
	Body     string            `json:"body"`
	Ways     []complaints.Word `json:"ways"`     // how it can reach the reporter
	Warnings []string          `json:"warnings"` // what the officer should look at before sending
}

// oldCheck is the age from which a check should be made again before it is told.
const oldCheck = 30 * 24 * time.Hour

// Compose proposes a reply of the kind, "" for the one that fits the case as it stands. It records
// nothing: the case was opened before.
func (w *Writer) Compose(ctx context.Context, t complaints.Ticket, kind string) (Draft, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintDecide)
	if err != nil {
		return Draft{}, err
	}
	c, err := w.Cases.Complaint(ctx, t, complaints.ScopeOf(actor))
	if err != nil {
		return Draft{}, err
	}
	if kind == "" {
		kind = Suggest(c)
	}
	if !known(kind) || strings.Contains(kind, ".") {
		return Draft{}, fault.New(fault.Invalid, "reply_unknown", "Pilih jenis balasan dari daftar.").At("kind", "Pilih jenis balasan dari daftar.")
	}
	all, err := w.wordings(ctx)
	if err != nil {
		return Draft{}, err
	}
	s := &sheet{w: w, c: c, kind: kind, actor: actor, now: w.now()}
	err = s.fill(ctx)
	if err != nil {
		return Draft{}, err
	}
	text := choose(all, c, kind)
	d := Draft{Kind: kind, Code: text.Code, Ways: w.ways(c), Warnings: s.warnings}
	d.Subject, d.Body, err = text.fill(s.v)
	d.Subject, d.Body = withoutNumbers(d.Subject), withoutNumbers(d.Body)
	return d, err
}

// Suggest names the kind of reply that fits the case as it stands.
func Suggest(c complaints.Complaint) string {
	r, decided := c.Resolution()
	switch {
	case c.Deceased:
		return "deceased"
	case c.Attention:
		return "attention"
	case c.State == complaints.Rejected, c.State == complaints.Forwarded, c.State == complaints.Closed:
		return string(c.State)
	case c.State == complaints.WaitingReporter:
		return "waiting"
	case decided:
		return afterDecision(c, r)
	}
	outcome := outcomes(c)
	if len(outcome) > 0 {
		return string(outcome[0])
	}
	if c.Priority == "emergency" || c.Need == "emergency" {
		if c.State != complaints.Received {
			return "emergency"
		}
	}
	return "receipt"
}

func afterDecision(c complaints.Complaint, r complaints.Resolution) string {
	switch r.Decision {
	case complaints.Refunded:
		return "refunded"
	case complaints.Apologised:
		return "apology"
	case complaints.Corrected:
		return "corrected"
	case complaints.Refused, complaints.NotProven:
		return "refused"
	case complaints.Granted:
		return "eligible"
	case complaints.InformationGiven, complaints.Referred:
	}
	return "information"
}

// outcomes are those of the newest checks, each once, the first patient's first.
func outcomes(c complaints.Complaint) []policy.Outcome {
	var all []policy.Outcome
	for _, k := range newest(c) {
		if !slices.Contains(all, k.Outcome) {
			all = append(all, k.Outcome)
		}
	}
	return all
}

func newest(c complaints.Complaint) []complaints.Check {
	var all []complaints.Check
	for _, k := range c.Newest() {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b complaints.Check) int { return cmp.Compare(a.Patient, b.Patient) })
	return all
}

// choose finds the most special wording of the kind for the case.
func choose(all map[string]Wording, c complaints.Complaint, kind string) Wording {
	value := map[string]string{"need": c.Need, "matter": c.Matter, "class": c.Class}
	for _, by := range sorting {
		text, ok := all[kind+"."+by+"-"+value[by]]
		if ok {
			return text
		}
	}
	return all[kind]
}

// ways are those that lead to the reporter.
func (w *Writer) ways(c complaints.Complaint) []complaints.Word {
	return slices.DeleteFunc(slices.Clone(complaints.Ways), func(way complaints.Word) bool {
		switch way.Code {
		case "email":
			return c.Reporter.Email == "" || !w.Mail
		case "whatsapp":
			return c.Reporter.Phone == ""
		}
		return false
	})
}

func (w *Writer) now() time.Time { return w.Clock().UTC().Truncate(time.Microsecond) }
