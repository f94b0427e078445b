package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/complaints/reply"
	"layak/internal/auth"
	"layak/internal/i18n"
)

// Cases is what stands beside one case: what the routing rules say now, cases that share something
// with it, and how a deadline came about. *complaints.Service keeps it.
type Cases interface {
	Advice(ctx context.Context, c complaints.Complaint) (complaints.RouteAdvice, error)
	Alike(ctx context.Context, c complaints.Complaint) (complaints.Alike, error)
	Similar(ctx context.Context, f complaints.Filing) (complaints.Alike, error)
	Explain(ctx context.Context, t complaints.Ticket, kind complaints.ClockKind, round int) (complaints.Reckoning, error)
}

// clockRow is one obligation in words.
type clockRow struct {
	complaints.Clock
	Limit   string // "3 hari kerja"
	Text    string // "sisa 1 jam 12 menit", "selesai 21 Nov 2026 08.20"
	Stand   string // complaints.Standing
	Past    bool   // it has stopped
	Percent int    // of the time from start to deadline that is gone, for the bar
	Why     string // address of the explanation
}

// taskRow is what one unit does in the case.
type taskRow struct {
	complaints.Task
	Name  string // of the unit
	Mine  bool   // the reader may say that it is done
	Late  bool
	Left  string // "sisa 2 jam"
	Proof string // address of the proof
}

// orderRow is a task that the routing rules propose, ready to be ticked.
type orderRow struct {
	Value string // unit, act, amount, measure and role, as orderOf reads them
	Unit  string // name
	Act   string
	Time  string // "4 jam"
}

// aliasRow is another case of the same person or reporter.
type aliasRow struct {
	lineRow
	Shares []string // what it has in common, in words
}

// reporterRow is a reporter of a merged case, who has to hear the answer as well.
type reporterRow struct {
	Name string
	Ways []string // codes of complaints.Ways
}

// factsPart is the right side of the page of a case, beside people and papers.
type factsPart struct {
	Clocks    []clockRow // those that run, the nearest first
	Stopped   []clockRow // those that are over
	Tasks     []taskRow
	Idle      int // tasks that nobody did in time
	Orders    []orderRow
	Alike     []aliasRow
	Elsewhere []complaints.Elsewhere
	Outside   string // office to hand over to
	Why       string // why it is not ours
	Desk      string // code of the unit where the rules want the case, "" when it is there
	DeskName  string
	Reasons   []string
	Missing   []string      // what the matter still needs, ready to be asked for
	Ways      []string      // by which the reporters can be reached
	Reporters []reporterRow // of the cases that were merged into this one
	Accused   string        // name of the unit
	NoMail    bool          // the reporter has an e-mail address and nothing can send to it
	Paper     bool          // receipt and letters can be drawn
	WhatsApp  string        // address that opens WhatsApp with the newest answer, where no outbox is kept
	// Drafts are the replies to choose from, Draft the chosen one, Fitting the one for the case as it stands.
	Drafts        []complaints.Word
	Draft         string
	Fitting       string
	DraftWarnings []string
}

// addFacts fills in everything that stands beside the story.
func (s *Server) addFacts(ctx context.Context, p *complaintPage, w *i18n.Printer, found complaints.Complaint) error {
	left := s.leftTeller(ctx, w)
	p.addClocks(left)
	p.addTasks(left, auth.From(ctx))
	p.Accused = unitName(p.Units, p.C.Accused)
	err := s.addMessages(ctx, p, found)
	if err != nil {
		return err
	}
	if s.Cases == nil || !found.State.Open() {
		return nil
	}
	advice, err := s.Cases.Advice(ctx, found)
	if err != nil {
		return err
	}
	p.addAdvice(w, advice)
	alike, err := s.Cases.Alike(ctx, found)
	if err != nil {
		return err
	}
	p.Elsewhere = alike.Elsewhere
	for _, a := range alike.Cases {
		p.Alike = append(p.Alike, aliasOf(left, a, p.Units))
	}
	return nil
}

func aliasOf(left leftTeller, a complaints.Likeness, units []auth.Unit) aliasRow {
	row := aliasRow{lineRow: newLineRow(left, a.Line, units)}
	for _, share := range a.Shares {
		row.Shares = append(row.Shares, label(left.w, "share", share))
	}
	return row
}

