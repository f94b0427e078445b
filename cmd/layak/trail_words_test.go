package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"layak/internal/i18n"
	"layak/policy/workbench"
)

// actLiteral is how an act of the trail is written: noun.verb.
var actLiteral = regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)

// actFinder collects the acts that code writes into the trail: values of fields and variables named Act or act,
// and arguments of functions in the place of a parameter named act.
type actFinder struct {
	files []*ast.File
	at    map[string]map[int]bool // name of a function, places of its act
	found map[string]string       // act, file
}

func readActs(t *testing.T, root string) map[string]string {
	t.Helper()
	f := actFinder{at: map[string]map[int]bool{}, found: map[string]string{}}
	set := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "testkit" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(d.Name(), "gallery") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		f.files = append(f.files, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range f.files {
		ast.Inspect(file, f.places)
	}
	for _, file := range f.files {
		name := set.File(file.Pos()).Name()
		ast.Inspect(file, func(n ast.Node) bool { return f.acts(name, n) })
	}
	return f.found
}

// places remembers where functions take an act.
func (f *actFinder) places(n ast.Node) bool {
	fn, ok := n.(*ast.FuncDecl)
	if !ok {
		return true
	}
	i := 0
	for _, field := range fn.Type.Params.List {
		for _, p := range field.Names {
			if p.Name == "act" {
				if f.at[fn.Name.Name] == nil {
					f.at[fn.Name.Name] = map[int]bool{}
				}
				f.at[fn.Name.Name][i] = true
			}
			i++
		}
	}
	return true
}

func (f *actFinder) acts(file string, n ast.Node) bool {
	switch x := n.(type) {
	case *ast.KeyValueExpr:
		if key, ok := x.Key.(*ast.Ident); ok && key.Name == "Act" {
			f.take(file, x.Value)
		}
	case *ast.AssignStmt:
		for i, left := range x.Lhs {
			name, ok := left.(*ast.Ident)
			if ok && strings.EqualFold(name.Name, "act") && i < len(x.Rhs) {
				f.take(file, x.Rhs[i])
			}
		}
	case *ast.CallExpr:
		name := ""
		switch fun := x.Fun.(type) {
		case *ast.Ident:
			name = fun.Name
		case *ast.SelectorExpr:
			name = fun.Sel.Name
		}
		for i := range f.at[name] {
			if i < len(x.Args) {
				f.take(file, x.Args[i])
			}
		}
	}
	return true
}

func (f *actFinder) take(file string, e ast.Expr) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	text, err := strconv.Unquote(lit.Value)
	if err == nil && actLiteral.MatchString(text) {
		f.found[text] = file
	}
}

// TestEveryActOfTheTrailHasWords finds every act that the program writes into the trail and asks for words, in both
// languages, for the act and for what it is about: an auditor reads no codes.
func TestEveryActOfTheTrailHasWords(t *testing.T) {
	acts := readActs(t, "../..")
	for _, sure := range []string{"revision.approve", "draft.save", "freeze.create", "impact.start", "person.trial", "signer.add", "complaint.view", "session.start"} {
		if acts[sure] == "" {
			t.Errorf("the search does not find %s any more", sure)
		}
	}
	for _, computed := range []workbench.SwitchKind{workbench.Activation, workbench.Rollback, workbench.Emergency} {
		acts["revision."+string(computed)] = "policy/workbench"
	}
	words, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"id", "en"} {
		for _, act := range slices.Sorted(maps.Keys(acts)) {
			noun, _, _ := strings.Cut(act, ".")
			for _, key := range []string{"trail." + act, "noun." + noun} {
				if !words.For(lang).Has(key) {
					t.Errorf("%s: no %s (%s)", lang, key, acts[act])
				}
			}
		}
	}
}
