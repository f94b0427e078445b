package policy

import (
	"errors"
	"fmt"
)

// What the JSON files of one bundle may hold. They are read by the service itself as well, for forms and
// for completion, where nobody ends it when it takes too long. The shipped ones have six levels and 40 values.
const (
	maxJSONDepth = 40
	maxParams    = 1_000   // dated values of all parameters together
	maxPlaces    = 2_000   // places in the input that a schema names, each way to it counted
	maxWalked    = 4 << 20 // bytes of a schema that are read on these ways
)

var errJSONDeep = fmt.Errorf("susunannya terlalu dalam, paling banyak %d tingkat", maxJSONDepth)

// readableJSON refuses what is nested so deep that reading it member by member would take for ever. What
// is no JSON at all is left to whoever reads it.
func readableJSON(data []byte) error {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
			if depth > maxJSONDepth {
				return errJSONDeep
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// fewParams refuses a list of parameters that nobody can read, and one that names a parameter twice: of
// those JSON keeps the last alone.
func fewParams(order []string, values map[string][]Param) error {
	seen, n := map[string]bool{}, 0
	for _, name := range order {
		if seen[name] {
			return errors.New(clip(name) + " ditulis dua kali")
		}
		seen[name] = true
		n += len(values[name])
	}
	if n > maxParams {
		return fmt.Errorf("ada %d nilai parameter, paling banyak %d", n, maxParams)
	}
	return nil
}
