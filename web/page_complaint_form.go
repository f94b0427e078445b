package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/eligibility"
	"layak/internal/fault"
)

// localMinute is how a browser writes a moment without a zone.
const localMinute = "2006-01-02T15:04"

// actForm is what was typed into the composer. The names of its fields are those of
// complaints.Action, so that each problem finds its field.
type actForm struct {
	Version int
	Patient string // number
	Answers bool   // the registration form fills in an answer that was waited for

	Text, Reason, Unit, Staff          string
	NIK, Need, Class3, Determination   string
	Papers                             []string
	Through, Reference, SentAt, Result string
	ActiveOn, RefusedWhy, Proof        string
	Missing, Decision, Office, Number  string
	Ask, Send                          []string // ticked: what is missing, ways to send

	Code, Into, Rating                       string // reject, merge, close
	Unsatisfied                              bool
	Class, Priority, Matter, Element, Title  string // classify
	Accused                                  string
	Attention, Deceased                      bool
	Units, Orders                            []string // task: ticked units, ticked proposals
	Act, Amount, Measure, Role, Task, Note   string
	Facility, Due, ReceivedAt, Receipt, Kind string
}

func readActForm(c echo.Context) actForm {
	v := func(name string) string { return strings.TrimSpace(c.FormValue(name)) }
	f := actForm{Patient: v("patient"), Text: v("text"), Reason: v("reason"), Unit: v("unit"), Staff: v("staff"),
		NIK: v("nik"), Need: v("need"), Class3: v("class3"), Determination: v("determination"),
		Through: v("through"), Reference: v("reference"), SentAt: v("sent_at"), Result: v("result"), ActiveOn: v("active_on"),
		RefusedWhy: v("refused_why"), Proof: v("proof"), Missing: v("missing"), Decision: v("decision"), Office: v("office"), Number: v("number"),
		Answers: v("answers") != "", Code: v("code"), Into: v("into"), Rating: v("rating"), Unsatisfied: v("unsatisfied") != "",
		Class: v("class"), Priority: v("priority"), Matter: v("matter"), Element: v("element"), Title: v("title"), Accused: v("accused"),
		Attention: v("attention") != "", Deceased: v("deceased") != "", Act: v("act"), Amount: v("amount"), Measure: v("measure"), Role: v("role"),
		Task: v("task"), Note: v("note"), Facility: v("facility"), Due: v("due"), ReceivedAt: v("received_at"), Receipt: v("receipt"), Kind: v("kind")}
	if f.Into == "" {
		f.Into = v("into_other")
	}
	// One select may name the unit, or the unit and a colleague of it.
	if to := v("to"); to != "" {
		f.Unit, f.Staff, _ = strings.Cut(to, "/")
	}
	f.Version, _ = strconv.Atoi(v("version")) // 0 is refused by the service
	if form, err := c.FormParams(); err == nil {
		f.Papers, f.Ask, f.Send, f.Units, f.Orders = form["paper"], form["ask"], form["send"], form["units"], form["order"]
	}
	return f
}

// action turns the form into the act. Each act reads only its own fields.
func (f actForm) action(t complaints.EventType, zone *time.Location) (complaints.Action, error) {
	a := complaints.Action{Type: t, Version: f.Version, Text: f.Text, Reason: f.Reason, Unit: f.Unit, Staff: f.Staff, Send: f.Send,
		NIK: eligibility.NIK(f.NIK), Need: f.Need, Through: f.Through, Reference: f.Reference, Result: f.Result,
		ActiveOn: eligibility.Date(f.ActiveOn), RefusedWhy: f.RefusedWhy, Proof: f.Proof, Receipt: f.Receipt,
		Missing: f.missing(), Decision: complaints.Decision(f.Decision), Office: f.Office, Number: f.Number,
		Code: f.Code, Into: complaints.Ticket(f.Into), Unsatisfied: f.Unsatisfied, Note: f.Note, Facility: f.Facility}
	a.Patient, _ = strconv.Atoi(f.Patient) // 0 is the only one
	a.Task, _ = strconv.Atoi(f.Task)       // 0 is refused by the service
	a.Rating, _ = strconv.Atoi(f.Rating)   // 0 is none
	if ticket, err := complaints.ParseTicket(f.Into); err == nil {
		a.Into = ticket
	}
	if f.Class3 != "" {
		yes := f.Class3 == "yes"
		a.AcceptsClass3 = &yes
	}
	for _, kind := range f.Papers {
		a.Evidence = append(a.Evidence, eligibility.Evidence{Kind: kind})
	}
	switch t {
	case complaints.ClassifyEvent:
		f.classify(&a)
	case complaints.TaskEvent:
		return a, f.tasks(&a)
	case complaints.RefundEvent, complaints.ResolveEvent:
		return a, f.money(&a, zone)
	}
	if f.Deceased {
		a.Deceased = &f.Deceased
	}
	if t == complaints.RegisterEvent && f.SentAt != "" {
		at, err := time.ParseInLocation(localMinute, f.SentAt, zone)
		if err != nil {
			const unread = "Tulis tanggal dan jam kirim, misalnya 21-11-2026 10.42."
			return a, fault.New(fault.Invalid, "sent_unread", unread).At("sent_at", unread)
		}
		a.SentAt = &at
	}
	return a, nil
}

