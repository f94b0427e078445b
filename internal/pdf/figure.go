package pdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"

	"codeberg.org/go-pdf/fpdf"
)

// Bar is one bar of a chart. Text is how the value is written; it stands at the end of the bar.
type Bar struct {
	Label string
	Value float64 // negative and broken values are drawn as 0
	Text  string
}

// Bars draws a chart of bars that lie below each other, dark on white so that it prints without
// colour. The longest bar has the greatest value.
func (d *Document) Bars(bars []Bar) {
	const high, gap = 4.4, 1.8
	d.font("", tableSize)
	label, value, most := 0.0, 0.0, 0.0
	for _, b := range bars {
		label = max(label, d.f.GetStringWidth(d.clean(b.Label)))
		value = max(value, d.f.GetStringWidth(d.clean(b.Text)))
		most = max(most, length(b.Value))
	}
	label = min(label, d.width*0.4)
	room := max(d.width-label-value-6, 10)
	for _, b := range bars {
		lines := d.split(b.Label, label+0.5)
		height := max(high+gap, lineHeight(tableSize)*float64(len(lines))+gap/2)
		d.Keep(height)
		top := d.y
		for _, line := range lines {
			d.line(line, d.left(), label, tableSize, Left)
			d.y += lineHeight(tableSize)
		}
		d.y = top
		long := 0.0
		if most > 0 {
			long = room * length(b.Value) / most
		}
		d.f.SetFillColor(45, 74, 66)
		if long > 0 {
			d.f.Rect(d.left()+label+2.5, top+0.2, max(long, 0.3), high, "F")
		}
		d.line(d.clean(b.Text), d.left()+label+2.5+long+1.5, value, tableSize, Left)
		d.y = top + height
	}
	d.y += 3
}

func length(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 {
		return 0
	}
	return v
}

// Figure is one number that the reader should see first.
type Figure struct{ Value, Label string }

// Figures draws numbers in large type beside each other, at most four in a row.
func (d *Document) Figures(figures []Figure) {
	for len(figures) > 0 {
		n := min(len(figures), 4)
		d.figureRow(figures[:n])
		figures = figures[n:]
	}
	d.y += 1
}

func (d *Document) figureRow(figures []Figure) {
	const gap = 4.0
	width := (d.width - gap*float64(len(figures)-1)) / float64(len(figures))
	upper, lower := 0.0, 0.0
	for _, f := range figures {
		points, lines := d.value(f.Value, width-4)
		upper = max(upper, lineHeight(points)*float64(len(lines)))
		d.font("", smallSize)
		lower = max(lower, lineHeight(smallSize)*float64(len(d.split(f.Label, width-4))))
	}
	full := 5 + upper + lower
	d.Keep(full + 3)
	top, x := d.y, d.left()
	for _, f := range figures {
		d.f.SetDrawColor(150, 150, 150)
		d.f.SetLineWidth(0.2)
		d.f.Rect(x, top, width, full, "D")
		d.y = top + 2
		points, lines := d.value(f.Value, width-4)
		for _, line := range lines {
			d.line(line, x+2, width, points, Left)
			d.y += lineHeight(points)
		}
		d.y = top + 2 + upper
		d.font("", smallSize)
		for _, line := range d.split(f.Label, width-4) {
			d.line(line, x+2, width, smallSize, Left)
			d.y += lineHeight(smallSize)
		}
		x += width + gap
	}
	d.y = top + full + 3
}

// value chooses the largest type in which a number fits on one line; what never fits wraps.
func (d *Document) value(text string, width float64) (points float64, lines []string) {
	for points = 17; points > 9; points-- {
		d.font("B", points)
		if d.f.GetStringWidth(d.clean(text)) <= width {
			break
		}
	}
	return points, d.split(text, width)
}

// Image draws a PNG so many millimetres wide, with lines of text on its right.
func (d *Document) Image(png []byte, wide float64, beside ...string) {
	high := d.height(png, wide)
	d.Keep(high)
	top := d.y
	d.picture(png, d.left(), top, wide)
	x := d.left() + wide + 4
	d.y += 1
	for i, text := range beside {
		style, points := "", smallSize
		if i == 0 {
			style, points = "B", bodySize
		}
		d.font(style, points)
		d.block(d.split(text, d.width-wide-4), x, d.width-wide-4, points, Left)
	}
	d.y = max(d.y, top+high) + 3
}

// picture puts a PNG on the page; the same picture is stored once.
func (d *Document) picture(png []byte, x, y, wide float64) {
	d.f.ImageOptions(d.register(png), x, y, wide, 0, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
}

func (d *Document) register(png []byte) string {
	sum := sha256.Sum256(png)
	name := hex.EncodeToString(sum[:8])
	if d.f.GetImageInfo(name) == nil {
		d.f.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(png))
	}
	return name
}

// height of a PNG that is drawn so wide.
func (d *Document) height(png []byte, wide float64) float64 {
	info := d.f.GetImageInfo(d.register(png))
	if info == nil || info.Width() == 0 {
		return 0
	}
	return wide * info.Height() / info.Width()
}
