// Package pdf owns the printed page: letters, slips and reports on A4. It is the only code that
// knows a PDF library, and it must never know what a document is about: whoever makes one hands it
// headings, paragraphs, tables and pictures in the order in which they are read.
//
// The same calls with the same Info.At give the same bytes. Text is UTF-8; a sign that the embedded
// font lacks becomes a small box, and what does not fit into its place wraps.
package pdf

import (
	"bytes"
	"fmt"
	"strconv"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansitalic"
	"github.com/go-fonts/liberation/liberationsansregular"
)

// Paper is the size of the sheet.
type Paper int

// The papers. Half is half an A4 sheet on its side, for slips.
const (
	A4 Paper = iota
	Half
)

// Info is what the file says about itself.
type Info struct {
	Title  string
	Author string
	Lang   string    // "" is "id-ID"
	At     time.Time // date inside the file; the zero time is 1 January 1970
	Footer string    // small line at the foot of each page, left of the page number
	Paper  Paper
	// Pages in the footer: "Halaman 2 dari 3" when empty. A format of two numbers.
	Pages string
}

// Document is one PDF being written from top to bottom. The first error is kept and given by Bytes.
type Document struct {
	f      *fpdf.Fpdf
	info   Info
	y      float64 // where the next thing begins, in millimetres from the top
	width  float64 // between the margins
	bottom float64 // lowest y of the text
	fits   *glyphs
}

// Sizes of the page, in millimetres and points.
const (
	margin     = 20.0
	halfMargin = 14.0
	footRoom   = 16.0
	family     = "go"

	bodySize  = 10.5
	smallSize = 8.5
)

// New begins a document with one empty page.
func New(i Info) *Document {
	if i.Lang == "" {
		i.Lang = "id-ID"
	}
	if i.At.IsZero() {
		i.At = time.Unix(0, 0).UTC()
	}
	if i.Pages == "" {
		i.Pages = "Halaman %d dari %d"
	}
	size, side := fpdf.SizeType{Wd: 210, Ht: 297}, margin
	if i.Paper == Half {
		size, side = fpdf.SizeType{Wd: 210, Ht: 148}, halfMargin
	}
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: size})
	d := &Document{f: f, info: i, width: size.Wd - 2*side, bottom: size.Ht - footRoom, fits: covered()}
	f.SetCatalogSort(true)
	f.SetCreationDate(i.At)
	f.SetModificationDate(i.At)
	f.SetTitle(i.Title, true)
	f.SetAuthor(i.Author, true)
	f.SetLang(i.Lang)
	f.SetDisplayMode("fullwidth", "continuous")
	f.SetMargins(side, side, side)
	f.SetAutoPageBreak(false, 0)
	f.SetCellMargin(0)
	f.AddUTF8FontFromBytes(family, "", bytes.Clone(liberationsansregular.TTF))
	f.AddUTF8FontFromBytes(family, "B", bytes.Clone(liberationsansbold.TTF))
	f.AddUTF8FontFromBytes(family, "I", bytes.Clone(liberationsansitalic.TTF))
	d.NewPage()
	return d
}

// NewPage goes on at the top of a new page.
func (d *Document) NewPage() {
	d.f.AddPage()
	_, d.y, _, _ = d.f.GetMargins()
}

// Space leaves some millimetres free; at the end of a page it is lost.
func (d *Document) Space(mm float64) { d.y += mm }

// Left is how much height the page has left, in millimetres.
func (d *Document) Left() float64 { return d.bottom - d.y }

// Keep begins a new page when less than the height is left, so that what follows stays together.
func (d *Document) Keep(mm float64) {
	_, top, _, _ := d.f.GetMargins()
	if d.Left() < mm && d.y > top {
		d.NewPage()
	}
}

// Bytes ends the document: it numbers the pages and gives the file.
func (d *Document) Bytes() ([]byte, error) {
	total := d.f.PageCount()
	left, _, _, _ := d.f.GetMargins()
	for page := 1; page <= total; page++ {
		d.f.SetPage(page)
		d.grey(110)
		d.font("", smallSize)
		number := ""
		if total > 1 {
			number = fmt.Sprintf(d.info.Pages, page, total)
		}
		width := d.f.GetStringWidth(number)
		d.at(left+d.width-width, d.bottom+6, d.clean(number))
		lines := d.split(d.info.Footer, d.width-width-6)
		if len(lines) > 0 {
			d.at(left, d.bottom+6, lines[0])
		}
		d.grey(0)
	}
	var out bytes.Buffer
	err := d.f.Output(&out)
	if err != nil {
		return nil, fmt.Errorf("write PDF of %d pages: %w", total, err)
	}
	return out.Bytes(), nil
}

// font chooses style ("" regular, "B" bold, "I" italic) and size in points.
func (d *Document) font(style string, points float64) { d.f.SetFont(family, style, points) }

func (d *Document) grey(n int) { d.f.SetTextColor(n, n, n) }

// at writes one line whose letters stand with their foot near y.
func (d *Document) at(x, y float64, text string) { d.f.Text(x, y, text) }

// lineHeight of a size in points, in millimetres.
func lineHeight(points float64) float64 { return points * 0.3528 * 1.38 }

// split cuts a text into lines that fit into the width in the present font. An empty text has none.
func (d *Document) split(text string, width float64) []string {
	var lines []string
	text = d.clean(text)
	if text == "" || d.f.Err() { // after an error the library has no widths
		return nil
	}
	for start := 0; start <= len(text); {
		end := start
		for end < len(text) && text[end] != '\n' {
			end++
		}
		part := d.f.SplitText(text[start:end], width)
		if len(part) == 0 {
			part = []string{""}
		}
		lines = append(lines, part...)
		start = end + 1
	}
	return lines
}

// Align is how lines stand between the margins.
type Align int

// The alignments.
const (
	Left Align = iota
	Centre
	Right
)

// block writes lines one below the other between x and x+width, on as many pages as they need.
func (d *Document) block(lines []string, x, width float64, points float64, align Align) {
	height := lineHeight(points)
	for _, line := range lines {
		d.Keep(height)
		d.line(line, x, width, points, align)
		d.y += height
	}
}

// line writes one line at the present height without moving on.
func (d *Document) line(text string, x, width, points float64, align Align) {
	switch align {
	case Centre:
		x += (width - d.f.GetStringWidth(text)) / 2
	case Right:
		x += width - d.f.GetStringWidth(text)
	case Left:
	}
	d.at(x, d.y+lineHeight(points)*0.74, text)
}

// left is the left edge of the text.
func (d *Document) left() float64 {
	left, _, _, _ := d.f.GetMargins()
	return left
}

// numbered is how a step of a list begins.
func numbered(n int) string { return strconv.Itoa(n) + "." }
