package policy

import (
	"bytes"
	"reflect"
)

// Kinds tells in which kinds of rules two bundles differ: what their rules, the parameters that these read,
// or the schema of their input say. Tests and the manifest decide nothing.
type Kinds struct {
	Checks  bool // of residents
	Routing bool // of complaints
}

// OnlyRouting tells that no answer to a resident can differ, and that of complaints can.
func (k Kinds) OnlyRouting() bool { return k.Routing && !k.Checks }

// KindsApart compares two bundles. Where one of them cannot be read nothing is known to be the same.
func KindsApart(a, b Bundle) Kinds {
	if a.wordy() || b.wordy() { // which the service does not parse
		return Kinds{Checks: true, Routing: true}
	}
	one, found := read(a, unusable)
	other, wrong := read(b, unusable)
	if len(found)+len(wrong) > 0 {
		return Kinds{Checks: true, Routing: true}
	}
	k := Kinds{
		Checks:  !sameFiles(a, b, &one.ruleSet, &other.ruleSet, schemaFile) || !reflect.DeepEqual(one.paramsOfChecks(), other.paramsOfChecks()),
		Routing: (one.routing == nil) != (other.routing == nil),
	}
	if one.routing != nil && other.routing != nil {
		k.Routing = !sameFiles(a, b, one.routing, other.routing, routingSchema) ||
			!reflect.DeepEqual(one.routing.paramsRead(one.params), other.routing.paramsRead(other.params))
	}
	return k
}

// paramsOfChecks are the parameters that a check may read.
func (l *loaded) paramsOfChecks() []Param {
	if l.routing == nil {
		return l.params
	}
	return l.checkParams()
}

// sameFiles compares the rules of a set as they are written, and the schema of their input.
func sameFiles(a, b Bundle, one, other *ruleSet, schema string) bool {
	if len(one.modules) != len(other.modules) || !bytes.Equal(a.Files[schema], b.Files[schema]) {
		return false
	}
	for name := range one.modules {
		if other.modules[name] == nil || !bytes.Equal(a.Files[name], b.Files[name]) {
			return false
		}
	}
	return true
}
