package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"layak/eligibility"
	"layak/importers"
)

// progress is a line on the terminal that is written over again and again. When nobody looks at a
// terminal it says nothing, except that it waits.
type progress struct {
	w      io.Writer
	live   bool
	quiet  bool
	width  int
	waited bool
}

func newProgress(w io.Writer, quiet bool) *progress {
	return &progress{w: w, live: terminal(w), quiet: quiet}
}

var phaseWords = map[string]string{
	importers.PhaseOpening: "membuka", importers.PhaseWaiting: "menunggu impor lain selesai", importers.PhaseReading: "membaca",
	importers.PhaseComparing: "membandingkan", importers.PhasePublishing: "menerbitkan", importers.PhaseDone: "selesai",
}

const barWidth = 24

func (p *progress) importing(s importers.Progress) {
	if s.Phase == importers.PhaseWaiting && !p.live && !p.waited && !p.quiet {
		p.waited = true
		fmt.Fprintln(p.w, "Menunggu impor lain selesai.")
	}
	if !p.live {
		return
	}
	line := fmt.Sprintf("%-14s", phaseWords[s.Phase])
	if s.Total > 0 && s.Phase == importers.PhaseReading {
		full := min(barWidth, s.Rows*barWidth/s.Total)
		line += fmt.Sprintf(" [%s%s] %3d %%", strings.Repeat("█", full), strings.Repeat("·", barWidth-full), min(100, s.Rows*100/s.Total))
	}
	if s.Rows > 0 {
		line += fmt.Sprintf("  %d baris  %s", s.Rows, s.File)
	}
	p.draw(line)
}

// draw replaces the line.
func (p *progress) draw(line string) {
	n := len([]rune(line))
	fmt.Fprintf(p.w, "\r%s%s", line, strings.Repeat(" ", max(0, p.width-n)))
	p.width = n
}

// done clears the line.
func (p *progress) done() {
	if p.live && p.width > 0 {
		fmt.Fprintf(p.w, "\r%s\r", strings.Repeat(" ", p.width))
	}
}

// today is the calendar day at the office.
func today() eligibility.Date { return eligibility.DateOf(time.Now().In(eligibility.WIB)) }
