package policy

import "slices"

// ofStyle are the problems that keep rules from being handed in, and not from deciding: the lists, names
// and habits that they are held against change with the program. A revision passed the program of its day
// and has to be loaded by each later one, or its determinations could not be repeated. What the engine
// itself rests on stays out of here: limits, the shape of the bundle, METADATA, `with`, and fields that
// are chosen at run time.
var ofStyle = map[string]bool{
	"hidden_sign": true, "package_foreign": true, "foreign_rules": true,
	"private_field": true, "param_unknown": true, "code_unknown": true,
}

// unusable keeps the problems because of which rules cannot decide.
func unusable(found []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(found), func(p Problem) bool { return ofStyle[p.Code] })
}
