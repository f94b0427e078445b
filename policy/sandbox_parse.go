package policy

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// What the writing of one bundle may hold. The shipped rules need a tenth of each.
const (
	maxNesting = 150   // levels of brackets, operators and branches; the parser's own limit is 100,000
	maxRules   = 3_000 // in all files, branches with else among them
	maxElse    = 30    // branches of one rule
	// maxConditions bounds one body: the compiler looks at each condition beside each other one.
	maxConditions = 1_000
)

// parseFile reads one Rego file of a bundle. What is too deep or too long is refused before OPA's parser
// makes anything of it. The module comes even when something is wrong with its style.
func parseFile(name string, src []byte) (*ast.Module, []Problem) {
	found := checkWriting(name, src)
	if len(unusable(found)) > 0 {
		return nil, found
	}
	mod, err := ast.ParseModuleWithOpts(name, string(src), ast.ParserOptions{
		ProcessAnnotation: true, Capabilities: sandbox(), RegoVersion: ast.RegoV1,
	})
	if err != nil {
		return nil, append(found, problemsOf(name, err)...)
	}
	found = slices.Concat(found, checkBranches(name, mod), checkConditions(name, mod), ownSchemas(name, mod))
	if path := mod.Package.Path; len(path) < 2 || path[1].Value.Compare(ast.String("layak")) != 0 {
		found = append(found, Problem{File: name, Row: mod.Package.Location.Row, Col: 1, Code: "package_foreign",
			Message: "Paket berkas ini bukan bagian dari layak, jadi tidak pernah ikut memutuskan.",
			Fix:     "Tulis package layak.eligibility atau package layak.routing di baris pertama."})
	}
	return mod, found
}

// Oversized holds a bundle against the limits that ReadBundle keeps, whoever put it together.
func (b Bundle) Oversized() []Problem {
	var found []Problem
	total := 0
	for _, name := range b.names() {
		total += len(b.Files[name])
		if len(b.Files[name]) > maxFileBytes {
			found = append(found, Problem{File: name, Row: 1, Col: 1, Code: "file_too_large",
				Message: "Berkas ini terlalu besar. Paling banyak 256 KB; pecah menjadi beberapa berkas.", Fix: "Pecah menurut pokoknya: satu berkas satu tema."})
		}
	}
	if len(b.Files) > maxFiles || total > maxBundleBytes {
		found = append(found, Problem{Code: "bundle_too_large",
			Message: "Kumpulan aturan terlalu besar. Paling banyak 200 berkas dan 4 MB.", Fix: "Hapus berkas yang tidak dipakai lagi."})
	}
	return found
}

func tooMany(name string, n int) Problem {
	p := Problem{Code: "too_many_rules", Message: fmt.Sprintf("Di sini ada %d aturan. Paling banyak %d.", n, maxRules)}
	if name != "" {
		p.File, p.Row, p.Col = name, 1, 1
	}
	return p
}

// checkBranches counts the branches of each rule of one file.
func checkBranches(name string, mod *ast.Module) []Problem {
	for _, r := range mod.Rules {
		n := 0
		for branch := r.Else; branch != nil; branch = branch.Else {
			n++
		}
		if n > maxElse {
			return []Problem{{File: name, Row: r.Location.Row, Col: r.Location.Col, Code: "too_many_branches",
				Message: fmt.Sprintf("Aturan ini mempunyai %d cabang else. Paling banyak %d; tulis sebagai beberapa aturan.", n, maxElse)}}
		}
	}
	return nil
}

// checkConditions counts the conditions of each body of one file.
func checkConditions(name string, mod *ast.Module) (found []Problem) {
	ast.WalkBodies(mod, func(body ast.Body) bool {
		if len(body) > maxConditions && len(found) == 0 {
			found = append(found, Problem{File: name, Row: body[0].Location.Row, Col: body[0].Location.Col, Code: "too_many_conditions",
				Message: fmt.Sprintf("Aturan ini terlalu besar: %d syarat sekaligus. Paling banyak %d.", len(body), maxConditions),
				Fix:     "Tulis nilai yang banyak sebagai satu daftar, lalu pakai in, atau pecah menjadi beberapa aturan."})
		}
		return len(found) > 0
	})
	return found
}

