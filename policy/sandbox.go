package policy

import (
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// allowed are the only built-in functions that rules may call. Left out on purpose: everything that
// reaches the network, the clock, the environment or the disk, and everything whose cost a deadline
// cannot stop (bits.lsh, regex, sprintf, multiplication of ever longer numbers).
var allowed = []string{
	"eq", "equal", "assign", "neq", "lt", "lte", "gt", "gte",
	"plus", "minus", "div", "rem", "abs", "ceil", "floor", "round",
	"format_int", "count", "sum", "max", "min", "sort", "and", "or", "union", "intersection",
	"internal.member_2", "internal.member_3", "internal.template_string", "internal.test_case",
	"concat", "contains", "startswith", "endswith", "indexof", "lower", "upper",
	"replace", "split", "substring", "trim", "trim_space", "trim_prefix", "trim_suffix",
	"array.concat", "array.slice", "array.reverse",
	"object.get", "object.keys", "object.union", "object.remove", "object.filter",
	"is_array", "is_boolean", "is_number", "is_object", "is_set", "is_string", "type_name", "to_number",
	"time.add_date", "time.clock", "time.date", "time.diff", "time.format",
	"time.parse_ns", "time.parse_rfc3339_ns", "time.weekday",
}

// sandbox gives the capabilities for parser, compiler and query alike. It is built in code each
// time the program starts: AllowNet must be empty and not nil, which means any host.
var sandbox = sync.OnceValue(func() *ast.Capabilities {
	all := ast.CapabilitiesForThisVersion()
	caps := &ast.Capabilities{
		Features: all.Features, FutureKeywords: all.FutureKeywords, WasmABIVersions: nil,
		AllowNet: []string{},
	}
	for _, b := range all.Builtins {
		if slices.Contains(allowed, b.Name) {
			caps.Builtins = append(caps.Builtins, b)
		}
	}
	return caps
})
