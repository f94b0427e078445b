package pdf

import (
	"strings"
	"sync"
	"unicode"

	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/sfnt"
)

// glyphs knows which signs the embedded font can draw.
type glyphs struct {
	mu   sync.Mutex
	font *sfnt.Font
	buf  sfnt.Buffer
	seen map[rune]bool
}

// box stands for a sign that the font lacks.
const box = '□'

var covered = sync.OnceValue(func() *glyphs {
	font, err := sfnt.Parse(liberationsansregular.TTF)
	if err != nil {
		panic("pdf: embedded font: " + err.Error())
	}
	return &glyphs{font: font, seen: map[rune]bool{}}
})

func (g *glyphs) has(r rune) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	known, ok := g.seen[r]
	if ok {
		return known
	}
	i, err := g.font.GlyphIndex(&g.buf, r)
	known = err == nil && i != 0
	g.seen[r] = known
	return known
}

// clean makes text drawable: tabs become spaces, what has no shape of its own (joiners, marks of
// emoji, control signs) goes, and a sign that the font lacks becomes a box.
func (d *Document) clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || unicode.Is(unicode.Zs, r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r):
			return -1
		case r <= 0xFFFF && d.fits.has(r):
			return r
		}
		return box
	}, text)
}
