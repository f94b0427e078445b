package area

import "sync"

// country indexes the provinces or regencies of the whole country. Regencies need every province
// unpacked, 6 MB that stay; only a name of a regency without its province asks for that.
func country(level Level) *nameIndex {
	if level == Province {
		return countryProvinces()
	}
	return countryRegencies()
}

var countryProvinces = sync.OnceValue(func() *nameIndex { return newIndex(Province, provinces()) })

var countryRegencies = sync.OnceValue(func() *nameIndex {
	var list []Area
	for _, c := range order {
		list = append(list, Children(c)...)
	}
	return newIndex(Regency, list)
})
