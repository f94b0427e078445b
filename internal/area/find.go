package area

import "strings"

// Find looks a name up among the areas directly inside parent (the provinces for ""). It forgives
// letter case, joined or split words, punctuation and apostrophes, and the words that say what the
// area is ("Kel.", "Desa", "Kec.", "Kab.", "Kota", "Prov."). Such a word decides between a Kabupaten
// and a Kota of one name, and between a kelurahan and a desa of one name. A name that fits more than
// one area is not found.
func Find(parent Code, name string) (Area, bool) {
	return FindLevel(parent, parent.Level()+1, name)
}

// FindLevel looks a name up among all areas of the level inside parent: a village in a regency when
// nobody says in which district. A level that is not below parent finds nothing; below the whole
// country only provinces and regencies can be looked up.
func FindLevel(parent Code, level Level, name string) (Area, bool) {
	if parent != "" && parent.Level() == NoLevel || level <= parent.Level() || level > Village ||
		parent == "" && level > Regency {
		return Area{}, false
	}
	x := index(parent, level)
	if x == nil {
		return Area{}, false
	}
	return x.find(name)
}

// index gives the names of the level inside parent; nil when parent does not exist.
func index(parent Code, level Level) *nameIndex {
	if parent == "" {
		return country(level)
	}
	e := entries[parent.Province()]
	if e == nil {
		return nil
	}
	if _, ok := Lookup(parent); !ok {
		return nil
	}
	key := indexKey{parent, level}
	if x, ok := e.names.Load(key); ok {
		return x.(*nameIndex)
	}
	x, _ := e.names.LoadOrStore(key, newIndex(level, e.below(parent, level)))
	return x.(*nameIndex)
}

type indexKey struct {
	parent Code
	level  Level
}

// nameIndex finds areas of one level by their joined name without the word for what they are.
type nameIndex struct {
	level Level
	exact map[string][]Area // official name in small letters, words apart
	key   map[string][]Area // letters and digits only
}

func newIndex(level Level, list []Area) *nameIndex {
	x := &nameIndex{level, make(map[string][]Area, len(list)), make(map[string][]Area, len(list))}
	for _, a := range list {
		words := split(a.Name)
		x.add(words, a)
		switch level {
		case Regency: // official names start with the kind
			_, base := kindOf(level, words)
			x.add(base, a)
		case Province:
			if _, base := kindOf(level, words); len(base) < len(words) {
				x.add(base, a)
			}
		}
		if i := strings.IndexByte(a.Name, '('); i > 0 {
			x.add(split(a.Name[:i]), a)
		}
	}
	return x
}

func (x *nameIndex) add(words []string, a Area) {
	exact, key := strings.Join(words, " "), strings.Join(words, "")
	x.exact[exact] = append(x.exact[exact], a)
	x.key[key] = append(x.key[key], a)
}

func (x *nameIndex) find(name string) (Area, bool) {
	words := split(name)
	if len(words) == 0 {
		return Area{}, false
	}
	if a, ok := only(x.exact[strings.Join(words, " ")]); ok {
		return a, true
	}
	// "Kotabaru" and "Desa Baru" are whole names: try them before taking the first word for a kind.
	whole := x.key[strings.Join(words, "")]
	if len(whole) > 0 {
		return only(whole)
	}
	kind, base := kindOf(x.level, words)
	if kind == "" || len(base) == 0 {
		return Area{}, false
	}
	list := narrow(x.key[strings.Join(base, "")], kind)
	if len(list) > 1 {
		list = narrow(x.exact[strings.Join(base, " ")], kind)
	}
	return only(list)
}

func only(list []Area) (Area, bool) {
	if len(list) != 1 {
		return Area{}, false
	}
	return list[0], true
}

// narrow keeps the areas that are of the kind. Kabupaten and Kota are strict; desa and kelurahan are
// mixed up so often that the word only decides between two.
func narrow(list []Area, kind string) []Area {
	var fit []Area
	for _, a := range list {
		if kind == "any" || kind == "kelurahan" && a.Code.Kelurahan() || kind == "desa" && !a.Code.Kelurahan() ||
			kind == "kabupaten" && strings.HasPrefix(a.Name, "Kabupaten") || kind == "kota" && strings.HasPrefix(a.Name, "Kota") {
			fit = append(fit, a)
		}
	}
	if len(fit) == 0 && (kind == "desa" || kind == "kelurahan") {
		return list
	}
	return fit
}

// kinds are the words before a name that say what the area is, by level.
var kinds = [...]map[string]string{
	NoLevel: nil,
	Province: {"provinsi": "any", "propinsi": "any", "prov": "any", "prop": "any", "daerah": "any", "istimewa": "any",
		"khusus": "any", "ibukota": "any", "di": "any", "dki": "any", "dkj": "any", "d": "any", "k": "any", "i": "any"},
	Regency: {"kabupaten": "kabupaten", "kab": "kabupaten", "kota": "kota", "kotamadya": "kota", "kodya": "kota",
		"administrasi": "any", "adm": "any"},
	District: {"kecamatan": "any", "kec": "any", "kcmtn": "any", "distrik": "any", "kapanewon": "any", "kemantren": "any"},
	Village: {"kelurahan": "kelurahan", "kel": "kelurahan", "desa": "desa", "ds": "desa", "nagari": "desa",
		"gampong": "desa", "pekon": "desa", "kampung": "desa", "kalurahan": "desa"},
}

// kindOf splits leading words of kind off a name; the first that decides wins. Two of different
// meaning ("Desa/Kel. Mangli") leave it open.
func kindOf(level Level, words []string) (kind string, base []string) {
	for len(words) > 0 {
		k, ok := kinds[level][words[0]]
		if !ok {
			break
		}
		if kind == "" || kind == "any" {
			kind = k
		} else if k != "any" && k != kind {
			kind = "any"
		}
		words = words[1:]
	}
	return kind, words
}

// split turns a name into words of small letters and digits. Apostrophes join, all else parts.
func split(name string) []string {
	var b strings.Builder
	b.Grow(len(name))
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune("'’‘`´ʼ\"", r):
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}
