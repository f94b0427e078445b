package web

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"layak/complaints"
	"layak/complaints/numbers"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/i18n"
)

// reportWords puts figures into words and drawings, in one language.
type reportWords struct {
	*i18n.Printer
	units []auth.Unit
	zone  *time.Location
}

// fewCases is how many cases a share or a median needs before it says something about an office.
const fewCases = 20

// reportTerms are the words that the page explains, in the order of the page.
var reportTerms = []string{"received", "open", "overdue", "finished", "ontime", "first", "decision", "returned", "reopened", "checks", "unit", "month"}

func (w reportWords) number(n int) string { return formatNumber(w.Lang, n) }

// duration writes working minutes as "2 hari kerja 3 jam"; day is how long a working day is.
func (w reportWords) duration(minutes, day int) string {
	if minutes < 60 {
		return w.T("reports.minutes", "N", minutes)
	}
	days, hours := minutes/day, (minutes%day+30)/60
	if hours*60 >= day {
		days, hours = days+1, 0
	}
	switch {
	case days == 0:
		return w.T("reports.hours", "N", hours)
	case hours == 0:
		return w.T("reports.days", "N", days)
	}
	return w.T("reports.days", "N", days) + " " + w.T("reports.hours", "N", hours)
}

// spread writes a median or a percentile, a dash when nothing was measured.
func (w reportWords) spread(s numbers.Spread, minutes, day int) string {
	if s.N == 0 {
		return "–"
	}
	return w.duration(minutes, day)
}

func (w reportWords) share(part, whole int) string {
	percent, ok := numbers.Share(part, whole)
	if !ok {
		return "–"
	}
	return strconv.Itoa(percent) + " %"
}