// missing are the ticked questions and those that were typed, one a line, each once.
func (f actForm) missing() []string {
	all := slices.Clone(f.Ask)
	for line := range strings.SplitSeq(f.Missing, "\n") {
		line = strings.TrimSpace(line)
		if line != "" && !slices.Contains(all, line) {
			all = append(all, line)
		}
	}
	return all
}

func (f actForm) classify(a *complaints.Action) {
	a.Class, a.Priority, a.Matter, a.Element, a.Title = f.Class, f.Priority, f.Matter, f.Element, f.Title
	a.Accused, a.Attention, a.Deceased = &f.Accused, &f.Attention, &f.Deceased
}

// tasks gathers the ticked proposals and the task that was typed, for each ticked unit.
func (f actForm) tasks(a *complaints.Action) error {
	a.Unit = ""
	for _, v := range f.Orders {
		if order, ok := orderOf(v); ok {
			a.Tasks = append(a.Tasks, order)
		}
	}
	if f.Act == "" && len(f.Units) == 0 && len(a.Tasks) > 0 {
		return nil
	}
	amount, err := strconv.ParseInt(f.Amount, 10, 64)
	if err != nil && f.Amount != "" {
		const unread = "Tulis batas waktunya dengan angka, misalnya 4."
		return fault.New(fault.Invalid, "amount_unread", unread).At("amount", unread)
	}
	if len(f.Units) == 0 {
		const none = "Pilih unit yang mendapat tugas."
		return fault.New(fault.Invalid, "unit_missing", none).At("units", none)
	}
	if f.Act == "" {
		const none = "Tulis apa yang harus dilakukan."
		return fault.New(fault.Invalid, "act_missing", none).At("act", none)
	}
	for _, u := range f.Units {
		a.Tasks = append(a.Tasks, complaints.TaskOrder{Unit: u, Act: f.Act, Role: f.Role, Amount: amount, Measure: calendar.Measure(f.Measure)})
	}
	return nil
}

// money reads an amount in rupiah and the days of a refund.
func (f actForm) money(a *complaints.Action, zone *time.Location) error {
	digits := strings.NewReplacer(".", "", " ", "", "Rp", "", "rp", "", ",00", "").Replace(f.Amount)
	if digits != "" {
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil {
			const unread = "Jumlah uang ditulis dalam rupiah, misalnya 250000."
			return fault.New(fault.Invalid, "amount_unread", unread).At("amount", unread)
		}
		a.Amount = n
	}
	if f.Deceased {
		a.Deceased = &f.Deceased
	}
	for _, day := range []struct {
		field, typed string
		late         time.Duration // of the day that is meant
		into         **time.Time
	}{{"due", f.Due, 24*time.Hour - time.Minute, &a.Due}, {"received_at", f.ReceivedAt, 0, &a.ReceivedAt}} {
		if day.typed == "" {
			continue
		}
		at, err := time.ParseInLocation(time.DateOnly, day.typed, zone)
		if err != nil {
			const unread = "Pilih tanggalnya."
			return fault.New(fault.Invalid, "date_unread", unread).At(day.field, unread)
		}
		at = at.Add(day.late)
		*day.into = &at
	}
	return nil
}
