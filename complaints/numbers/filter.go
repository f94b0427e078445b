package numbers

import (
	"strings"

	"layak/internal/area"
)

// Filter narrows the figures. Months are inclusive, "" is open. An empty field does not narrow.
type Filter struct {
	From, To string // YYYY-MM
	Unit     string
	Class    string
	Channel  string
	District area.Code
}

// slice writes what narrows beside unit and months: "class:complaint channel:whatsapp".
func (f Filter) slice() string {
	var parts []string
	add := func(name, v string) {
		if v != "" {
			parts = append(parts, name+":"+v)
		}
	}
	add("class", f.Class)
	add("channel", f.Channel)
	add("district", string(f.District))
	return strings.Join(parts, " ")
}

// kept tells whether cells are kept for the filter; else it is counted from the facts.
func (f Filter) kept() bool {
	if f.Unit != "" {
		return f.slice() == ""
	}
	return f.District == "" || f.Class == "" && f.Channel == ""
}
