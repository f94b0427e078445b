package policy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// numberedLaw finds a law of the state in an article: they all can be read under one address.
var numberedLaw = regexp.MustCompile(`(?i)\b(UU|PP|Perpres|Undang-Undang|Peraturan Pemerintah|Peraturan Presiden) (?:No\.? |Nomor )?(\d+)(?:/| Tahun )(\d{4})`)

// shortLaw gives the short name of a kind of law that was written out.
func shortLaw(kind string) string {
	switch kind = strings.ToLower(kind); kind {
	case "undang-undang":
		return "uu"
	case "peraturan pemerintah":
		return "pp"
	case "peraturan presiden":
		return "perpres"
	}
	return strings.ToLower(kind)
}

// unsourced refuses a cause of refusal that rests on a law and does not say where it can be read: whoever
// approves it has to read it. What rests on the programme's own consideration has no such place.
func (r *reviewer) unsourced() {
	l := loaded{ruleSet: *r.set}
	for _, rule := range r.set.rules {
		law := numberedLaw.FindStringSubmatch(rule.Article)
		if law == nil || len(rule.Laws) > 0 || !l.refuses(rule) {
			continue
		}
		address := fmt.Sprintf("https://peraturan.go.id/id/%s-no-%s-tahun-%s", shortLaw(law[1]), law[2], law[3])
		p := Problem{File: rule.File, Row: rule.Line, Col: 1, Code: "law_unsourced",
			Message: fmt.Sprintf("Sebab %s bersandar pada %s, tetapi belum menunjuk di mana peraturan itu dapat dibaca.", clip(rule.Code), law[0]),
			Fix:     "Tambahkan related_resources di METADATA di bawah title, dengan ref: " + address}
		if row := r.titleRow(rule); row > 0 {
			p.Edit = &Edit{Row: row, Col: 1, EndRow: row, EndCol: 1,
				Text: "# related_resources:\n#   - ref: " + address + "\n#     description: " + law[0] + "\n"}
		}
		r.found = append(r.found, p)
	}
}

// titleRow gives the row below the title in the METADATA of a rule, 0 when the title is not on one line of
// its own.
func (r *reviewer) titleRow(rule Rule) int {
	lines := strings.Split(rule.Source, "\n")
	title := slices.Index(lines, "# title: "+rule.Title)
	head := slices.IndexFunc(lines, func(s string) bool { return !strings.HasPrefix(s, "#") })
	if title < 0 || head < title {
		return 0
	}
	return rule.Line - head + title + 1
}
