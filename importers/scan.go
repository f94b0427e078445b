package importers

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
)

// sheetScan is what a quick look at the raw XML of one sheet tells before excelize parses it:
// where the content ends, how much padding there is, and which cells are long numbers. Excelize
// streams values without their cell type, and a NIK in a number cell has already lost its 16th
// digit, so the type must be known.
type sheetScan struct {
	rows     int      // row elements
	lastRow  int      // last row that holds a value, 0 when the sheet is empty
	tail     int      // row elements after lastRow
	empty    int64    // cells without a value up to lastRow
	filled   int64    // cells with a value
	numbers  []uint64 // number cells of longNumber characters or more: row<<16 | column, ascending
	entities bool     // the XML declares entities or a document type
	giant    int      // first row with a cell far above what Excel takes, 0 when there is none
	disorder bool     // a row stands behind one with a higher number: excelize would pass over it
}

// longNumber is how many characters make a number cell worth remembering. Serial dates and codes
// of areas are shorter; NIK and KK are longer, also as 3.50919E+15.
const longNumber = 10

// maxCell is how many bytes the text of one cell may have. Excel takes 32,767 characters, at most
// ten bytes each when they are written as character references.
const maxCell = 1 << 19

var errSheetXML = errors.New("sheet xml ends early")

// scanner walks over tags and text. It knows no more XML than a sheet uses.
type scanner struct {
	r   *bufio.Reader
	out *sheetScan

	row, col   int
	seenRow    int   // row elements at the last filled row
	seenEmpty  int64 // empty cells at the last filled row
	cells      int64
	numeric    bool // the open cell has no text type
	inCell     bool
	inValue    bool
	cellFilled bool
	length     int // bytes of text since the open cell or row began
}

func scanSheet(r io.Reader) (*sheetScan, error) {
	s := &scanner{r: bufio.NewReaderSize(r, 1<<18), out: &sheetScan{}}
	err := s.run()
	if err != nil {
		return nil, err
	}
	// the rest is read so that the checksum of the part is verified
	_, err = io.Copy(io.Discard, s.r)
	if err != nil {
		return nil, err
	}
	s.out.tail = s.out.rows - s.seenRow
	s.out.empty = s.seenEmpty
	if !slices.IsSorted(s.out.numbers) { // cells of a row need not stand in order
		slices.Sort(s.out.numbers)
	}
	return s.out, nil
}

func (s *scanner) run() error {
	for {
		err := s.text()
		if errors.Is(err, io.EOF) {
			return errSheetXML
		}
		if err != nil {
			return err
		}
		done, err := s.tag()
		if err != nil || done {
			return err
		}
	}
}

