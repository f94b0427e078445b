package web

import (
	"fmt"
	"html/template"
	"strings"
)

// Charts are drawn by the server as SVG without script, in one colour, dark and light, so that
// they read on screen, in the dark and on black and white paper. Each stands beside a table that says the
// same; the drawing itself is one picture with a sentence for whoever cannot see it.

// bar is one value of a chart of bars that lie below each other.
type bar struct {
	Label string
	Value float64
	Text  string // how the value is written
}

// barChart draws bars below each other. full is the value of a bar over the whole width; 0 takes the
// largest.
func barChart(say string, bars []bar, full float64) template.HTML {
	if len(bars) == 0 {
		return ""
	}
	for _, b := range bars {
		full = max(full, b.Value)
	}
	const width, left, right, step = 540, 210, 66, 30
	height := step*len(bars) + 6
	var s strings.Builder
	begin(&s, say, width, height)
	for i, b := range bars {
		y := step*i + 4
		long := 0.0
		if full > 0 {
			long = float64(width-left-right) * b.Value / full
		}
		fmt.Fprintf(&s, `<text x="%d" y="%d" text-anchor="end">%s</text>`, left-8, y+16, escape(shorten(b.Label, 25)))
		fmt.Fprintf(&s, `<rect class="track" x="%d" y="%d" width="%d" height="20" rx="3"/>`, left, y, width-left-right)
		fmt.Fprintf(&s, `<rect class="a" x="%d" y="%d" width="%.1f" height="20" rx="3"/>`, left, y, long)
		fmt.Fprintf(&s, `<text class="v" x="%d" y="%d">%s</text>`, width-right+6, y+16, escape(b.Text))
	}
	s.WriteString("</svg>")
	return template.HTML(s.String()) //nolint:gosec // every text was escaped
}

// pair is one place of a chart of standing bars: a whole and the part of it that is done.
type pair struct {
	Label      string
	Whole      int
	Part       int
	ShownBelow bool // write the label; at many places only some are
}

// columnChart draws standing bars, the part inside the whole.
func columnChart(say string, list []pair, number func(int) string) template.HTML {
	if len(list) == 0 {
		return ""
	}
	most := 1
	for _, p := range list {
		most = max(most, p.Whole)
	}
	most = roundUp(most)
	const width, height, left, foot, top = 640, 230, 52, 26, 10
	var s strings.Builder
	begin(&s, say, width, height)
	for _, line := range []int{0, most / 2, most} {
		y := top + (height-top-foot)*(most-line)/most
		fmt.Fprintf(&s, `<line class="grid" x1="%d" y1="%d" x2="%d" y2="%d"/><text x="%d" y="%d" text-anchor="end">%s</text>`,
			left, y, width, y, left-8, y+4, escape(number(line)))
	}
	step := float64(width-left) / float64(len(list))
	wide := min(step*0.66, 40)
	for i, p := range list {
		x := float64(left) + step*float64(i) + (step-wide)/2
		for _, part := range []struct {
			class string
			n     int
		}{{"b", p.Whole}, {"a", p.Part}} {
			high := float64((height-top-foot)*part.n) / float64(most)
			fmt.Fprintf(&s, `<rect class="%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`, part.class, x, float64(height-foot)-high, wide, high)
		}
		if p.ShownBelow {
			fmt.Fprintf(&s, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, x+wide/2, height-8, escape(p.Label))
		}
	}
	s.WriteString("</svg>")
	return template.HTML(s.String()) //nolint:gosec // every text was escaped
}

// spark draws how a figure went over the months, without axes.
func spark(values []int) template.HTML {
	most := 0
	for _, v := range values {
		most = max(most, v)
	}
	if len(values) < 2 || most == 0 {
		return ""
	}
	var points []string
	for i, v := range values {
		points = append(points, fmt.Sprintf("%.1f,%.1f", 2+96*float64(i)/float64(len(values)-1), 22-20*float64(v)/float64(most)))
	}
	return template.HTML(`<svg class="spark" viewBox="0 0 100 24" aria-hidden="true" focusable="false"><polyline points="` + //nolint:gosec // numbers only
		strings.Join(points, " ") + `"/></svg>`)
}

func begin(s *strings.Builder, say string, width, height int) {
	fmt.Fprintf(s, `<svg class="chart" viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, height, escape(say))
}

func escape(text string) string { return template.HTMLEscapeString(text) }

func shorten(text string, most int) string {
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	return string(r[:most-1]) + "…"
}

// roundUp gives the next even number with one or two leading digits, for the top of an axis.
func roundUp(n int) int {
	unit := 2
	for unit*10 <= n {
		unit *= 10
	}
	return (n + unit - 1) / unit * unit
}
