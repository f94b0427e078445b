package eligibility

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/fault"
)

// Query is a search by name within a village or district of the caller's scope.
type Query struct {
	Name      string
	Area      area.Code // village or district
	BirthDate Date      // narrows when given
	Limit     int       // 20 when 0
}

// Match is one person whose name is like the one asked for.
type Match struct {
	NameRow
	Likeness float64 // 0 to 1
}

// minLikeness is where a list of similar names stops being of use at a desk: below it two names
// share fewer than half of their letter pairs.
const minLikeness = 0.5

// Search lists people whose name is like q.Name, likest first, and records the search. Outside the
// caller's areas the answer is fault.NotFound, as for every list.
func (c *Checker) Search(ctx context.Context, q Query) ([]Match, error) {
	actor, err := c.actor(ctx)
	if err != nil {
		return nil, err
	}
	key := NameKey(q.Name)
	if len(key) < 3 {
		return nil, fault.New(fault.Invalid, "name_short", "Tulis nama paling sedikit tiga huruf.").
			At("name", "Tulis nama paling sedikit tiga huruf.")
	}
	if _, ok := area.Lookup(q.Area); !ok || !actor.Sees(q.Area) {
		return nil, fault.New(fault.NotFound, "area_unknown", "Pilih desa/kelurahan atau kecamatan di wilayah unit Anda.")
	}
	rows, err := c.Registry.Names(ctx, q.Area)
	if err != nil {
		return nil, err
	}
	err = c.Trail.Record(ctx, audit.Entry{
		Actor: actor.Name, Act: "registry.search", Object: "area", ObjectID: string(q.Area),
	})
	if err != nil {
		return nil, err
	}
	return bestMatches(rows, key, q), nil
}

func bestMatches(rows []NameRow, key string, q Query) []Match {
	want := pairs(key)
	var out []Match
	for _, r := range rows {
		if q.BirthDate != "" && r.BirthDate != q.BirthDate {
			continue
		}
		l := likeness(want, pairs(NameKey(r.Name)))
		if l >= minLikeness {
			out = append(out, Match{NameRow: r, Likeness: l})
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Likeness, a.Likeness), cmp.Compare(a.Name, b.Name), cmp.Compare(a.NIK, b.NIK))
	})
	limit := q.Limit
	if limit <= 0 {
		limit = 20
	}
	return out[:min(limit, len(out))]
}

// oldSpelling turns Dutch-time spelling and common doubles into today's: Soekarno and Sukarno,
// Moh. and Muhammad are one name to a clerk.
var oldSpelling = strings.NewReplacer("OE", "U", "DJ", "J", "TJ", "C", "SJ", "SY", "NJ", "NY", "CH", "H",
	"TT", "T", "SS", "S", "DD", "D", "LL", "L", "NN", "N", "MM", "M")

// titles are not part of a name.
var titles = map[string]bool{"H": true, "HJ": true, "DR": true, "DRS": true, "IR": true, "SH": true,
	"SPD": true, "SE": true, "ST": true, "ALM": true, "BIN": true, "BINTI": true}

// shortened are given names that everybody abbreviates.
var shortened = map[string]string{"MOH": "MUHAMAD", "MUH": "MUHAMAD", "MUHAMMAD": "MUHAMAD", "MOHAMMAD": "MUHAMAD",
	"MOHAMAD": "MUHAMAD", "MOCHAMAD": "MUHAMAD", "MOCHAMMAD": "MUHAMAD", "MUCHAMAD": "MUHAMAD", "MOCH": "MUHAMAD",
	"M": "MUHAMAD", "ABD": "ABDUL", "A": "AHMAD", "ACHMAD": "AHMAD", "ACH": "AHMAD", "AKHMAD": "AHMAD"}

// NameKey is the form in which names are compared: capitals without titles, points, old spelling
// and abbreviations.
func NameKey(name string) string {
	var b strings.Builder
	words := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' })
	for i, w := range words {
		w = strings.NewReplacer("'", "", "’", "").Replace(w)
		if titles[w] && len(words) > 1 {
			continue
		}
		if full, ok := shortened[w]; ok && (len(w) > 1 || i == 0) && len(words) > 1 {
			w = full
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(oldSpelling.Replace(w))
	}
	return b.String()
}

// pairs lists the pairs of neighbouring letters, word by word with the word's ends marked, sorted.
func pairs(key string) []uint32 {
	out := make([]uint32, 0, len(key)+2)
	for word := range strings.FieldsSeq(key) {
		last := ' '
		for _, r := range word {
			out = append(out, uint32(last)<<16|uint32(r)&0xffff)
			last = r
		}
		out = append(out, uint32(last)<<16|' ')
	}
	slices.Sort(out)
	return out
}

// likeness is the Dice coefficient of two sorted pair lists, or how much of the shorter lies in
// the longer when that says more (a clerk often types one of three names).
func likeness(a, b []uint32) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	common, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			common, i, j = common+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	dice := 2 * float64(common) / float64(len(a)+len(b))
	inside := 0.9 * float64(common) / float64(min(len(a), len(b)))
	if len(a) > len(b) {
		inside = 0 // more was typed than the name holds
	}
	return max(dice, inside)
}
