package policy

import (
	"errors"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// What one call of a built-in function may yield. Each of the allowed ones is harmless on its own,
// but a text that is joined with itself forty times fills any memory, in far less time than a
// deadline needs. The longest text of the shipped rules has 300 bytes.
const (
	maxText     = 100_000 // bytes
	maxElements = 100_000 // of an array, set or object
)

var errTooMuch = errors.New("the result is larger than rules may make it")

// growing are the allowed functions that can yield more than they got, with a look at their operands
// for those that would fill memory within one call.
var growing = map[string]func([]*ast.Term) error{
	"concat": joined, "internal.template_string": joined, "replace": replaced,
	"format_int": nil, "upper": nil, "lower": nil, "split": nil, "time.format": nil,
	"array.concat": nil, "object.union": nil, "union": nil, "or": nil, "plus": nil, "to_number": nil,
}

// The functions are bound where OPA keeps them, before any rule runs: its evaluator has no other
// place for a limit.
func init() {
	for name, before := range growing {
		topdown.RegisterBuiltinFunc(name, bounded(topdown.GetBuiltin(name), before))
	}
}

func bounded(f topdown.BuiltinFunc, before func([]*ast.Term) error) topdown.BuiltinFunc {
	return func(ctx topdown.BuiltinContext, operands []*ast.Term, yield func(*ast.Term) error) error {
		if before != nil {
			err := before(operands)
			if err != nil {
				return err
			}
		}
		return f(ctx, operands, func(t *ast.Term) error {
			if tooMuch(t.Value) {
				return errTooMuch
			}
			return yield(t)
		})
	}
}

// tooMuch looks at the outermost layer only; what is inside was made by calls that were bounded.
func tooMuch(v ast.Value) bool {
	switch v := v.(type) {
	case ast.String:
		return len(v) > maxText
	case ast.Number:
		return len(v) > maxText
	case *ast.Array:
		return v.Len() > maxElements
	case ast.Set:
		return v.Len() > maxElements
	case ast.Object:
		return v.Len() > maxElements
	}
	return false
}

// joined bounds the text that all operands together would make.
func joined(operands []*ast.Term) error {
	left := maxText
	for _, t := range operands {
		if !weigh(t.Value, &left) {
			return errTooMuch
		}
	}
	return nil
}

// weigh takes the length of a value as text from left and stops when nothing is left, so that parts
// shared a million times are not walked.
func weigh(v ast.Value, left *int) bool {
	each := func(t *ast.Term) bool { return !weigh(t.Value, left) }
	switch v := v.(type) {
	case ast.String:
		*left -= len(v)
	case ast.Number:
		*left -= len(v)
	case *ast.Array:
		*left -= 2
		return *left >= 0 && !v.Until(each)
	case ast.Set:
		*left -= 2
		return *left >= 0 && !v.Until(each)
	case ast.Object:
		*left -= 2
		return *left >= 0 && !v.Until(func(k, t *ast.Term) bool { return each(k) || each(t) })
	default:
		*left -= 5
	}
	return *left >= 0
}

// replaced bounds what replace(text, old, new) would make.
func replaced(operands []*ast.Term) error {
	s, ok := operands[0].Value.(ast.String)
	old, okOld := operands[1].Value.(ast.String)
	put, okNew := operands[2].Value.(ast.String)
	if !ok || !okOld || !okNew {
		return nil // the function itself says what is wrong
	}
	if len(s)+strings.Count(string(s), string(old))*max(0, len(put)-len(old)) > maxText {
		return errTooMuch
	}
	return nil
}
