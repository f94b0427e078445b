package policy

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"layak/internal/area"
)

var months = [...]string{"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"}

// humanDay writes 2026-11-01 as "1 Nov 2026".
func humanDay(day string) string {
	return strconv.Itoa(number(day[8:])) + " " + months[number(day[5:7])-1] + " " + day[:4]
}

// HumanDay writes a day YYYY-MM-DD as people do: 1 Jan 2027; anything else comes back as it is.
func HumanDay(day string) string {
	if !validDay(day) {
		return day
	}
	return humanDay(day)
}

const areaWord = "wilayah "

// render turns the days, moments and area codes in a text of the rules into words: 2026-11-01 into
// "1 Nov 2026", a moment also into "pukul 09.12" in the zone, "wilayah 35.09" into the name.
func render(s string, zone *time.Location) string {
	if !strings.ContainsAny(s, "-.") {
		return s
	}
	var out strings.Builder
	out.Grow(len(s) + 16)
	for i := 0; i < len(s); {
		if strings.HasPrefix(s[i:], areaWord) {
			if name, n := place(s[i+len(areaWord):]); n > 0 {
				out.WriteString(name)
				i += len(areaWord) + n
				continue
			}
		}
		if s[i] >= '0' && s[i] <= '9' && len(s)-i >= 10 && validDay(s[i:i+10]) {
			words, n := moment(s[i:], zone)
			out.WriteString(words)
			i += n
			continue
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		out.WriteString(s[i : i+n])
		i += n
	}
	return out.String()
}

// moment writes the day, or the day and time, that s starts with, and tells how long it was.
func moment(s string, zone *time.Location) (string, int) {
	if len(s) > 10 && s[10] == 'T' {
		end := 10
		for end < len(s) && strings.IndexByte("0123456789T:.+-Z", s[end]) >= 0 {
			end++
		}
		t, err := time.Parse(time.RFC3339, s[:end])
		if err == nil {
			t = t.In(zone)
			return humanDay(t.Format(time.DateOnly)) + " pukul " + t.Format("15.04"), end
		}
	}
	return humanDay(s[:10]), 10
}

// place names the area whose code s starts with, from the village up to the regency.
func place(s string) (string, int) {
	n := 0
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n] == '.') {
		n++
	}
	code := area.Code(strings.TrimRight(s[:n], "."))
	n = len(code)
	if code.Level() == area.NoLevel {
		return "", 0
	}
	prefix := map[area.Level]string{area.Village: "Desa/Kelurahan ", area.District: "Kecamatan "}
	var parts []string
	for c := code; c != "" && (c.Level() != area.Province || c == code); c = c.Parent() {
		a, ok := area.Lookup(c)
		if !ok || a.Name == "" {
			continue // a code that came later than the table: its surroundings are still told
		}
		parts = append(parts, prefix[c.Level()]+a.Name)
	}
	if len(parts) == 0 {
		return "", 0
	}
	return strings.Join(parts, ", "), n
}

// summary is what the banner says, in the order in which a clerk says it: the answer, why, what can
// be done.
func (e *Engine) summary(d Decision) string {
	lead := ""
	if d.Advice == TreatNow {
		lead = "Layani dulu; berkas menyusul. "
	}
	switch d.Outcome {
	case Eligible:
		why := e.clauses(d, Note)
		return lead + strings.Join(append([]string{"Layak. Dapat didaftarkan hari ini"}, why...), "; ") + "."
	case AlreadyCovered:
		for _, f := range d.Findings {
			if why := e.clause(f); f.Verdict == Met && why != "" {
				return lead + "Sudah terjamin: " + why + ". " + e.byCode[f.Code].act[Met]
			}
		}
		return lead + "Sudah terjamin JKN dan aktif."
	case NotEligible:
		return lead + "Belum memenuhi syarat UHC: " + strings.Join(e.clauses(d, NotMet), "; ") +
			". Yang dapat dilakukan: " + strings.Join(e.acts(d, NotMet), "; ") + "."
	}
	return lead + "Perlu dilengkapi: " + enumerated(e.clauses(d, Unknown)) + "."
}

// clause is the short clause of a finding: what its rule gives, in which {seen} stands for what was
// seen. Without one an open finding says what settles it, and a refusal what was seen.
func (e *Engine) clause(f Finding) string {
	rule := e.byCode[f.Code]
	clause := rule.because[f.Verdict]
	switch {
	case clause != "":
		return strings.ReplaceAll(clause, "{seen}", lowerFirst(f.Seen))
	case f.Verdict == NotMet:
		return lowerFirst(f.Seen)
	case f.Verdict == Unknown:
		return lowerFirst(strings.TrimSuffix(rule.act[Unknown], "."))
	}
	return ""
}

// clauses lists the clauses of the findings of a verdict, each once.
func (e *Engine) clauses(d Decision, v Verdict) []string {
	var out []string
	for _, f := range d.Findings {
		if f.Verdict != v {
			continue
		}
		if c := e.clause(f); c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// acts lists what can be done about the findings of a verdict, each once.
func (e *Engine) acts(d Decision, v Verdict) []string {
	var out []string
	for _, f := range d.Findings {
		if f.Verdict != v {
			continue
		}
		if a := lowerFirst(strings.TrimSuffix(e.byCode[f.Code].act[v], ".")); !slices.Contains(out, a) {
			out = append(out, a)
		}
	}
	return out
}

// enumerated joins as one does aloud: "a", "a, dan b", "a, b, dan c".
func enumerated(parts []string) string {
	if n := len(parts); n > 1 {
		return strings.Join(parts[:n-1], ", ") + ", dan " + parts[n-1]
	}
	return strings.Join(parts, "")
}

// firstSentence cuts a text after its first full stop that ends a sentence.
func firstSentence(s string) string {
	first, _, found := strings.Cut(s, ". ")
	if found {
		return first + "."
	}
	return s
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if next, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsUpper(next) {
		return s // an abbreviation
	}
	return string(unicode.ToLower(r)) + s[n:]
}
