package area

import (
	"bytes"
	"compress/flate"
	_ "embed" // the table is a file beside this one
	"encoding/binary"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"
	"sync"
)

//go:generate make -C ../.. areas

// blob is written by gen: the length of the directory, the directory, one deflated text per province.
//
//go:embed areas.bin
var blob []byte

var source, entries, order = directory()

// entry is one province of the table. The rows are unpacked once, when first asked for.
type entry struct {
	title  string
	count  int
	plain  int
	packed []byte

	once sync.Once
	rows []Area // in code order, the province first; strings share one text

	names sync.Map // parent Code → *nameIndex
}

// directory reads the list of provinces. The table is part of the program and its own test reads
// all of it, so a fault here is a broken build: it panics.
func directory() (string, map[Code]*entry, []Code) {
	head := 4 + int(binary.BigEndian.Uint32(blob))
	lines := strings.Split(strings.TrimSuffix(string(blob[4:head]), "\n"), "\n")
	table, codes := make(map[Code]*entry, len(lines)), make([]Code, 0, len(lines))
	at := head
	for _, line := range lines[1:] {
		f := strings.Split(line, "\t")
		packed := number(f[4])
		c := Code(f[0])
		table[c] = &entry{title: f[1], count: number(f[2]), plain: number(f[3]), packed: blob[at : at+packed]}
		codes = append(codes, c)
		at += packed
	}
	return lines[0], table, codes
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(fmt.Sprintf("area: directory of areas.bin: %v", err))
	}
	return n
}

func provinces() []Area {
	list := make([]Area, 0, len(order))
	for _, c := range order {
		list = append(list, Area{c, entries[c].title})
	}
	return list
}

func (e *entry) name() string {
	if e == nil {
		return ""
	}
	return e.title
}

// all unpacks the province: about 60 bytes an area stay in memory.
func (e *entry) all() []Area {
	e.once.Do(func() {
		var text strings.Builder
		text.Grow(e.plain)
		if _, err := io.Copy(&text, flate.NewReader(bytes.NewReader(e.packed))); err != nil {
			panic(fmt.Sprintf("area: %s in areas.bin: %v", e.title, err))
		}
		e.rows = make([]Area, 0, e.count)
		for rest := text.String(); rest != ""; {
			line, after, _ := strings.Cut(rest, "\n")
			code, name, _ := strings.Cut(line, "\t")
			e.rows = append(e.rows, Area{Code(code), name})
			rest = after
		}
	})
	return e.rows
}

func (e *entry) find(c Code) (Area, bool) {
	rows := e.all()
	i := search(rows, string(c))
	if i < len(rows) && rows[i].Code == c {
		return rows[i], true
	}
	return Area{}, false
}

// children skips from sibling to sibling: "/" sorts behind "." and before every digit, so code+"/"
// is where the descendants of a code end.
func (e *entry) children(c Code) []Area {
	rows := e.all()
	level := c.Level()
	if level == NoLevel || level == Village {
		return nil
	}
	var list []Area
	end := search(rows, string(c)+"/")
	for i := search(rows, string(c)+"."); i < end; i = search(rows, string(rows[i].Code)+"/") {
		list = append(list, rows[i])
	}
	return list
}

// below lists all areas of a level inside c, in code order.
func (e *entry) below(c Code, level Level) []Area {
	rows := e.all()
	var list []Area
	for _, a := range rows[search(rows, string(c)):search(rows, string(c)+"/")] {
		if a.Code.Level() == level {
			list = append(list, a)
		}
	}
	return list
}

func search(rows []Area, code string) int {
	return sort.Search(len(rows), func(i int) bool { return string(rows[i].Code) >= code })
}
