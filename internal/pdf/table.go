package pdf

// Column is one column of a table.
type Column struct {
	Title string
	Share float64 // of the width beside the others; 0 is 1
	Right bool    // numbers
}

// Table is rows under a header, which is repeated on each page.
type Table struct {
	Columns []Column
	Rows    [][]string
	Foot    []string // sums below a line; nil has none
}

const (
	tableSize = 9.0
	cellSide  = 1.6 // free on both sides of a cell
	cellTop   = 1.0
)

// Table draws it over the width of the page.
func (d *Document) Table(t Table) {
	widths := d.widths(t.Columns)
	titles := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		titles[i] = c.Title
	}
	header := func() { d.row(t.Columns, widths, titles, "B", 225, nil) }
	d.Keep(lineHeight(tableSize)*3 + 4*cellTop)
	header()
	for _, row := range t.Rows {
		d.row(t.Columns, widths, row, "", 255, header)
	}
	if t.Foot != nil {
		d.row(t.Columns, widths, t.Foot, "B", 240, header)
	}
	d.y += 3.5
}

func (d *Document) widths(columns []Column) []float64 {
	total := 0.0
	for _, c := range columns {
		total += share(c)
	}
	widths := make([]float64, len(columns))
	for i, c := range columns {
		widths[i] = d.width * share(c) / total
	}
	return widths
}

func share(c Column) float64 {
	if c.Share <= 0 {
		return 1
	}
	return c.Share
}

// row draws one row. A row that does not fit goes to the next page, below again; one that is
// higher than a page is cut where the page ends.
func (d *Document) row(columns []Column, widths []float64, cells []string, style string, shade int, again func()) {
	d.font(style, tableSize)
	lines := make([][]string, len(columns))
	most := 1
	for i := range columns {
		if i < len(cells) {
			lines[i] = d.split(cells[i], widths[i]-2*cellSide)
			most = max(most, len(lines[i]))
		}
	}
	height := lineHeight(tableSize)
	for from := 0; from < most; {
		room := int((d.Left() - 2*cellTop) / height)
		left := most - from
		if again != nil && room < left && (room < 1 || left*2 < d.page(height) || from > 0) {
			d.NewPage()
			again()
			d.font(style, tableSize)
			room = int((d.Left() - 2*cellTop) / height)
		}
		n := max(1, min(left, room))
		d.strip(columns, widths, lines, from, n, shade)
		from += n
	}
}

// page is how many lines of a height a page holds.
func (d *Document) page(height float64) int {
	_, top, _, _ := d.f.GetMargins()
	return int((d.bottom - top) / height)
}

// strip draws n lines of a row, with its ground and the line below.
func (d *Document) strip(columns []Column, widths []float64, lines [][]string, from, n, shade int) {
	height := lineHeight(tableSize)
	full := height*float64(n) + 2*cellTop
	if shade < 255 {
		d.f.SetFillColor(shade, shade, shade)
		d.f.Rect(d.left(), d.y, d.width, full, "F")
	}
	top, x := d.y, d.left()
	for i, c := range columns {
		align := Left
		if c.Right {
			align = Right
		}
		for k := from; k < min(from+n, len(lines[i])); k++ {
			d.y = top + cellTop + height*float64(k-from)
			d.line(lines[i][k], x+cellSide, widths[i]-2*cellSide, tableSize, align)
		}
		x += widths[i]
	}
	d.y = top + full
	d.f.SetDrawColor(160, 160, 160)
	d.f.SetLineWidth(0.15)
	d.f.Line(d.left(), d.y, d.left()+d.width, d.y)
}
