package storage

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/eligibility"
	"layak/internal/area"
	"layak/policy"
)

// sampler makes complaints that look like those of a regency: most by WhatsApp, most closed, a life
// of a few events each, filed over three years before now.
type sampler struct {
	r   *rand.Rand
	now time.Time
	n   int // cases made so far, for tickets
}

func newSampler(seed uint64, now time.Time) *sampler {
	return &sampler{r: rand.New(rand.NewPCG(seed, 7)), now: now}
}

// pick takes one of the words; the first ones more often.
func (s *sampler) pick(words ...string) string {
	return words[int(float64(len(words))*s.r.Float64()*s.r.Float64())]
}

func (s *sampler) chance(percent int) bool { return s.r.IntN(100) < percent }

// makeCase makes one case with its life so far.
func (s *sampler) makeCase() complaints.Complaint {
	i := s.n
	s.n++
	unit := s.r.IntN(248)
	c := complaints.Complaint{
		ID: newID(), Ticket: complaints.Ticket(fmt.Sprintf("3509-%04d-%04d-%d", i/10000%10000, i%10000, i/100_000_000)), State: complaints.Received, Version: 1,
		Channel: s.pick("whatsapp", "counter", "wadul", "instagram", "lapor", "phone"), Matter: s.pick("activation", "eligibility", "data", "charge", "refusal", "conduct", "other"),
		Class: s.pick("complaint", "information", "oversight"), Priority: s.pick("normal", "normal", "high", "emergency"), Element: s.pick("requirements", "procedure", "cost", "time", "conduct"),
		Need: "routine", Text: "Kartu JKN belum aktif, mohon bantuan.", Unit: fmt.Sprintf("U%03d", unit), FiledBy: "rini",
		FiledAt:  s.now.Add(-time.Duration(s.r.Int64N(int64(1000 * 24 * time.Hour)))).UTC().Truncate(time.Microsecond),
		Reporter: complaints.Reporter{Name: "Ani", Relation: "self"},
	}
	c.FiledUnit, c.UpdatedAt, c.ActedAt = c.Unit, c.FiledAt, c.FiledAt
	c.Patients = []complaints.Patient{{No: 1, NIK: eligibility.NIK(fmt.Sprintf("35091901018%05d", i%100000)), Name: "Sri Wahyuni",
		Village: area.Code(fmt.Sprintf("35.09.%02d.20%02d", 1+unit%31, 1+unit%8))}}
	c.Events = []complaints.Event{{ID: newID(), Seq: 1, Type: complaints.FileEvent, At: c.FiledAt, To: complaints.Received, Actor: "rini", Public: true}}
	for c.UpdatedAt.Before(s.now.Add(-30*24*time.Hour)) && c.State.Open() {
		s.step(&c, c.UpdatedAt.Add(time.Duration(1+s.r.IntN(100))*time.Hour))
	}
	for range s.r.IntN(3) {
		if at := c.UpdatedAt.Add(time.Duration(1+s.r.IntN(100)) * time.Hour); at.Before(s.now) {
			s.step(&c, at)
		}
	}
	return c
}

