package importers

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// stringsLimit counts the shared strings and gives the size from which excelize shall keep parts
// in a temporary file: its table in memory needs some 250 bytes per string.
func stringsLimit(f *zip.File) (int64, error) {
	if f == nil {
		return excelize.StreamChunkSize, nil
	}
	r, err := f.Open()
	if err != nil {
		return 0, errTruncated.Because(err)
	}
	defer r.Close()
	n, declared, err := countStrings(r)
	switch {
	case errors.Is(err, errLongCell):
		return 0, err
	case err != nil:
		return 0, errTruncated.Because(err)
	case declared:
		return 0, errEntities
	case n > maxStrings:
		return 0, errTooBig
	case n > stringsInRAM:
		return min(int64(f.UncompressedSize64)-1, excelize.StreamChunkSize), nil
	}
	return excelize.StreamChunkSize, nil
}

// maxShared is how many bytes one shared string may have with the marks of its letters.
const maxShared = 4 << 20

// countStrings counts "<si" and tells whether a document type is declared. A string far above what
// Excel takes is errLongCell: the reader that comes after would hold all of it.
func countStrings(r io.Reader) (n int, declared bool, err error) {
	buf := make([]byte, 1<<18)
	keep, length := 0, 0
	for {
		m, err := r.Read(buf[keep:])
		b := buf[:keep+m]
		length += m
		if end := bytes.LastIndex(b, []byte("si>")); end >= 0 {
			length = len(b) - end
		}
		if length > maxShared {
			return n, declared, errLongCell
		}
		n += bytes.Count(b, []byte("<si>")) + bytes.Count(b, []byte("<si/>")) + bytes.Count(b, []byte("<si ")) + bytes.Count(b, []byte(":si>"))
		declared = declared || bytes.Contains(b, []byte("<!DOCTYPE")) || bytes.Contains(b, []byte("<!ENTITY"))
		if err == io.EOF {
			return n, declared, nil
		}
		if err != nil {
			return n, declared, err
		}
		// an incomplete tag at the end is seen again together with what follows
		keep = 0
		if i := bytes.LastIndexByte(b, '<'); i >= 0 && len(b)-i < 16 && bytes.IndexByte(b[i:], '>') < 0 {
			keep = copy(buf, b[i:])
		}
	}
}

func contains(r io.Reader, what []byte) (bool, error) {
	buf := make([]byte, 1<<16)
	keep := 0
	for {
		n, err := r.Read(buf[keep:])
		b := buf[:keep+n]
		if bytes.Contains(b, what) {
			return true, nil
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		keep = copy(buf, b[max(0, len(b)-len(what)+1):])
	}
}

func utf16LE(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}
