//go:build unix

package testkit

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// ticks is how often per second Linux counts the time of a process.
const ticks = 100

// PostgresCPU is the processor time that the server has used so far, with all its processes; 0 before
// it was started and on systems that do not tell (it is read from /proc).
func PostgresCPU() time.Duration {
	s, err := startOnce()
	if err != nil {
		return 0
	}
	line, err := os.ReadFile(filepath.Join(s.data, "postmaster.pid"))
	if err != nil {
		return 0
	}
	parent, _, _ := strings.Cut(string(line), "\n")
	var all int64
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		f := statFields(file)
		switch {
		case f == nil:
		case filepath.Base(filepath.Dir(file)) == parent:
			all += f[11] + f[12] + f[13] + f[14] // its own, and that of those which ended
		case strconv.FormatInt(f[1], 10) == parent:
			all += f[11] + f[12]
		}
	}
	return time.Duration(all) * time.Second / ticks
}

// statFields are the numbers behind the name of a process in its stat file: the second is its parent.
func statFields(file string) []int64 {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil // it has ended
	}
	text := string(b)
	var out []int64
	for _, word := range strings.Fields(text[strings.LastIndexByte(text, ')')+1:]) {
		n, _ := strconv.ParseInt(word, 10, 64) // the state is a letter
		out = append(out, n)
	}
	if len(out) < 15 {
		return nil
	}
	return out
}