// text reads up to the next '<'.
func (s *scanner) text() error {
	first := true
	for {
		b, err := s.r.ReadSlice('<')
		s.grow(len(b))
		if s.inValue && first {
			v := b
			if err == nil {
				v = b[:len(b)-1]
			}
			s.value(v)
			first = false
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// grow notes a cell that no spreadsheet has written: the reader that comes after would hold all of it.
func (s *scanner) grow(n int) {
	s.length += n
	if s.length > maxCell && s.out.giant == 0 {
		s.out.giant = max(s.row, 1)
	}
}

func (s *scanner) value(v []byte) {
	v = bytes.TrimSpace(v)
	if len(v) == 0 || s.cellFilled {
		return
	}
	s.cellFilled = true
	s.out.filled++
	if s.row != s.out.lastRow {
		s.out.lastRow, s.seenRow = s.row, s.out.rows
	}
	s.seenEmpty = s.cells - s.out.filled
	if s.numeric && (len(v) >= longNumber || bytes.ContainsAny(v, "Ee")) {
		s.out.numbers = append(s.out.numbers, uint64(s.row)<<16|uint64(s.col))
	}
}

// tag reads one tag; done tells that the rows are over.
func (s *scanner) tag() (done bool, err error) {
	b, err := s.r.ReadSlice('>')
	for errors.Is(err, bufio.ErrBufferFull) {
		s.grow(len(b))
		b, err = s.r.ReadSlice('>')
		b = b[:0]
	}
	if errors.Is(err, io.EOF) {
		return false, errSheetXML
	}
	if err != nil || len(b) < 2 {
		return false, err
	}
	b = b[:len(b)-1]
	if b[0] == '!' || b[0] == '?' {
		return false, s.declaration(b)
	}
	closing := b[0] == '/'
	if closing {
		b = b[1:]
	}
	alone := len(b) > 0 && b[len(b)-1] == '/'
	name, attrs := splitTag(b)
	switch string(name) {
	case "c":
		if closing {
			s.inCell = false
		} else {
			s.cell(attrs)
			s.inCell = !alone
		}
	case "v", "t":
		s.inValue = s.inCell && !closing && !alone
	case "row":
		if !closing {
			s.openRow(attrs)
		}
	case "sheetData":
		return closing || alone, nil
	}
	return false, nil
}

// declaration passes over comments and CDATA and notes document types.
func (s *scanner) declaration(b []byte) error {
	var end string
	switch {
	case bytes.HasPrefix(b, []byte("!--")):
		end = "--"
	case bytes.HasPrefix(b, []byte("![CDATA[")):
		end = "]]"
		if s.inValue {
			s.value(bytes.TrimSuffix(b[len("![CDATA["):], []byte("]]")))
		}
	case bytes.HasPrefix(b, []byte("!DOCTYPE")), bytes.HasPrefix(b, []byte("!ENTITY")):
		s.out.entities = true
		return nil
	default:
		return nil
	}
	for !bytes.HasSuffix(b, []byte(end)) {
		next, err := s.r.ReadSlice('>')
		s.grow(len(next))
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return errSheetXML
		}
		b = bytes.TrimSuffix(next, []byte(">"))
	}
	return nil
}

func (s *scanner) openRow(attrs []byte) {
	s.out.rows++
	last := s.row
	s.row++
	s.col, s.length = 0, 0
	if n := number(attribute(attrs, 'r')); n > 0 {
		s.row = n
	}
	s.out.disorder = s.out.disorder || s.row <= last
}

func (s *scanner) cell(attrs []byte) {
	s.cells++
	s.cellFilled, s.inValue, s.length = false, false, 0
	s.col++
	s.numeric = true
	if ref := attribute(attrs, 'r'); len(ref) > 0 {
		col := 0
		for _, ch := range ref {
			if ch < 'A' || ch > 'Z' {
				break
			}
			col = col*26 + int(ch-'A') + 1
		}
		if col > 0 && col <= 16384 {
			s.col = col
		}
	}
	if t := attribute(attrs, 't'); len(t) > 0 && string(t) != "n" {
		s.numeric = false
	}
}

// isNumber tells whether the cell is a long number.
func (s *sheetScan) isNumber(row, col int) bool {
	key := uint64(row)<<16 | uint64(col)
	lo, hi := 0, len(s.numbers)
	for lo < hi {
		mid := (lo + hi) / 2
		if s.numbers[mid] < key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(s.numbers) && s.numbers[lo] == key
}

func splitTag(b []byte) (name, attrs []byte) {
	i := 0
	for i < len(b) && b[i] > ' ' && b[i] != '/' {
		if b[i] == ':' {
			b = b[i+1:]
			i = 0
			continue
		}
		i++
	}
	return b[:i], b[i:]
}

// attribute finds the value of a one-letter attribute.
func attribute(b []byte, name byte) []byte {
	for i := 0; i < len(b); {
		for i < len(b) && b[i] <= ' ' {
			i++
		}
		start := i
		for i < len(b) && b[i] != '=' && b[i] > ' ' {
			i++
		}
		key := b[start:i]
		for i < len(b) && b[i] != '"' && b[i] != '\'' {
			i++
		}
		if i >= len(b) {
			return nil
		}
		quote := b[i]
		i++
		from := i
		for i < len(b) && b[i] != quote {
			i++
		}
		if len(key) == 1 && key[0] == name {
			return b[from:i]
		}
		i++
	}
	return nil
}

func number(b []byte) int {
	n := 0
	for _, ch := range b {
		if ch < '0' || ch > '9' || n > 1<<24 {
			return 0
		}
		n = n*10 + int(ch-'0')
	}
	return n
}
