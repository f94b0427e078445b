package snapshot

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unsafe"

	"github.com/klauspost/compress/zstd"
)

// format is the way in which a snapshot is written. One of another format is made anew.
const format = 1

// maxRows is more people than any country has; a header that tells of more is broken.
const maxRows = 1 << 31

// errOtherFormat is that of a snapshot that another version of the program wrote.
var errOtherFormat = errors.New("snapshot of another format")

// header stands before the columns.
type header struct {
	Format   int            `json:"format"`
	Revision int64          `json:"revision"`
	Rows     int            `json:"rows"`
	Cards    int            `json:"cards"`
	Columns  []columnHeader `json:"columns"`
}

type columnHeader struct {
	Path   string `json:"path"`
	Width  int    `json:"width"` // of a code, in bytes
	Values []any  `json:"values"`
}

// write puts the snapshot into w, compressed.
func (s *Snapshot) write(w io.Writer) error {
	z, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(z, 1<<16)
	h := header{Format: format, Revision: s.Revision, Rows: len(s.niks), Cards: len(s.kks)}
	for _, c := range s.columns {
		h.Columns = append(h.Columns, columnHeader{c.path, c.codes.width(), c.values})
	}
	head, err := json.Marshal(h)
	if err != nil {
		return err
	}
	var size [4]byte
	binary.LittleEndian.PutUint32(size[:], uint32(len(head)))
	_, _ = b.Write(size[:]) // a failed write is told by Flush, here and below
	_, _ = b.Write(head)
	steps(b, s.niks)
	steps(b, s.kks)
	writeList(b, s.cards)
	for _, c := range s.columns {
		switch c.codes.width() {
		case 1:
			_, _ = b.Write(c.codes.b)
		case 2:
			writeList(b, c.codes.w)
		default:
			writeList(b, c.codes.d)
		}
	}
	return errors.Join(b.Flush(), z.Close())
}

func (c *codes) width() int {
	switch {
	case c.d != nil:
		return 4
	case c.w != nil:
		return 2
	}
	return 1
}

// steps writes numbers in their order by what each is above the one before.
func steps(b *bufio.Writer, list []uint64) {
	var buf [binary.MaxVarintLen64]byte
	var before uint64
	for _, v := range list {
		_, _ = b.Write(buf[:binary.PutUvarint(buf[:], v-before)])
		before = v
	}
}

func writeList[T uint16 | uint32](b *bufio.Writer, list []T) {
	var buf [4]byte
	n := int(unsafe.Sizeof(T(0)))
	for _, v := range list {
		binary.LittleEndian.PutUint32(buf[:], uint32(v))
		_, _ = b.Write(buf[:n])
	}
}

// read makes the snapshot that write wrote.
func read(r io.Reader) (*Snapshot, error) {
	z, err := zstd.NewReader(r)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	b := bufio.NewReaderSize(z, 1<<20)
	h, err := readHeader(b)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{Revision: h.Revision, byPath: map[string]*column{}}
	s.niks, err = readSteps(b, h.Rows)
	if err != nil {
		return nil, err
	}
	s.kks, err = readSteps(b, h.Cards)
	if err != nil {
		return nil, err
	}
	s.cards, err = readList[uint32](b, h.Rows)
	if err != nil {
		return nil, err
	}
	for i, card := range s.cards {
		if int(card) >= len(s.kks) {
			return nil, fmt.Errorf("person %d has an unknown card", i)
		}
	}
	for _, ch := range h.Columns {
		c, err := ch.read(b, h.Rows)
		if err != nil {
			return nil, err
		}
		s.put(c)
	}
	for i, path := range columnPaths {
		if i >= len(s.columns) || s.columns[i].path != path {
			return nil, errOtherFormat
		}
	}
	return s.ready(), nil
}

func readHeader(b *bufio.Reader) (header, error) {
	var h header
	var size [4]byte
	_, err := io.ReadFull(b, size[:])
	if err != nil {
		return h, err
	}
	n := binary.LittleEndian.Uint32(size[:])
	if n > 1<<28 {
		return h, errOtherFormat
	}
	head := make([]byte, n)
	_, err = io.ReadFull(b, head)
	if err != nil {
		return h, err
	}
	d := json.NewDecoder(bytes.NewReader(head))
	d.UseNumber()
	err = d.Decode(&h)
	if err != nil {
		return h, err
	}
	if h.Format != format || h.Rows < 0 || h.Rows > maxRows || h.Cards < 0 || h.Cards > maxRows+1 {
		return h, errOtherFormat
	}
	return h, nil
}

func (h columnHeader) read(b *bufio.Reader, rows int) (*column, error) {
	c := &column{path: h.Path, values: h.Values}
	for i, v := range c.values {
		number, ok := v.(json.Number)
		if !ok {
			continue
		}
		n, err := number.Int64()
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", h.Path, err)
		}
		c.values[i] = int(n)
	}
	var err error
	switch h.Width {
	case 1:
		c.codes.b = make([]uint8, rows)
		_, err = io.ReadFull(b, c.codes.b)
	case 2:
		c.codes.w, err = readList[uint16](b, rows)
	default:
		c.codes.d, err = readList[uint32](b, rows)
	}
	if err != nil {
		return nil, fmt.Errorf("column %s: %w", h.Path, err)
	}
	return c, c.whole()
}

// whole tells whether every code has its value.
func (c *column) whole() error {
	for i := range c.codes.len() {
		if int(c.codes.at(i)) >= len(c.values) {
			return fmt.Errorf("column %s: person %d has an unknown code", c.path, i)
		}
	}
	return nil
}

func readSteps(b *bufio.Reader, n int) ([]uint64, error) {
	list := make([]uint64, n)
	var before uint64
	for i := range list {
		step, err := binary.ReadUvarint(b)
		if err != nil {
			return nil, err
		}
		before += step
		list[i] = before
	}
	return list, nil
}

func readList[T uint16 | uint32](b *bufio.Reader, n int) ([]T, error) {
	list := make([]T, n)
	width := int(unsafe.Sizeof(T(0)))
	var buf [1 << 15]byte
	for from := 0; from < n; {
		part := buf[:min(len(buf), (n-from)*width)]
		_, err := io.ReadFull(b, part)
		if err != nil {
			return nil, err
		}
		for ; len(part) > 0; part = part[width:] {
			if width == 2 {
				list[from] = T(binary.LittleEndian.Uint16(part))
			} else {
				list[from] = T(binary.LittleEndian.Uint32(part))
			}
			from++
		}
	}
	return list, nil
}
