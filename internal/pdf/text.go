package pdf

import "strings"

// Letterhead is who writes, at the top of the first page.
type Letterhead struct {
	Over  string   // body above the unit: "Pemerintah Kabupaten Jember"
	Name  string   // the unit
	Lines []string // address, telephone, hours
	Logo  []byte   // PNG, may be nil
}

// Letterhead writes it with a double line below.
func (d *Document) Letterhead(h Letterhead) {
	x, width, top := d.left(), d.width, d.y
	if len(h.Logo) > 0 {
		d.picture(h.Logo, x, top, 18)
		x, width = x+22, width-44
	}
	if h.Over != "" {
		d.font("", 11)
		d.block(d.split(strings.ToUpper(h.Over), width), x, width, 11, Centre)
	}
	d.font("B", 14)
	d.block(d.split(strings.ToUpper(h.Name), width), x, width, 14, Centre)
	d.font("", smallSize)
	for _, line := range h.Lines {
		d.block(d.split(line, width), x, width, smallSize, Centre)
	}
	if len(h.Logo) > 0 {
		d.y = max(d.y, top+18)
	}
	d.y += 2
	d.rule(0.7)
	d.y += 0.9
	d.rule(0.2)
	d.y += 5
}

// rule draws a line over the width of the text.
func (d *Document) rule(thick float64) {
	d.f.SetDrawColor(0, 0, 0)
	d.f.SetLineWidth(thick)
	d.f.Line(d.left(), d.y, d.left()+d.width, d.y)
}

// Title writes the name of the document, in the middle when centre is set, with a line below that says more.
func (d *Document) Title(title, below string, align Align) {
	d.font("B", 15)
	d.block(d.split(title, d.width), d.left(), d.width, 15, align)
	if below != "" {
		d.font("", bodySize)
		d.grey(70)
		d.block(d.split(below, d.width), d.left(), d.width, bodySize, align)
		d.grey(0)
	}
	d.y += 3
}

// Heading begins a part; it never stands alone at the foot of a page.
func (d *Document) Heading(text string) {
	d.y += 2.5
	d.Keep(24)
	d.font("B", 12)
	d.block(d.split(text, d.width), d.left(), d.width, 12, Left)
	d.y += 1.2
}

// Paragraph writes text; line breaks in it stay, an empty line is a small gap.
func (d *Document) Paragraph(text string) { d.paragraph(text, "", bodySize) }

// Strong writes a paragraph in bold.
func (d *Document) Strong(text string) { d.paragraph(text, "B", bodySize) }

// Small writes a paragraph in small letters: sources, definitions, remarks.
func (d *Document) Small(text string) {
	d.grey(70)
	d.paragraph(text, "", smallSize)
	d.grey(0)
}

func (d *Document) paragraph(text, style string, points float64) {
	for i, part := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			d.y += 2
		}
		d.font(style, points)
		d.block(d.split(strings.TrimSpace(part), d.width), d.left(), d.width, points, Left)
	}
	d.y += 2
}

// Field is one line of facts: what it is, and what it says.
type Field struct{ Label, Value string }

// Fields writes facts one below the other, the values aligned.
func (d *Document) Fields(fields []Field) {
	d.font("", bodySize)
	column := 0.0
	for _, f := range fields {
		column = max(column, d.f.GetStringWidth(d.clean(f.Label)))
	}
	column = min(column+4, d.width/2)
	for _, f := range fields {
		labels := d.split(f.Label, column-3)
		values := d.split(f.Value, d.width-column-3)
		height := lineHeight(bodySize)
		for i := range max(len(labels), len(values)) {
			d.Keep(height)
			if i < len(labels) {
				d.line(labels[i], d.left(), column, bodySize, Left)
			}
			if i == 0 {
				d.line(":", d.left()+column-1.5, 2, bodySize, Left)
			}
			if i < len(values) {
				d.line(values[i], d.left()+column+1.5, d.width-column, bodySize, Left)
			}
			d.y += height
		}
	}
	d.y += 2
}

// Steps writes a numbered list, Points one with dots.
func (d *Document) Steps(items []string) { d.items(items, numbered) }

// Points writes a list with dots.
func (d *Document) Points(items []string) { d.items(items, func(int) string { return "•" }) }

func (d *Document) items(items []string, mark func(int) string) {
	const indent = 7.0
	d.font("", bodySize)
	for i, item := range items {
		for n, line := range d.split(item, d.width-indent) {
			d.Keep(lineHeight(bodySize))
			if n == 0 {
				d.line(mark(i+1), d.left()+1, indent, bodySize, Left)
			}
			d.line(line, d.left()+indent, d.width-indent, bodySize, Left)
			d.y += lineHeight(bodySize)
		}
		d.y += 0.8
	}
	d.y += 1.5
}

// Signature writes who signs in the right half of the page, with room for a hand and a stamp
// before the last line; it stays together.
func (d *Document) Signature(lines ...string) {
	const room = 20.0
	width := d.width * 0.45
	x := d.left() + d.width - width
	d.Keep(room + lineHeight(bodySize)*float64(len(lines)+2))
	d.y += 4
	for i, line := range lines {
		style := ""
		if i == len(lines)-1 {
			d.y += room
			style = "B"
		}
		d.font(style, bodySize)
		d.block(d.split(line, width), x, width, bodySize, Left)
	}
}