func (p *complaintPage) addAdvice(w *i18n.Printer, a complaints.RouteAdvice) {
	p.Reasons = a.Reasons
	if a.Unit != p.C.Unit {
		p.Desk, p.DeskName = a.Unit, a.UnitName
	}
	if a.Outside != nil {
		p.Outside, p.Why = a.Outside.Office, a.Outside.Why
	}
	for _, m := range a.Missing {
		p.Missing = append(p.Missing, m.Text)
	}
	for _, o := range a.Orders {
		if o.Unit == "" {
			continue
		}
		p.Orders = append(p.Orders, orderRow{Unit: o.UnitName, Act: o.Act,
			Time:  limitText(w, calendar.Limit{Amount: o.Amount, Measure: calendar.Measure(o.Measure)}),
			Value: strings.Join([]string{o.Unit, strconv.Itoa(o.Amount), o.Measure, o.Act}, "|")})
	}
}

// orderOf reads a proposed task as the form carries it.
func orderOf(value string) (complaints.TaskOrder, bool) {
	part := strings.SplitN(value, "|", 4)
	if len(part) < 4 {
		return complaints.TaskOrder{}, false
	}
	n, err := strconv.ParseInt(part[1], 10, 64)
	return complaints.TaskOrder{Unit: part[0], Amount: n, Measure: calendar.Measure(part[2]), Act: part[3]}, err == nil
}

// addMessages fills in what went to the reporters, and how they can be reached.
func (s *Server) addMessages(ctx context.Context, p *complaintPage, found complaints.Complaint) error {
	mail := s.Outbox != nil && s.Outbox.Ready()
	p.Ways, p.NoMail = waysTo(found.Reporter, mail), found.Reporter.Email != "" && !mail
	p.addReporters(found.Joined, mail)
	p.Paper = s.Replies != nil
	if s.Outbox == nil {
		if auth.From(ctx).Can(auth.PersonUnmask) {
			p.WhatsApp = whatsAppOf(found)
		}
		return nil
	}
	const most = 200
	messages, err := s.Outbox.Messages(ctx, reply.Filter{Ticket: found.Ticket, Limit: most})
	if err != nil {
		return err
	}
	p.addSent(messages, !auth.From(ctx).Can(auth.PersonUnmask))
	return nil
}

// waysTo are the ways by which the reporter can be reached; mail tells whether e-mail can be sent.
func waysTo(r complaints.Reporter, mail bool) []string {
	var ways []string
	for _, w := range complaints.Ways {
		if w.Code == "email" && (r.Email == "" || !mail) || w.Code == "whatsapp" && r.Phone == "" {
			continue
		}
		ways = append(ways, w.Code)
	}
	return ways
}

// addReporters names the reporters of the cases that were merged into this one, each with the ways that
// reach him: an answer by one way alone may pass some of them by.
func (p *complaintPage) addReporters(joined []complaints.Joined, mail bool) {
	for _, j := range joined {
		row := reporterRow{Name: j.Reporter.Name, Ways: waysTo(j.Reporter, mail)}
		p.Reporters = append(p.Reporters, row)
		p.NoMail = p.NoMail || j.Reporter.Email != "" && !mail
	}
	var all []string
	for _, w := range complaints.Ways {
		reached := slices.ContainsFunc(p.Reporters, func(r reporterRow) bool { return slices.Contains(r.Ways, w.Code) })
		if reached || slices.Contains(p.Ways, w.Code) {
			all = append(all, w.Code)
		}
	}
	p.Ways = all
}

// whatsAppOf opens WhatsApp with the newest text that went to the citizen; "" when there is none, or
// no number of a mobile phone.
func whatsAppOf(c complaints.Complaint) string {
	number := strings.TrimPrefix(c.Reporter.Phone, "+")
	if rest, local := strings.CutPrefix(number, "0"); local {
		number = "62" + rest
	}
	if !strings.HasPrefix(number, "628") {
		return ""
	}
	for i := len(c.Events) - 1; i >= 0; i-- {
		e := c.Events[i]
		if (e.Type == complaints.AnswerEvent || e.Type == complaints.ResolveEvent) && e.Note != "" {
			return "https://wa.me/" + number + "?text=" + url.QueryEscape(e.Note)
		}
	}
	return ""
}

