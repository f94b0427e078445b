package policy

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
)

// Problem is one thing that keeps a bundle from being used, with the place where it stands.
type Problem struct {
	File    string `json:"file"`
	Row     int    `json:"row"` // from 1; 0 when the whole file is meant
	Col     int    `json:"col"`
	Code    string `json:"code"`
	Level   Level  `json:"level"`
	Message string `json:"message"`          // Indonesian sentence
	Detail  string `json:"detail,omitempty"` // words of the compiler
	Fix     string `json:"fix,omitempty"`    // what to do about it, Indonesian
	Edit    *Edit  `json:"edit,omitempty"`   // what to write instead, where that is certain
}

// Level tells whether a problem keeps the rules from being used.
type Level string

// The levels. A problem without one is an error.
const (
	Wrong   Level = "error"
	Warning Level = "warning"
)

// Blocks tells whether the bundle cannot be used because of the problem.
func (p Problem) Blocks() bool { return p.Level != Warning }

// Edit replaces the text between two places of the file by another. Rows and columns count from 1, in
// bytes; the end is not part of it.
type Edit struct {
	Row    int    `json:"row"`
	Col    int    `json:"col"`
	EndRow int    `json:"end_row"`
	EndCol int    `json:"end_col"`
	Text   string `json:"text"`
}

func (p Problem) String() string {
	s := p.Message
	if p.Detail != "" {
		s += " (" + p.Detail + ")"
	}
	if p.File == "" {
		return s
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Row, p.Col, s)
}

func comparePlaces(a, b Problem) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col))
}

// problemsOf turns parser and compiler errors into problems.
func problemsOf(file string, err error) []Problem {
	var list ast.Errors
	if !errors.As(err, &list) {
		return []Problem{{File: file, Code: "unreadable", Message: "Berkas aturan tidak dapat dibaca.", Detail: err.Error()}}
	}
	var out []Problem
	for _, e := range list {
		p := Problem{File: file, Code: e.Code, Message: sentence(e), Detail: clip(e.Message)}
		if e.Location != nil {
			p.File, p.Row, p.Col = e.Location.File, e.Location.Row, e.Location.Col
		}
		out = append(out, p)
	}
	return out
}

// clip keeps the beginning of what the compiler says: it quotes references of any length.
func clip(s string) string {
	if len(s) <= 300 {
		return s
	}
	return strings.ToValidUTF8(s[:300], "") + "…"
}

// sentence says in Indonesian what the compiler found.
func sentence(e *ast.Error) string {
	switch {
	case strings.Contains(e.Message, "undefined function"):
		return "Fungsi ini tidak ada atau tidak diizinkan dalam aturan."
	case strings.Contains(e.Message, "undefined ref"):
		return "Isian ini tidak ada dalam daftar isian (input.schema.json)."
	case e.Code == ast.ParseErr:
		return "Tulisan Rego di sini belum benar."
	case e.Code == ast.TypeErr:
		return "Jenis nilai yang dibandingkan atau dipakai di sini tidak cocok."
	case e.Code == ast.RecursionErr:
		return "Aturan ini memanggil dirinya sendiri."
	case e.Code == ast.UnsafeVarErr:
		return "Nama ini belum mempunyai nilai."
	}
	return "Aturan ini tidak dapat dipakai."
}

// Verify parses, compiles strictly against the schema, and checks the contract that the bundle names,
// METADATA, parameters, layout and the house style. When no problem in the list blocks, NewEngine accepts
// the bundle; every problem says what to do about it.
func Verify(_ context.Context, b Bundle) ([]Problem, error) {
	return verify(b, (*ruleSet).compileJointly), nil
}

// verify is Verify with a way to ask the compiler.
func verify(b Bundle, compile func(*ruleSet, Bundle) joint) []Problem {
	l, found := read(b, withStyle)
	// Somebody is typing: the compiler works beside everything else that looks at the same bytes.
	untidy := aside(b.checkLayout)
	fit := len(found) == 0
	if fit {
		for _, set := range l.sets() {
			set.joint = aside(func() joint { return compile(set, b) })
		}
		found = l.describe(b)
	}
	words := l.around(b)
	seen := l.review(b, words)
	if fit {
		found = l.compiled(found)
	}
	found = slices.Concat(found, b.checkContractNamed(), untidy(), seen)
	return advise(found, l.lexicon(words))
}

// compiled adds what lint and compiler say about each set, and about the tests when nothing else was found:
// tests of rules that are wrong only say it again.
func (l *loaded) compiled(found []Problem) []Problem {
	for _, set := range l.sets() {
		found = slices.Concat(found, set.lint(l.params), set.joint().rules)
	}
	if len(found) > 0 {
		return found
	}
	for _, set := range l.sets() {
		found = append(found, set.joint().tests...)
	}
	return found
}

// checkLayout names the files that are not laid out as `opa fmt` does; of one that cannot be read others
// tell more.
func (b Bundle) checkLayout() []Problem {
	var found []Problem
	unknown := Bundle{Files: map[string][]byte{}}
	for name, src := range b.Files {
		if !neat.has(sha256.Sum256(src)) {
			unknown.Files[name] = src
		}
	}
	_, changed, err := Format(unknown)
	if err != nil {
		return nil
	}
	for name, src := range unknown.Files {
		if !slices.Contains(changed, name) {
			neat.put(sha256.Sum256(src))
		}
	}
	for _, name := range changed {
		found = append(found, Problem{File: name, Row: 1, Col: 1, Code: "format", Message: "Susunan tulisan belum rapi. Jalankan layak policy fmt.",
			Fix: "Tekan Rapikan, atau jalankan layak policy fmt."})
	}
	return found
}

// neat remembers the files that are laid out well: whoever types changes one at a time, and waits for the
// answer.
var neat = &seenFiles{}

func (s *ruleSet) withTests() map[string]*ast.Module {
	all := maps.Clone(s.modules)
	maps.Copy(all, s.tests)
	return all
}

// withTests holds both sets, as the tester and opa see a bundle.
func (l *loaded) withTests() map[string]*ast.Module {
	all := l.ruleSet.withTests()
	if l.routing != nil {
		maps.Copy(all, l.routing.withTests())
	}
	return all
}

// Format lays every Rego file out as `opa fmt` does and names those that changed.
func Format(b Bundle) (Bundle, []string, error) {
	var changed []string
	for _, name := range b.names() {
		if !strings.HasSuffix(name, ".rego") {
			continue
		}
		if wrong := checkWriting(name, b.Files[name]); len(wrong) > 0 || len(b.Files[name]) > maxFileBytes {
			return Bundle{}, nil, problemError(append(wrong, b.Oversized()...))
		}
		neat, err := format.SourceWithOpts(name, b.Files[name], format.Opts{RegoVersion: ast.RegoV1})
		if err != nil {
			return Bundle{}, nil, fmt.Errorf("format %s: %w", name, err)
		}
		if !bytes.Equal(neat, b.Files[name]) {
			changed = append(changed, name)
			b = b.with(name, neat)
		}
	}
	return b, changed, nil
}
