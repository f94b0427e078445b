package policy

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// digest names what something was made from.
type digest = [sha256.Size]byte

// memo keeps the things that were asked for last, by what they were made from, and makes each once however
// many ask at the same time. What it gives is shared: nobody may change it.
type memo[T any] struct {
	room int // what may be kept, in the measure of weight
	mu   sync.Mutex
	all  []*kept[T] // asked for last at the end
	used int
}

type kept[T any] struct {
	of     digest
	weight int
	made   func() T
}

// get gives what make makes; weight is what it takes of the room.
func (m *memo[T]) get(of digest, weight int, make func() T) T {
	return m.find(of, weight, make).made()
}

func (m *memo[T]) find(of digest, weight int, make func() T) *kept[T] {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.all, func(k *kept[T]) bool { return k.of == of })
	if i >= 0 {
		k := m.all[i]
		m.all = append(slices.Delete(m.all, i, i+1), k)
		return k
	}
	for m.used+weight > m.room && len(m.all) > 0 {
		m.used -= m.all[0].weight
		m.all = slices.Delete(m.all, 0, 1)
	}
	k := &kept[T]{of, weight, sync.OnceValue(make)}
	m.all = append(m.all, k)
	m.used += weight
	return k
}

// Whoever writes changes one file of one rule set at a time, and two rule sets that are compared have
// nearly all files in common: the files as parsed, by their bytes, and the sets as compiled.
var (
	parsed   = memo[parsedFile]{room: 1 << 20} // bytes of source
	compiled = memo[*ast.Compiler]{room: 4}    // rule sets
)

type parsedFile struct {
	module *ast.Module
	found  []Problem
}

// parseModule reads one Rego file of a bundle, or gives what was read of the same bytes before. A file
// that is too large to be edited is not kept.
func parseModule(name string, src []byte) (*ast.Module, []Problem) {
	h := sha256.New()
	writePart(h, []byte(name))
	writePart(h, src)
	p := parsed.get(digest(h.Sum(nil)), len(src), func() parsedFile {
		mod, found := parseFile(name, src)
		return parsedFile{mod, found}
	})
	return p.module, slices.Clone(p.found)
}

// compileOnce is compile, or what it gave before for the same files and the same schema.
func (s *ruleSet) compileOnce(b Bundle) *ast.Compiler {
	return compiled.get(s.digestOf(b, s.modules), 1, func() *ast.Compiler { return s.compile(s.modules) })
}

// digestOf names what modules of the set are compiled from.
func (s *ruleSet) digestOf(b Bundle, modules map[string]*ast.Module) digest {
	h := sha256.New()
	writePart(h, b.Files[s.schemaFile])
	for _, name := range slices.Sorted(maps.Keys(modules)) {
		writePart(h, []byte(name))
		writePart(h, b.Files[name])
	}
	return digest(h.Sum(nil))
}

// writePart writes a part to a hash so that no two lists of parts look alike.
func writePart(h interface{ Write([]byte) (int, error) }, part []byte) {
	var size [8]byte
	binary.BigEndian.PutUint64(size[:], uint64(len(part)))
	_, _ = h.Write(size[:]) // a hash takes everything
	_, _ = h.Write(part)
}