func (p *complaintPage) addClocks(left leftTeller) {
	for _, k := range p.C.Clocks {
		row := clockRow{Clock: k, Limit: limitText(left.w, k.Limit), Stand: string(k.Standing(left.now)), Past: k.StoppedAt != nil,
			Why: "/complaints/" + string(p.C.Ticket) + "/clocks/" + string(k.Kind) + "?round=" + strconv.Itoa(k.Round)}
		switch {
		case k.StoppedAt != nil:
			row.Text = left.w.T("clock.met", "At", formatTime(left.w.Lang, left.zone, *k.StoppedAt))
		case k.Paused:
			row.Text = left.w.T("clock.paused")
		default:
			row.Text = left.text(k.Unit, k.Kind, k.DueAt)
		}
		if whole := k.DueAt.Sub(k.StartedAt); whole > 0 {
			row.Percent = min(100, max(2, int(left.now.Sub(k.StartedAt)*100/whole)))
		}
		if row.Past {
			p.Stopped = append(p.Stopped, row)
		} else {
			p.Clocks = append(p.Clocks, row)
		}
	}
}

func (p *complaintPage) addTasks(left leftTeller, a auth.Actor) {
	for _, t := range p.C.Tasks {
		row := taskRow{Task: t, Name: unitName(p.Units, t.Unit), Late: t.Late(left.now), Mine: t.Open() && (a.All || t.Unit == a.Unit)}
		if t.Open() && t.DueAt != nil {
			row.Left = left.text(t.Unit, complaints.FirstClock, *t.DueAt)
		}
		if t.Proof != "" {
			row.Proof = filePath(p.C.Ticket, t.Proof)
		}
		if row.Late && t.Open() {
			p.Idle++
		}
		p.Tasks = append(p.Tasks, row)
	}
}

// limitText writes an amount of time: "3 hari kerja".
func limitText(w *i18n.Printer, l calendar.Limit) string {
	return w.T("limit."+string(l.Measure), "N", l.Amount)
}

// clockPage explains one deadline: which stretches of time counted, which did not, and why.
type clockPage struct {
	Base
	Ticket complaints.Ticket
	Clock  clockRow
	Rows   []stretchRow
	Warn   []string
}

// stretchRow is one stretch of the timeline.
type stretchRow struct {
	calendar.Stretch
	When   string // "Sen 23 Nov 2026 08.00 – 16.00"
	Amount string // what it brought, "" when it was skipped
}

// explain shows "Kenapa tenggat ini?".
func (s *Server) explain(c echo.Context) error {
	if s.Cases == nil {
		return errNoPage
	}
	ticket, err := ticketOf(c)
	if err != nil {
		return err
	}
	round, err := strconv.Atoi(c.QueryParam("round"))
	if err != nil {
		round = 1
	}
	ctx := c.Request().Context()
	r, err := s.Cases.Explain(ctx, ticket, complaints.ClockKind(c.Param("kind")), round)
	if err != nil {
		return err
	}
	w := s.words.For(s.lang(c))
	return s.render(c, http.StatusOK, "clock", newClockPage(s.leftTeller(ctx, w), r))
}

func newClockPage(left leftTeller, r complaints.Reckoning) *clockPage {
	zone := r.Zone
	if zone == nil {
		zone = left.zone
	}
	holder := &complaintPage{C: complaints.Complaint{Ticket: r.Ticket, Clocks: []complaints.Clock{r.Clock}}}
	holder.addClocks(left)
	p := &clockPage{Ticket: r.Ticket, Warn: r.Timeline.Warnings, Clock: append(holder.Clocks, holder.Stopped...)[0]}
	p.Title, p.Section = "clock.why", "complaints"
	for _, x := range r.Timeline.Stretches {
		row := stretchRow{Stretch: x, When: stretchText(left.w, zone, x.From, x.Until)}
		if x.Counted() {
			row.Amount = left.w.T("amount."+string(r.Timeline.Limit.Measure), "N", amountText(left.w.Lang, x.Amount))
		}
		p.Rows = append(p.Rows, row)
	}
	return p
}

// amountText writes 1,5 the Indonesian way.
func amountText(lang string, n float64) string {
	text := strconv.FormatFloat(float64(int64(n*100+0.5))/100, 'f', -1, 64)
	if lang == i18n.Indonesian {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// stretchText writes from when to when; the day once when both lie on it.
func stretchText(w *i18n.Printer, zone *time.Location, from, until time.Time) string {
	day := func(t time.Time) string {
		return w.T("weekday."+strconv.Itoa(int(t.In(zone).Weekday()))) + " " + formatTime(w.Lang, zone, t)
	}
	if sameDay(from, until, zone) {
		full := day(until)
		return day(from) + " – " + full[strings.LastIndex(full, " ")+1:]
	}
	return day(from) + " – " + day(until)
}