// checkRules counts the rules of all files.
func (l *loaded) checkRules() []Problem {
	n := 0
	for _, mod := range l.withTests() {
		n += len(mod.Rules)
	}
	if n <= maxRules {
		return nil
	}
	return []Problem{tooMany("", n)}
}

// checkWriting refuses what must not reach the parser, or the formatter, which parses on its own.
func checkWriting(name string, src []byte) []Problem {
	if len(src) > maxFileBytes {
		return nil // told by Oversized, and never parsed
	}
	sum := sha256.Sum256(src)
	if plain.has(sum) {
		return nil
	}
	found := append(checkSigns(name, string(src)), checkNesting(name, string(src))...)
	if len(found) == 0 {
		plain.put(sum)
	}
	return found
}

// plain remembers the files that passed, since one that is edited stands beside twenty that are not.
var plain = &seenFiles{}

type seenFiles struct {
	mu  sync.Mutex
	all map[[sha256.Size]byte]bool
}

const maxSeenFiles = 2_000

func (s *seenFiles) has(sum [sha256.Size]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all[sum]
}

func (s *seenFiles) put(sum [sha256.Size]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all == nil || len(s.all) >= maxSeenFiles {
		s.all = map[[sha256.Size]byte]bool{}
	}
	s.all[sum] = true
}

// checkNesting parses with a low limit of recursion. Only depth and number are judged here: other
// mistakes come from the parser that follows.
func checkNesting(name, src string) []Problem {
	deep := Problem{File: name, Row: 1, Col: 1, Code: "too_deep",
		Message: "Susunan di sini terlalu dalam. Pecah menjadi beberapa aturan yang lebih pendek."}
	if row, col := tooDeep(src); row > 0 {
		deep.Row, deep.Col = row, col
		return []Problem{deep}
	}
	statements, _, errs := ast.NewParser().WithFilename(name).WithReader(strings.NewReader(src)).WithRegoVersion(ast.RegoV1).
		WithCapabilities(sandbox()).WithMaxRecursionDepth(maxNesting).Parse()
	for _, e := range errs {
		if !strings.Contains(e.Message, ast.ErrMaxParsingRecursionDepthExceeded.Error()) {
			continue
		}
		if e.Location != nil {
			deep.Row, deep.Col = e.Location.Row, e.Location.Col
		}
		return []Problem{deep}
	}
	if len(statements) > maxRules {
		return []Problem{tooMany(name, len(statements))}
	}
	return nil
}

// checkSigns finds signs that let a rule look like another: what cannot be seen, what turns the
// direction of reading, and letters of other alphabets that look like ours.
func checkSigns(name, src string) []Problem {
	var found []Problem
	row, col := 1, 1
	for i, r := range src {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(src[i:]); size == 1 {
				return append(found, Problem{File: name, Row: row, Col: col, Code: "hidden_sign",
					Message: "Berkas ini bukan tulisan UTF-8 yang utuh. Ketik ulang bagian ini."})
			}
		}
		if hidden(r) {
			found = append(found, Problem{File: name, Row: row, Col: col, Code: "hidden_sign", Message: fmt.Sprintf(
				"Di sini ada tanda yang tidak terlihat atau huruf dari abjad lain (U+%04X). Hapus, lalu ketik ulang.", r)})
			if len(found) >= maxProblems {
				return found
			}
		}
		col++
		if r == '\n' {
			row, col = row+1, 1
		}
	}
	return found
}

func hidden(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || r == '\r' || r >= ' ' && r < 0x7f:
		return false
	case unicode.Is(unicode.Other, r), unicode.Is(unicode.Mn, r), unicode.Is(unicode.Variation_Selector, r):
		return true // control, format, private use; marks that are laid over a letter
	case unicode.IsSpace(r):
		return r != '\u00a0' && r != '\u202f' // those keep a number and its unit together
	}
	return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r)
}
