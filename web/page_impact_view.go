package web

import (
	"slices"
	"strconv"
	"strings"

	"layak/eligibility/impact"
	"layak/internal/i18n"
	"layak/policy"
)

// impactPages are the page sets of previews over the whole registry.
var impactPages = map[string][]string{"impact": {"problems", "impact_run", "figures"}}

// impactPage shows what other rules would change for everybody of the registry.
type impactPage struct {
	Base
	Back    string // address of the draft or proposal that is tried
	Draft   string // its name
	Against string // "aturan versi 12"
	Self    string // address of this page
	Run     *impactRun
	Result  *impact.Result
	Lines   []impactLine
	Ways    []impactWay
	Cuts    []impactCut
	People  []impactSamples
	Columns []impactColumn
	Codes   map[string]map[string]string // words of codes, by fact

	OnlyRouting bool // nothing but the handling of complaints differs, which no preview of residents shows
	MayRun      bool
	MayName     bool             // may see people out of the whole regency, masked: who writes or approves rules
	MayOpen     bool             // may open a stored check
	MaySee      bool             // may open a complaint
	Months      []int            // choices of a replay
	Replay      *impact.Replayed // of answers that were given; nil until there is one
	Outdated    bool             // the registry or the day went on since, or numbers begin on another day
	Stale       string           // why it is outdated
	Day         string           // YYYY-MM-DD, the day of service that is offered
	Begins      string           // days on which numbers of the draft begin, in words
	Sum         int64            // rupiah a month that the premiums rise, or fall when Cheaper
	Cheaper     bool
	Unseen      string         // what the changed rules read and no registry holds, in words; "" when nothing
	Routes      bool           // the handling of complaints changes
	Routing     *impactRouting // of the open complaints; nil until somebody looked
	Days        []impactDay    // when something begins on several
}

// Busy tells whether something is being computed: what is missing may be under way, and no button begins it.
func (p *impactPage) Busy() bool { return p.Run != nil && p.Run.Running }

// impactRun is a preview under way, or how it ended without a result.
type impactRun struct {
	ID      string
	Running bool
	Stage   string // word of the stage
	Done    int
	Total   int
	Percent int
	Failed  string // why there is no result
}

// impactLine is one group of people in the headline.
type impactLine struct {
	Group  string
	People int
	Share  string
}

// impactWay is one way in which the answers differ.
type impactWay struct {
	Group  string
	People int
	From   policy.Outcome
	To     policy.Outcome
	Why    []string // what was said of each condition, and what is said now
	Where  []string
}

// impactColumn is one fact that the rules read, and how often nobody knows it.
type impactColumn struct {
	Label  string
	Share  string // "4,9 %", "" when it is always filled
	Empty  int
	Titles []string // of the conditions that rest on it
}

// impactCut is a table of the counts by one fact.
type impactCut struct {
	Title string
	By    string // the title as it stands within a sentence
	Head  []string
	Rows  [][]string
	Long  bool // too long to be shown at once
}

// impactSamples are some people of one group.
type impactSamples struct {
	Group string
	Rows  []impactSample
}

type impactSample struct {
	impact.Sample
	Place string
	Why   []string
}

// manyRows is how long a table may be before it is folded.
const manyRows = 40

// newImpactResult lays a result out. titles are those of the causes, by code.
func newImpactResult(p *impactPage, w *i18n.Printer, r *impact.Result, titles map[string]string) {
	p.Result = r
	if r.Cost != nil {
		p.Sum, p.Cheaper = max(r.Cost.Net, -r.Cost.Net), r.Cost.Net < 0
	}
	share := func(n int) string { return formatShare(w.Lang, n, r.Counts.People) }
	for _, line := range []impactLine{
		{Group: "gained", People: r.Counts.Gained}, {Group: "lost", People: r.Counts.Lost},
		{Group: "unclear", People: r.Counts.Unclear}, {Group: "reason", People: r.Counts.Reason},
		{Group: "failed", People: r.Counts.Failed}, {Group: "same", People: r.Counts.Same},
	} {
		if line.Group == "failed" && line.People == 0 {
			continue
		}
		line.Share = share(line.People)
		p.Lines = append(p.Lines, line)
	}
	for _, d := range r.Where {
		way := impactWay{Group: string(d.Group), People: d.People, From: d.From, To: d.To, Why: thenAndNow(w, d.Gone, d.New, titles)}
		for _, where := range d.Where {
			way.Where = append(way.Where, whereText(w, where, p.Codes))
		}
		p.Ways = append(p.Ways, way)
	}
	for _, d := range r.Dimensions {
		cut := impactCut{Title: d.Title, By: strings.ToLower(d.Title[:1]) + d.Title[1:], Head: []string{d.Title}, Long: len(d.Rows) > manyRows}
		for _, key := range []string{"people", "before", "after", "gained", "lost", "unclear", "reason"} {
			cut.Head = append(cut.Head, w.T("impact.head_"+key))
		}
		n := func(n int) string { return formatNumber(w.Lang, n) }
		for _, row := range d.Rows {
			cut.Rows = append(cut.Rows, []string{row.Name, n(row.People), n(row.Before), n(row.After), n(row.Gained), n(row.Lost), n(row.Unclear), n(row.Reason)})
		}
		p.Cuts = append(p.Cuts, cut)
	}
	p.Columns = columnsOf(w, r, titles)
	if !p.MayName {
		return
	}
	for _, s := range r.Samples {
		i := len(p.People) - 1
		if i < 0 || p.People[i].Group != string(s.Group) {
			p.People = append(p.People, impactSamples{Group: string(s.Group)})
			i++
		}
		var parts []string
		for _, part := range []struct{ text, key, arg string }{{s.Village, "", ""}, {s.Age, "impact.age", "N"}, {s.Desil, "impact.desil", "N"}, {orText(p.Codes["membership.segment"][s.Segment], s.Segment), "impact.segment", "Name"}} {
			switch {
			case part.text != "" && part.key != "":
				parts = append(parts, w.T(part.key, part.arg, part.text))
			case part.text != "":
				parts = append(parts, part.text)
			}
		}
		p.People[i].Rows = append(p.People[i].Rows, impactSample{Sample: s, Place: strings.Join(parts, " · "), Why: thenAndNow(w, s.Gone, s.New, titles)})
	}
}

