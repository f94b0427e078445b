// Package area owns the administrative areas of Indonesia: Kemendagri codes, names, and the look-up
// of both. The table of all of them is part of the program and is unpacked one province at a time,
// when somebody first asks for it. The package names no regency of its own and knows nothing of
// people; it does not know the codes of BPS, which number the same places differently.
//
// Everything here may be called from many goroutines.
package area

import "strings"

// Code is a Kemendagri area code with dots: "35", "35.09", "35.09.19", "35.09.19.1001".
type Code string

// Level is how deep a code reaches.
type Level int

// The levels. NoLevel belongs to a text that is not shaped like a code.
const (
	NoLevel Level = iota
	Province
	Regency
	District
	Village
)

// Area is one province, regency, district or village.
type Area struct {
	Code Code   `json:"code"`
	Name string `json:"name"` // usual letter case; a regency's with "Kabupaten" or "Kota"
}

// lengths of a code per level.
var lengths = [...]int{NoLevel: 0, Province: 2, Regency: 5, District: 8, Village: 13}

// Level tells how deep the code reaches, by its shape alone: the area need not exist.
func (c Code) Level() Level {
	for level, n := range lengths {
		if len(c) == n {
			return Level(level)
		}
	}
	return NoLevel
}

// Parent is the area around c; "" for a province.
func (c Code) Parent() Code {
	if i := strings.LastIndexByte(string(c), '.'); i > 0 {
		return c[:i]
	}
	return ""
}

// Province cuts the code to its province; "" when it has none.
func (c Code) Province() Code { return c.at(Province) }

// Regency cuts the code to its regency; "" for a province.
func (c Code) Regency() Code { return c.at(Regency) }

// District cuts the code to its district; "" for a province or regency.
func (c Code) District() Code { return c.at(District) }

func (c Code) at(l Level) Code {
	n := lengths[l]
	if len(c) < n || len(c) > n && c[n] != '.' {
		return ""
	}
	return c[:n]
}

// Contains tells whether other is c itself or lies inside it.
func (c Code) Contains(other Code) bool {
	return c != "" && (c == other || len(other) > len(c) && other[:len(c)] == c && other[len(c)] == '.')
}

// Lookup finds an area by its exact code.
func Lookup(c Code) (Area, bool) {
	if c.Level() == Province {
		t := entries[c]
		return Area{c, t.name()}, t != nil
	}
	t := entries[c.Province()]
	if t == nil {
		return Area{}, false
	}
	return t.find(c)
}

// Parse reads a Kemendagri code of 2, 4, 6 or 10 digits, with or without dots, that exists.
// BPS codes have other lengths or name no area here, so they are not taken.
func Parse(text string) (Code, bool) {
	var digits []byte
	for _, r := range strings.TrimSpace(text) {
		switch {
		case r >= '0' && r <= '9':
			digits = append(digits, byte(r))
		case r != '.' && r != ' ':
			return "", false
		}
	}
	var c Code
	switch d := string(digits); len(d) {
	case 2:
		c = Code(d)
	case 4:
		c = Code(d[:2] + "." + d[2:])
	case 6:
		c = Code(d[:2] + "." + d[2:4] + "." + d[4:])
	case 10:
		c = Code(d[:2] + "." + d[2:4] + "." + d[4:6] + "." + d[6:])
	default:
		return "", false
	}
	if strings.ContainsRune(text, '.') && strings.TrimSpace(text) != string(c) {
		return "", false // dots elsewhere than between the groups: a number, not a code
	}
	_, ok := Lookup(c)
	return c, ok
}

// Children lists the areas directly inside c in code order; the provinces for "".
func Children(c Code) []Area {
	if c == "" {
		return provinces()
	}
	t := entries[c.Province()]
	if t == nil {
		return nil
	}
	return t.children(c)
}

// Path lists the areas from the province down to c; nil when c does not exist.
func Path(c Code) []Area {
	if _, ok := Lookup(c); !ok {
		return nil
	}
	var path []Area
	for l := Province; l <= c.Level(); l++ {
		a, _ := Lookup(c.at(l))
		path = append(path, a)
	}
	return path
}

// Source names the data set that the table was made from, with its version.
func Source() string { return source }

// Title is the name with what the area is: "Kelurahan Mangli", "Kecamatan Kaliwates",
// "Kabupaten Jember", "Provinsi Jawa Timur". The last group of a village code says what it is: 1xxx
// kelurahan; anything else is a desa.
func (a Area) Title() string {
	var what string
	switch a.Code.Level() {
	case Province:
		what = "Provinsi "
	case District:
		what = "Kecamatan "
	case Village:
		what = "Desa "
		if a.Code.Kelurahan() {
			what = "Kelurahan "
		}
	}
	if strings.HasPrefix(a.Name, what) || strings.HasPrefix(a.Name, "Daerah ") {
		return a.Name
	}
	return what + a.Name
}

// Kelurahan tells whether the code is that of a kelurahan, a village led by a civil servant.
func (c Code) Kelurahan() bool { return c.Level() == Village && c[9] == '1' }

// Label is the title with that of the area around it, as an address says it:
// "Kelurahan Mangli, Kecamatan Kaliwates", "Kecamatan Kaliwates, Kabupaten Jember".
func (a Area) Label() string {
	if p, ok := Lookup(a.Code.Parent()); ok {
		return a.Title() + ", " + p.Title()
	}
	return a.Title()
}