func (w reportWords) month(m string) string {
	t, err := time.Parse("2006-01", m)
	if err != nil {
		return m
	}
	return monthNames[w.Lang][t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// value is the word for a code of a dimension.
func (w reportWords) value(d numbers.Dimension, code string) string {
	if code == "" {
		return w.T("reports.unknown_" + string(d))
	}
	switch d {
	case numbers.ByUnit:
		return unitName(w.units, code)
	case numbers.ByDistrict:
		return districtName(code)
	case numbers.ByClass, numbers.ByElement:
		return w.T("reports." + string(d) + "_" + code)
	case numbers.ByChannel, numbers.ByMatter:
		return label(w.Printer, string(d), code)
	case numbers.Total:
	}
	return code
}

// districtName is the bare name: the regency stands above every table.
func districtName(code string) string {
	a, ok := area.Lookup(area.Code(code))
	if !ok {
		return code
	}
	return a.Name
}

func (w reportWords) figures(r numbers.Report) []figure {
	t := r.Total
	kept, judged := t.OnTime(string(complaints.ResolveClock))
	first, decision := t.First(), t.Decision()
	tenths, rated := t.Rating()
	rating := "–"
	if rated > 0 {
		rating = strings.Replace(strconv.FormatFloat(float64(tenths)/10, 'f', 1, 64), ".", w.T("reports.comma"), 1)
	}
	return []figure{
		{Label: "reports.received", Value: w.number(t[numbers.Received]), Spark: w.line(r, func(c numbers.Counts) int { return c[numbers.Received] })},
		{Label: "reports.open", Value: w.number(t[numbers.Open]), More: w.T("reports.of_overdue", "N", w.number(t[numbers.Overdue]))},
		{Label: "reports.finished", Value: w.number(finished(t)), More: w.share(finished(t), t[numbers.Received]), Spark: w.line(r, finished)},
		{Label: "reports.ontime", Value: w.share(kept, judged), More: w.T("reports.of_judged", "N", w.number(judged)), Few: judged > 0 && judged < fewCases},
		{Label: "reports.first", Value: w.spread(first, first.Median, r.Day), More: w.T("reports.nine_in_ten", "Time", w.spread(first, first.P90, r.Day)), Few: first.N > 0 && first.N < fewCases},
		{Label: "reports.decision", Value: w.spread(decision, decision.Median, r.Day), More: w.T("reports.nine_in_ten", "Time", w.spread(decision, decision.P90, r.Day)), Few: decision.N > 0 && decision.N < fewCases},
		{Label: "reports.rating", Value: rating, More: w.T("reports.of_rated", "N", w.number(rated)), Few: rated > 0 && rated < fewCases},
	}
}

// finished are cases that an official decided on and that are not open again.
func finished(c numbers.Counts) int { return c[numbers.Decided] }

func (w reportWords) line(r numbers.Report, of func(numbers.Counts) int) template.HTML {
	values := make([]int, len(r.Months))
	for i, m := range r.Months {
		values[i] = of(m.Counts)
	}
	return spark(values)
}

// parts are the questions of the page, in order.
func (w reportWords) parts(r numbers.Report, units bool) []part {
	list := []part{w.monthly(r), w.clocks(r), w.states(r)}
	dimensions := []numbers.Dimension{numbers.ByDistrict, numbers.ByChannel, numbers.ByMatter, numbers.ByClass, numbers.ByElement}
	if units {
		dimensions = append([]numbers.Dimension{numbers.ByUnit}, dimensions...)
	}
	for _, d := range dimensions {
		list = append(list, w.broken(r, d))
	}
	return append(list, w.counted(r, "outcomes", numbers.OutcomeOf), w.counted(r, "failing", numbers.FailingOf))
}

func (w reportWords) monthly(r numbers.Report) part {
	p := part{ID: "months", Title: "reports.q_months", Head: w.head("month", "received", "finished", "open", "overdue", "ontime", "first_short", "decision_short"),
		Key: []string{w.T("reports.key_received"), w.T("reports.key_finished")}, None: "reports.none"}
	var pairs []pair
	every := (len(r.Months) + 11) / 12
	for i, m := range r.Months {
		pairs = append(pairs, pair{Label: w.month(m.Value)[:3], Whole: m.Counts[numbers.Received], Part: finished(m.Counts), ShownBelow: i%every == 0})
		p.Rows = append(p.Rows, append([]string{w.month(m.Value)}, w.cells(r, m.Counts)...))
	}
	if r.Total[numbers.Received] > 0 {
		p.Chart = columnChart(w.T("reports.say_months", "N", w.number(r.Total[numbers.Received]), "Done", w.number(finished(r.Total))), pairs, w.number)
	}
	slices.Reverse(p.Rows)
	return p
}

// cells are what every table of cases shows beside the first column.
func (w reportWords) cells(r numbers.Report, c numbers.Counts) []string {
	kept, judged := c.OnTime(string(complaints.ResolveClock))
	first, decision := c.First(), c.Decision()
	return []string{w.number(c[numbers.Received]), w.number(finished(c)), w.number(c[numbers.Open]), w.number(c[numbers.Overdue]),
		w.share(kept, judged), w.spread(first, first.Median, r.Day), w.spread(decision, decision.Median, r.Day)}
}

func (w reportWords) head(keys ...string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = w.T("reports.h_" + k)
	}
	return out
}

// clocks asks whether deadlines are kept.
func (w reportWords) clocks(r numbers.Report) part {
	p := part{ID: "clocks", Title: "reports.q_clocks", Head: w.head("clock", "kept", "late", "ontime"), None: "reports.none_judged"}
	var bars []bar
	least := fewCases
	for _, kind := range []complaints.ClockKind{complaints.VerifyClock, complaints.FirstClock, complaints.ResolveClock, complaints.EmergencyClock, complaints.PapersClock, complaints.RefundClock} {
		kept, judged := r.Total.OnTime(string(kind))
		if judged == 0 {
			continue
		}
		name := w.T("reports.clock_" + string(kind))
		percent, _ := numbers.Share(kept, judged)
		bars = append(bars, bar{Label: name, Value: float64(percent), Text: w.share(kept, judged)})
		p.Rows = append(p.Rows, []string{name, w.number(kept), w.number(judged - kept), w.share(kept, judged)})
		least = min(least, judged)
	}
	p.Few = least < fewCases
	p.Chart = barChart(w.T("reports.q_clocks"), bars, 100)
	return p
}

// states says where the cases stand; together they are all that were received.
func (w reportWords) states(r numbers.Report) part {
	p := part{ID: "states", Title: "reports.q_states", Head: w.head("state", "cases", "share"), None: "reports.none"}
	var bars []bar
	for _, state := range complaints.States {
		n := r.Total[numbers.StateOf+string(state)]
		if n == 0 {
			continue
		}
		name := label(w.Printer, "state", string(state))
		bars = append(bars, bar{Label: name, Value: float64(n), Text: w.number(n)})
		p.Rows = append(p.Rows, []string{name, w.number(n), w.share(n, r.Total[numbers.Received])})
	}
	for _, more := range []string{numbers.Returned, numbers.Reopened} {
		if n := r.Total[more]; n > 0 {
			p.Rows = append(p.Rows, []string{w.T("reports.ever_" + more), w.number(n), w.share(n, r.Total[numbers.Received])})
		}
	}
	p.Chart = barChart(w.T("reports.q_states"), bars, 0)
	return p
}

// mostBars is how many values a chart shows; the table has them all.
const mostBars = 10

func (w reportWords) broken(r numbers.Report, d numbers.Dimension) part {
	p := part{ID: string(d), Title: "reports.q_" + string(d), Head: w.head(string(d), "received", "finished", "open", "overdue", "ontime", "first_short", "decision_short"), None: "reports.none"}
	var bars []bar
	rows := r.By[d]
	if d == numbers.ByUnit { // the question is who needs help
		rows = slices.Clone(rows)
		slices.SortStableFunc(rows, func(a, b numbers.Row) int { return cmp.Compare(b.Counts[numbers.Overdue], a.Counts[numbers.Overdue]) })
	}
	for i, row := range rows {
		name, n := w.value(d, row.Value), row.Counts[numbers.Received]
		if d == numbers.ByUnit {
			n = row.Counts[numbers.Overdue]
		}
		if i < mostBars && n > 0 {
			bars = append(bars, bar{Label: name, Value: float64(n), Text: w.number(n)})
		}
		p.Rows = append(p.Rows, append([]string{name}, w.cells(r, row.Counts)...))
	}
	p.Chart = barChart(w.T("reports.q_"+string(d)), bars, 0)
	return p
}

// counted is a table of one family of counts, the largest first.
func (w reportWords) counted(r numbers.Report, id, family string) part {
	p := part{ID: id, Title: "reports.q_" + id, Head: w.head(id, "checks", "share"), None: "reports.none_" + id}
	codes, sum := r.Total.Family(family), r.Total.Sum(family)
	if family == numbers.FailingOf {
		sum = r.Total[numbers.OutcomeOf+"not_eligible"]
	}
	var rows []numbers.Row
	for code, n := range codes {
		rows = append(rows, numbers.Row{Value: code, Counts: numbers.Counts{numbers.Received: n}})
	}
	slices.SortFunc(rows, func(a, b numbers.Row) int {
		return cmp.Or(cmp.Compare(b.Counts[numbers.Received], a.Counts[numbers.Received]), cmp.Compare(a.Value, b.Value))
	})
	var bars []bar
	for _, row := range rows {
		n := row.Counts[numbers.Received]
		name := label(w.Printer, "reports.outcome", row.Value)
		if family == numbers.FailingOf {
			name = label(w.Printer, "reports.criterion", row.Value)
		}
		bars = append(bars, bar{Label: name, Value: float64(n), Text: w.number(n)})
		p.Rows = append(p.Rows, []string{name, w.number(n), w.share(n, sum)})
	}
	p.Few = sum > 0 && sum < fewCases
	p.Chart = barChart(w.T("reports.q_"+id), bars[:min(len(bars), mostBars)], 0)
	return p
}

// presets are the periods that people ask for.
func presets(w *i18n.Printer, f reportForm, now time.Time) []preset {
	month := func(back int) string {
		first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
		return first.AddDate(0, -back, 0).Format("2006-01")
	}
	var list []preset
	for _, p := range []struct{ key, from, to string }{
		{"reports.this_month", month(0), month(0)}, {"reports.last_month", month(1), month(1)},
		{"reports.this_year", strconv.Itoa(now.Year()) + "-01", month(0)}, {"reports.twelve", month(11), month(0)},
	} {
		with := f
		with.From, with.To = p.from, p.to
		list = append(list, preset{Label: w.T(p.key), Query: with.query(), Current: f.From == p.from && f.To == p.to})
	}
	return list
}