// codeWords are the words of the closed lists of codes, by the fact that takes its values from them.
func codeWords(b policy.Bundle, day string) map[string]map[string]string {
	lex, lists, out := policy.Vocabulary(b, day), map[string]map[string]string{}, map[string]map[string]string{}
	for _, l := range lex.Lists {
		words := map[string]string{}
		for _, c := range l.Codes {
			words[c.Code] = c.Word
		}
		lists[l.Of+":"+l.Name] = words
	}
	for _, f := range lex.Facts {
		if f.List != "" {
			out[strings.TrimPrefix(f.Path, "input.")] = lists[f.Of+":"+f.List]
		}
	}
	return out
}

// whereText says what people of a difference have in common; codes are told by the words of their list.
func whereText(w *i18n.Printer, where impact.Where, codes map[string]map[string]string) string {
	words := codes[where.Column]
	if len(words) == 0 || len(where.Values) == 0 {
		return where.Text
	}
	said := make([]string, 0, len(where.Values)+1)
	for _, v := range where.Values {
		said = append(said, orText(words[v], v))
	}
	if where.Empty {
		said = append(said, w.T("impact.unknown_value"))
	}
	return where.Label + ": " + strings.Join(said, ", ")
}

// thenAndNow says of each condition what the rules in force said of it and what the draft says, each once.
func thenAndNow(w *i18n.Printer, gone, now []policy.Reason, titles map[string]string) []string {
	type said struct{ then, now string }
	var order []string
	all := map[string]*said{}
	of := func(r policy.Reason) *said {
		title := orText(titles[r.Code], r.Code)
		if all[title] == nil {
			all[title] = &said{}
			order = append(order, title)
		}
		return all[title]
	}
	for _, r := range gone {
		of(r).then = w.T("impact.verdict_" + string(r.Verdict))
	}
	for _, r := range now {
		of(r).now = w.T("impact.verdict_" + string(r.Verdict))
	}
	var out []string
	for _, title := range order {
		switch x := all[title]; {
		case x.then == x.now: // another sentence about the same
		case x.now == "":
			out = append(out, w.T("impact.then_only", "What", title, "Then", x.then))
		case x.then == "":
			out = append(out, w.T("impact.now_only", "What", title, "Now", x.now))
		default:
			out = append(out, w.T("impact.then_now", "What", title, "Then", x.then, "Now", x.now))
		}
	}
	return out
}

// columnsOf lists the facts that the rules read, those that are most often empty first.
func columnsOf(w *i18n.Printer, r *impact.Result, titles map[string]string) []impactColumn {
	var out []impactColumn
	for _, p := range r.Profile {
		col := impactColumn{Label: p.Label, Empty: p.Empty}
		if p.Empty > 0 {
			col.Share = formatShare(w.Lang, p.Empty, r.Counts.People)
		}
		for _, code := range p.Codes {
			if title := titles[code]; title != "" && !slices.Contains(col.Titles, title) {
				col.Titles = append(col.Titles, title)
			}
		}
		out = append(out, col)
	}
	slices.SortStableFunc(out, func(a, b impactColumn) int { return b.Empty - a.Empty })
	return out
}

// formatShare writes a part of a whole with one decimal: 4,9 %.
func formatShare(lang string, n, whole int) string {
	if whole == 0 {
		return ""
	}
	text := strconv.FormatFloat(100*float64(n)/float64(whole), 'f', 1, 64)
	if lang != i18n.English {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text + " %"
}
