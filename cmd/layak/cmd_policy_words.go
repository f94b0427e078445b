package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"layak/eligibility/impact"
	"layak/policy"
)

// impactWords are the words for the codes in a preview: titles of causes, and choices of facts by path.
type impactWords struct {
	titles map[string]string
	codes  map[string]map[string]string
}

// newImpactWords reads them out of both rule sets; the draft, being later, has the last word.
func newImpactWords(base, draft policy.Bundle, r impact.Run) impactWords {
	w := impactWords{titles: policy.Titles(base), codes: map[string]map[string]string{}}
	maps.Copy(w.titles, policy.Titles(draft))
	if r.Preview == nil {
		return w
	}
	lex := policy.Vocabulary(draft, r.Preview.ServiceOn)
	lists := map[string]map[string]string{}
	for _, l := range lex.Lists {
		lists[l.Of+":"+l.Name] = map[string]string{}
		for _, c := range l.Codes {
			lists[l.Of+":"+l.Name][c.Code] = c.Word
		}
	}
	for _, f := range lex.Facts {
		if f.List != "" {
			w.codes[strings.TrimPrefix(f.Path, "input.")] = lists[f.Of+":"+f.List]
		}
	}
	return w
}

// orWord gives the word for a code, the code itself where nobody has one.
func orWord[K ~string](words map[K]string, code K) string {
	if word := words[code]; word != "" {
		return word
	}
	return string(code)
}

// where says what people of a difference have in common.
func (w impactWords) where(where impact.Where) string {
	words := w.codes[where.Column]
	if len(words) == 0 || len(where.Values) == 0 {
		return where.Text
	}
	said := make([]string, 0, len(where.Values)+1)
	for _, v := range where.Values {
		said = append(said, orWord(words, v))
	}
	if where.Empty {
		said = append(said, "belum tercatat")
	}
	return where.Label + ": " + strings.Join(said, ", ")
}

var verdictNames = map[policy.Verdict]string{
	policy.Met: "terpenuhi", policy.NotMet: "belum terpenuhi", policy.Unknown: "belum diketahui", policy.Note: "catatan",
}

// thenAndNow says of each condition what the rules in force said of it and what the draft says.
func (w impactWords) thenAndNow(gone, now []policy.Reason) []string {
	type said struct{ title, then, now string }
	var all []said
	of := func(r policy.Reason) *said {
		title := orWord(w.titles, r.Code)
		i := slices.IndexFunc(all, func(s said) bool { return s.title == title })
		if i < 0 {
			all = append(all, said{title: title})
			i = len(all) - 1
		}
		return &all[i]
	}
	for _, r := range gone {
		of(r).then = verdictNames[r.Verdict]
	}
	for _, r := range now {
		of(r).now = verdictNames[r.Verdict]
	}
	var out []string
	for _, s := range all {
		switch {
		case s.then == s.now: // another sentence about the same
		case s.now == "":
			out = append(out, fmt.Sprintf("“%s”: dulu %s, kini tidak lagi disebut", s.title, s.then))
		case s.then == "":
			out = append(out, fmt.Sprintf("“%s”: kini %s", s.title, s.now))
		default:
			out = append(out, fmt.Sprintf("“%s”: dulu %s, kini %s", s.title, s.then, s.now))
		}
	}
	return out
}

// mostTitles bounds how many conditions are named of a fact; --json has them all.
const mostTitles = 3

// column says how full a fact is that the rules read, and what rests on it.
func (w impactWords) column(p impact.Profile, people int) string {
	var titles []string
	for _, code := range p.Codes {
		if title := orWord(w.titles, code); !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	rest := ""
	if more := len(titles) - mostTitles; more > 0 {
		titles, rest = titles[:mostTitles], fmt.Sprintf(", dan %d syarat lain", more)
	}
	share := "0"
	if people > 0 {
		share = strings.Replace(strconv.FormatFloat(100*float64(p.Empty)/float64(people), 'f', 1, 64), ".", ",", 1)
	}
	return fmt.Sprintf("%s: %s %% kosong; dasar “%s”%s", p.Label, share, strings.Join(titles, "”, “"), rest)
}