// step lets one more thing happen to the case.
func (s *sampler) step(c *complaints.Complaint, at time.Time) {
	e := complaints.Event{ID: newID(), Seq: len(c.Events) + 1, At: at, From: c.State, To: c.State, Actor: "rini", Public: true}
	switch c.State {
	case complaints.Received:
		e.Type, e.To = complaints.VerifyEvent, complaints.Verified
		if s.chance(6) {
			e.Type, e.To = complaints.RejectEvent, complaints.Rejected
		}
	case complaints.Verified:
		e.Type, e.To = complaints.CheckEvent, complaints.InProgress
		d := newID()
		c.Checks = append(c.Checks, complaints.Check{Determination: d, Patient: 1, DecidedAt: at,
			Outcome: policy.Outcome(s.pick("eligible", "not_eligible", "already_covered", "needs_information")), Advice: "none"})
	case complaints.InProgress:
		e.Type, e.To = complaints.ResolveEvent, complaints.Answered
		switch {
		case s.chance(20):
			e.Type, e.To = complaints.WaitEvent, complaints.WaitingReporter
		case s.chance(10):
			e.Type, e.To = complaints.ForwardEvent, complaints.Forwarded
		default:
			c.Resolutions = append(c.Resolutions, complaints.Resolution{ID: newID(), EventID: e.ID, DecidedBy: "rini", DecidedAt: at,
				Decision: complaints.Decision(s.pick("granted", "information_given", "refused"))})
		}
	case complaints.WaitingReporter:
		e.Type, e.To = complaints.ReplyEvent, complaints.InProgress
		if s.chance(10) {
			e.Type, e.To = complaints.WithdrawEvent, complaints.Withdrawn
		}
	case complaints.Answered:
		e.Type, e.To = complaints.CloseEvent, complaints.Closed
		if s.chance(60) {
			c.Rating = 1 + s.r.IntN(5)
		}
	default:
		e.Type, e.To = complaints.ReopenEvent, complaints.InProgress
	}
	c.State, c.UpdatedAt, c.ActedAt = e.To, at, at
	c.Version++
	c.Events = append(c.Events, e)
	c.Clocks = s.clocks(*c)
	c.DueAt, c.DueKind = nil, ""
	for _, k := range c.Clocks {
		if k.StoppedAt == nil && !k.Paused && (c.DueAt == nil || k.DueAt.Before(*c.DueAt)) {
			due := k.DueAt
			c.DueAt, c.DueKind = &due, k.Kind
		}
	}
}

// clocks are about those that the rules would start; what matters here is that every standing comes up.
func (s *sampler) clocks(c complaints.Complaint) []complaints.Clock {
	day := 24 * time.Hour
	clock := func(kind complaints.ClockKind, limit time.Duration, ends ...complaints.EventType) complaints.Clock {
		k := complaints.Clock{Kind: kind, Round: 1, Limit: calendar.Limit{Amount: int(limit / day), Measure: calendar.WorkingDays}, Pauses: true,
			Source: "Permenpan-RB 62/2018", StartedAt: c.FiledAt, DueAt: c.FiledAt.Add(limit), WarnAt: c.FiledAt.Add(limit * 3 / 4)}
		for _, e := range c.Events {
			for _, end := range ends {
				if e.Type == end && k.StoppedAt == nil {
					at := e.At
					k.StoppedAt = &at
				}
			}
		}
		k.Paused = k.StoppedAt == nil && c.State == complaints.WaitingReporter
		return k
	}
	list := []complaints.Clock{
		clock(complaints.VerifyClock, 3*day, complaints.VerifyEvent, complaints.RejectEvent),
		clock(complaints.FirstClock, 8*day, complaints.WaitEvent, complaints.ResolveEvent, complaints.RejectEvent, complaints.ForwardEvent),
		clock(complaints.ResolveClock, 20*day, complaints.ResolveEvent, complaints.RejectEvent, complaints.ForwardEvent, complaints.WithdrawEvent),
	}
	if c.State == complaints.Answered {
		list = append(list, clock(complaints.SilenceClock, 14*day, complaints.CloseEvent))
	}
	return list
}

// loadTables are what fill writes, in the order of their foreign keys.
var loadTables = []struct {
	table   string
	columns []string
}{
	{"complaint", []string{"regency_code", "id", "ticket", "state", "states_before", "version", "last_seq", "channel", "matter", "need", "body",
		"reporter_name", "reporter_phone", "reporter_relation", "unit", "staff", "village", "filed_by", "filed_unit", "filed_at", "updated_at",
		"class", "priority", "element", "rating", "clocks", "due_at", "due_kind", "acted_at"}},
	{"complaint_patient", []string{"regency_code", "complaint_id", "no", "nik", "subject", "name", "village"}},
	{"complaint_area", []string{"regency_code", "complaint_id", "area"}},
	{"complaint_event", []string{"regency_code", "id", "complaint_id", "seq", "type", "at", "actor", "title", "unit", "from_state", "to_state", "public", "note", "data"}},
	{"complaint_check", []string{"regency_code", "complaint_id", "determination_id", "patient", "nik", "outcome", "service_advice", "summary", "decided_at", "event_seq"}},
	{"determination", []string{"regency_code", "id", "nik", "outcome", "service_advice", "revision", "engine", "decided_at", "decided_by", "purpose", "subject", "decision", "facts", "registry", "warnings"}},
	{"complaint_resolution", []string{"regency_code", "id", "complaint_id", "event_id", "decision", "reason", "advice", "unregistered", "checks", "evidence", "decided_by", "decided_at"}},
}

