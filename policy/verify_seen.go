package policy

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// ruleDepth is how many words a path to a rule has: data.layak.PACKAGE.NAME.
const ruleDepth = 4

// seenByTests names what the compiler can look at when it compiles the tests of a set: the tests, the schema,
// and of the rules that they name how each is called and of what type it is. Where two rule sets agree in
// that, their tests are sound in both or in none. sure is false where more is seen, so that only the compiler
// can tell: by a test that takes rules whole, chooses them while it runs or puts others in their place, and
// by a rule that reaches a test.
func (s *ruleSet) seenByTests(b Bundle, known *ast.TypeEnv) (seen digest, sure bool) {
	packages, ok := s.testPackages()
	if !ok {
		return seen, false
	}
	named := map[string]ast.Ref{}
	for _, test := range s.tests {
		w := sight{aliases: aliasesOf(test), packages: packages, named: named, sure: true}
		w.look(test)
		if !w.sure {
			return seen, false
		}
	}
	h := sha256.New()
	of := s.digestOf(b, s.tests)
	writePart(h, of[:])
	for _, key := range slices.Sorted(maps.Keys(named)) {
		writePart(h, []byte(key))
		lines, ok := s.faces(named[key], known)
		if !ok {
			return seen, false
		}
		for _, line := range lines {
			writePart(h, []byte(line))
		}
	}
	return digest(h.Sum(nil)), true
}

// faces tells of each rule under such a path what others see of it. Types are written as JSON: in words,
// {1: "a"} and {"1": "a"} are of one type. sure is false when one cannot be written.
func (s *ruleSet) faces(path ast.Ref, known *ast.TypeEnv) (lines []string, sure bool) {
	for _, mod := range s.modules {
		if !mod.Package.Path.Equal(path[:ruleDepth-1]) {
			continue
		}
		for _, r := range mod.Rules {
			ref := r.Ref()
			if !ref[ruleDepth-1].Equal(path[ruleDepth-1]) {
				continue
			}
			of, err := json.Marshal(known.GetByRef(ref.GroundPrefix()))
			if err != nil {
				return nil, false
			}
			lines = append(lines, fmt.Sprint(ref, len(r.Head.Args), r.Head.RuleKind(), r.Default, alwaysBoolean(r), string(of)))
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines), true
}

// testPackages gives the packages of the tests, and whether no rule can reach them: no package of the one
// lies in a package of the other, and no rule names a part of data in which tests are.
func (s *ruleSet) testPackages() (packages map[string]ast.Ref, apart bool) {
	packages = map[string]ast.Ref{} // there are few
	for _, test := range s.tests {
		packages[test.Package.Path.String()] = test.Package.Path
	}
	for _, mod := range s.modules {
		if len(mod.Package.Path) != ruleDepth-1 {
			return packages, false
		}
		for _, path := range packages {
			if meet(mod.Package.Path, path) || reaches(mod, path) {
				return packages, false
			}
		}
	}
	return packages, true
}

// sight gathers the rules that one test file names.
type sight struct {
	aliases  map[ast.Var]ast.Ref // what is imported
	packages map[string]ast.Ref  // of tests
	named    map[string]ast.Ref
	sure     bool
}

// aliasesOf gives the names under which a file imports parts of data.
func aliasesOf(mod *ast.Module) map[ast.Var]ast.Ref {
	aliases := map[ast.Var]ast.Ref{ast.DefaultRootDocument.Value.(ast.Var): {ast.DefaultRootDocument}}
	for _, imp := range mod.Imports {
		if path, ok := imp.Path.Value.(ast.Ref); ok && path[0].Equal(ast.DefaultRootDocument) {
			aliases[imp.Name()] = path
		}
	}
	return aliases
}

func (w *sight) look(x any) {
	var v *ast.GenericVisitor
	v = ast.NewGenericVisitor(func(x any) bool {
		switch x := x.(type) {
		case *ast.Package, *ast.Import:
			return true
		case *ast.With:
			w.replaced(x.Target)
			v.Walk(x.Value)
			return true
		case ast.Ref:
			if head, ok := x[0].Value.(ast.Var); ok && w.aliases[head] != nil {
				w.name(w.aliases[head].Concat(x[1:]))
			} else {
				v.Walk(x[0])
			}
			for _, part := range x[1:] {
				v.Walk(part)
			}
			return true
		case ast.Var:
			if w.aliases[x] != nil { // whole, or a local name that hides it
				w.sure = false
			}
		}
		return !w.sure
	})
	v.Walk(x)
}

// replaced looks at what a test puts something else in the place of: anything but facts and parameters
// changes what the compiler expects of the rules that rest on it.
func (w *sight) replaced(target *ast.Term) {
	ref, ok := target.Value.(ast.Ref)
	if !ok {
		w.sure = false
		return
	}
	head, ok := ref[0].Value.(ast.Var)
	switch {
	case ok && ref[0].Equal(ast.InputRootDocument):
	case ok && w.aliases[head] != nil && w.aliases[head].Concat(ref[1:]).HasPrefix(paramsPath):
	default:
		w.sure = false
	}
}

// name takes note of a path below data.
func (w *sight) name(path ast.Ref) {
	for _, of := range w.packages {
		if path.HasPrefix(of) {
			return // a test names a test
		}
	}
	if path.HasPrefix(paramsPath) {
		return // values, of which the compiler knows no type
	}
	if len(path) < ruleDepth || !path[:ruleDepth].IsGround() {
		w.sure = false
		return
	}
	w.named[path[:ruleDepth].String()] = path[:ruleDepth]
}

// reaches tells whether a reference or an import of the module may lead to the path.
func reaches(mod *ast.Module, path ast.Ref) bool {
	found := false
	var look *ast.GenericVisitor
	look = ast.NewGenericVisitor(func(x any) bool {
		switch v := x.(type) {
		case *ast.Package:
			return true // where it stands, not where it leads
		case ast.Ref:
			found = found || v[0].Equal(ast.DefaultRootDocument) && meet(v, path)
			for _, part := range v[1:] { // not data, with which it begins
				look.Walk(part)
			}
			return true
		case ast.Var:
			found = found || v.Equal(ast.DefaultRootDocument.Value)
		}
		return found
	})
	look.Walk(mod)
	return found
}

// meet tells whether one path may lie in the other. What is chosen while rules run may be anything.
func meet(a, b ast.Ref) bool {
	for i := range min(len(a), len(b)) {
		if i > 0 && (!ast.IsConstant(a[i].Value) || !ast.IsConstant(b[i].Value)) {
			return true
		}
		if !a[i].Equal(b[i]) {
			return false
		}
	}
	return true
}
