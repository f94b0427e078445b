package web

import (
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/i18n"
	"layak/policy"
)

// templateFuncs are what templates may call, in one language.
func (s *Server) templateFuncs(p *i18n.Printer) template.FuncMap {
	return template.FuncMap{
		"t":         p.T,
		"label":     func(list, code string) string { return label(p, list, code) },
		"static":    s.assets.path,
		"icon":      s.icon,
		"date":      func(v any) string { return formatDate(p.Lang, s.Zone, v) },
		"datetime":  func(t time.Time) string { return formatTime(p.Lang, s.Zone, t) },
		"isodate":   func(t time.Time) string { return t.In(s.Zone).Format(time.DateOnly) },
		"rupiah":    func(n int64) string { return rupiahText(p.Lang, n) },
		"big":       func(n int64) string { return formatNumber(p.Lang, int(n)) },
		"number":    func(n int) string { return formatNumber(p.Lang, n) },
		"maskname":  eligibility.MaskName,
		"masknik":   func(n string) string { return eligibility.NIK(n).Masked() },
		"hidden":    func(s string) bool { return strings.Contains(s, "•") },
		"areas":     areaLabel,
		"lower":     strings.ToLower,
		"join":      strings.Join,
		"codes":     policy.Codes,
		"words":     wordCodes,
		"kilobytes": func(n int) string { return formatNumber(p.Lang, (n+1023)/1024) + " KB" },
		"list":      func(v ...string) []string { return v },
		"has":       func(list []string, v string) bool { return slices.Contains(list, v) },
		"when": func(cond bool, v string) string {
			if cond {
				return v
			}
			return ""
		},
		"under":       underBanner,
		"inc":         func(n int) int { return n + 1 },
		"short":       shortHash,
		"fingerprint": fingerprintGroups,
		"dict":        dict,
		"field":       newField,
	}
}

// wordCodes are the codes of a closed list of package complaints, in the order of screens.
func wordCodes(list string) []string {
	var codes []string
	for _, w := range map[string][]complaints.Word{
		"channel": complaints.Channels, "matter": complaints.Matters, "reporter": complaints.Relations, "need": complaints.Needs,
		"decision": complaints.Decisions, "through": complaints.Throughs, "regresult": complaints.Results,
		"class": complaints.Classes, "priority": complaints.Priorities, "way": complaints.Ways, "taskresult": complaints.TaskResults, "element": complaints.Elements, "reject": complaints.RejectReasons,
	}[list] {
		codes = append(codes, w.Code)
	}
	return codes
}

// label gives the word for a code of a closed list: message "list.code", or the code with spaces.
func label(p *i18n.Printer, list, code string) string {
	if code == "" {
		return ""
	}
	if key := list + "." + code; p.Has(key) {
		return p.T(key)
	}
	return strings.ReplaceAll(code, "_", " ")
}

// icon draws a symbol of the sprite; it is decoration, the words stand beside it.
func (s *Server) icon(name string) template.HTML {
	return template.HTML(`<svg class="i" aria-hidden="true" focusable="false"><use href="` + //nolint:gosec // name comes from templates
		s.assets.path("icons.svg") + "#" + template.HTMLEscapeString(name) + `"></use></svg>`)
}

// inputField is one labelled input as the partial "field" draws it.
type inputField struct {
	Name, Label, Value, Type, Hint, Problem, Auto string
	Required                                      bool
}

// newField describes an input: name, label key, value, problem, then options as pairs
// (type, hint, auto, required).
func newField(name, label, value, problem string, options ...any) (inputField, error) {
	f := inputField{Name: name, Label: label, Value: value, Problem: problem, Type: "text"}
	for i := 0; i+1 < len(options); i += 2 {
		text := fmt.Sprint(options[i+1])
		switch options[i] {
		case "type":
			f.Type = text
		case "hint":
			f.Hint = text
		case "auto":
			f.Auto = text
		case "required":
			f.Required = text == "true"
		default:
			return f, fmt.Errorf("field %s: unknown option %v", name, options[i])
		}
	}
	return f, nil
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("dict: odd number of values")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: key %v is no text", pairs[i])
		}
		m[key] = pairs[i+1]
	}
	return m, nil
}

var monthNames = map[string][]string{
	i18n.Indonesian: {"Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"},
	i18n.English:    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
}

// formatDate writes a day as "1 Nov 2026"; unknown is "".
func formatDate(lang string, zone *time.Location, v any) string {
	var t time.Time
	switch d := v.(type) {
	case time.Time:
		t = d.In(zone)
	case *time.Time:
		if d != nil {
			t = d.In(zone)
		}
	case eligibility.Date:
		t = d.Time()
	case string:
		t = eligibility.Date(d).Time()
	}
	if t.IsZero() {
		return ""
	}
	return strconv.Itoa(t.Day()) + " " + monthNames[lang][t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// formatTime writes a moment as "21 Nov 2026 10.42".
func formatTime(lang string, zone *time.Location, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	clock := "15.04"
	if lang == i18n.English {
		clock = "15:04"
	}
	return formatDate(lang, zone, t) + " " + t.In(zone).Format(clock)
}

// formatNumber groups thousands: 2.579.623, in English 2,579,623.
func formatNumber(lang string, n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	sep := "."
	if lang == i18n.English {
		sep = ","
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + sep + digits[i:]
	}
	return sign + digits
}

// rupiahText writes an amount of money: "Rp 1.250.000".
func rupiahText(lang string, n int64) string { return "Rp " + formatNumber(lang, int(n)) }

// areaLabel writes an area with the one it lies in: "Mangli, Kaliwates".
func areaLabel(c any) string {
	code := area.Code(fmt.Sprint(c))
	a, ok := area.Lookup(code)
	if code == "" || !ok {
		return string(code)
	}
	return a.Label()
}

func shortHash(h string) string {
	h = strings.TrimPrefix(h, "sha256:")
	return h[:min(len(h), 8)]
}

// bannerHeads are how the rules begin the sentence of an answer, for places where it stands alone.
var bannerHeads = []string{"Perlu dilengkapi: ", "Belum memenuhi syarat UHC: ", "Sudah terjamin: ", "Layak. "}

// underBanner is the sentence for the place below the banner that says the answer already: without
// the answer at its head, with a capital.
func underBanner(summary string) string {
	for _, head := range bannerHeads {
		rest, found := strings.CutPrefix(summary, head)
		if found && rest != "" {
			first, size := utf8.DecodeRuneInString(rest)
			return string(unicode.ToUpper(first)) + rest[size:]
		}
	}
	return summary
}