// rowsOfCase are the rows of one case by table.
func rowsOfCase(regency string, c complaints.Complaint) map[string][][]any {
	rows := map[string][][]any{
		"complaint": {{regency, c.ID, string(c.Ticket), string(c.State), "null", c.Version, len(c.Events), c.Channel, c.Matter, c.Need, c.Text,
			c.Reporter.Name, "", c.Reporter.Relation, c.Unit, "", "", c.FiledBy, c.FiledUnit, at(c.FiledAt), at(c.UpdatedAt),
			c.Class, c.Priority, c.Element, c.Rating, asJSON(c.Clocks), atOrNull(c.DueAt), string(c.DueKind), at(c.ActedAt)}},
	}
	add := func(table string, row ...any) { rows[table] = append(rows[table], append([]any{regency}, row...)) }
	village := c.Patients[0].Village
	add("complaint_patient", c.ID, 1, string(c.Patients[0].NIK), nil, c.Patients[0].Name, string(village))
	for _, a := range []string{"35", "35.09", string(village.District()), string(village)} {
		add("complaint_area", c.ID, a)
	}
	for _, e := range c.Events {
		add("complaint_event", e.ID, c.ID, e.Seq, string(e.Type), at(e.At), e.Actor, "", c.Unit, string(e.From), string(e.To), e.Public, "", "")
	}
	for i, k := range c.Checks {
		add("complaint_check", c.ID, k.Determination, 1, "", string(k.Outcome), "none", "", at(k.DecidedAt), i+2)
		findings := `{}`
		if k.Outcome == policy.NotEligible {
			findings = `{"findings":[{"code":"need_not_met","verdict":"not_met"},{"code":"residency_outside","verdict":"met"}]}`
		}
		add("determination", k.Determination, "", string(k.Outcome), "none", "r", "opa", at(k.DecidedAt), "rini", "", "{}", findings, "{}", "{}", "[]")
	}
	for _, r := range c.Resolutions {
		add("complaint_resolution", r.ID, c.ID, r.EventID, string(r.Decision), "", "agrees", false, "[]", "[]", r.DecidedBy, at(r.DecidedAt))
	}
	return rows
}

// fill stores n new cases in large transactions. Triggers against REPLACE, which ask three questions
// per event, are set aside on SQLite meanwhile.
func (s *sampler) fill(t testing.TB, db *DB, n int) {
	t.Helper()
	ctx := context.Background()
	if n > 10_000 && db.door != nil {
		for _, table := range []string{"complaint_event", "determination"} {
			_, err := executor{pool: db.writer}.exec(ctx, `DROP TRIGGER IF EXISTS `+table+`_no_replace`)
			must(t, err)
		}
	}
	for n > 0 {
		part := min(n, 5_000)
		rows := map[string][][]any{}
		for range part {
			for table, more := range rowsOfCase(db.regency, s.makeCase()) {
				rows[table] = append(rows[table], more...)
			}
		}
		must(t, db.writeLightly(ctx, func(tx *tx) error {
			for _, load := range loadTables {
				err := db.dialect.bulk(ctx, tx, load.table, load.columns, rows[load.table])
				if err != nil {
					return err
				}
			}
			return nil
		}))
		n -= part
	}
	_, err := executor{pool: db.writer}.exec(ctx, `ANALYZE`)
	must(t, err)
}
