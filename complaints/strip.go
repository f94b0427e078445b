package complaints

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// The functions of this file copy the parts of a picture that make the picture and leave out the
// rest. They give the copy, how the picture is turned, and false when the file is damaged. What
// follows the end of the picture is left out as well.

// stripJPEG keeps tables, frames and scans. Of the application segments it keeps Adobe's, which
// says how colours are coded. JFIF, EXIF, XMP, ICC, thumbnails and comments go.
func stripJPEG(raw []byte) ([]byte, int, bool) {
	out := bytes.NewBuffer(make([]byte, 0, len(raw)))
	out.Write(raw[:2])
	turn, at, scans := 1, 2, 0
	var body bytes.Buffer
	for {
		marker, next, ok := jpegMarker(raw, at)
		if !ok {
			return nil, 0, false
		}
		if marker == 0xd9 { // end of image
			break
		}
		if next+2 > len(raw) {
			return nil, 0, false
		}
		n := int(binary.BigEndian.Uint16(raw[next:]))
		end := next + n
		if n < 2 || end > len(raw) {
			return nil, 0, false
		}
		segment := raw[next+2 : end]
		if marker == 0xe1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			turn = orientation(segment[6:])
		}
		if jpegKeeps(marker, segment) {
			body.Write([]byte{0xff, marker})
			body.Write(raw[next:end])
		}
		at = end
		if marker == 0xda { // start of scan: the coded picture follows
			at = scanEnd(raw, end)
			body.Write(raw[end:at])
			scans++
		}
	}
	if scans == 0 {
		return nil, 0, false
	}
	if turn != 1 {
		exif := append([]byte("Exif\x00\x00"), turnOnly(turn)...)
		out.Write([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)})
		out.Write(exif)
	}
	out.Write(body.Bytes())
	out.Write([]byte{0xff, 0xd9})
	return out.Bytes(), turn, true
}

// jpegMarker reads the marker at a place, passing over fill bytes.
func jpegMarker(raw []byte, at int) (marker byte, next int, ok bool) {
	if at >= len(raw) || raw[at] != 0xff {
		return 0, 0, false
	}
	for at < len(raw) && raw[at] == 0xff {
		at++
	}
	if at >= len(raw) || raw[at] == 0 {
		return 0, 0, false
	}
	return raw[at], at + 1, true
}

func jpegKeeps(marker byte, segment []byte) bool {
	switch {
	case marker >= 0xc0 && marker <= 0xcf: // frames, Huffman and arithmetic tables
		return true
	case marker == 0xda, marker == 0xdb, marker == 0xdc, marker == 0xdd: // scan, tables, lines, restarts
		return true
	case marker == 0xee: // Adobe
		return len(segment) == 12 && bytes.HasPrefix(segment, []byte("Adobe"))
	}
	return false
}

// scanEnd finds the marker that ends the coded data of a scan.
func scanEnd(raw []byte, at int) int {
	for ; at+1 < len(raw); at++ {
		if raw[at] != 0xff {
			continue
		}
		next := raw[at+1]
		if next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7) { // not stuffed, no restart
			return at
		}
	}
	return len(raw)
}

// pngKeeps are the chunks that change how a PNG looks. Text, time, EXIF and private ones go; so
// do those that make it move, which leaves the first picture.
var pngKeeps = map[string]bool{
	"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true,
	"tRNS": true, "gAMA": true, "cHRM": true, "sRGB": true, "sBIT": true,
}

func stripPNG(raw []byte) ([]byte, int, bool) {
	out := bytes.NewBuffer(make([]byte, 0, len(raw)))
	out.Write(raw[:8])
	for at := 8; ; {
		if at+12 > len(raw) {
			return nil, 0, false
		}
		n := int64(binary.BigEndian.Uint32(raw[at:]))
		end := int64(at) + 12 + n
		if end > int64(len(raw)) {
			return nil, 0, false
		}
		kind := string(raw[at+4 : at+8])
		if crc32.ChecksumIEEE(raw[at+4:end-4]) != binary.BigEndian.Uint32(raw[end-4:]) {
			return nil, 0, false
		}
		if pngKeeps[kind] {
			out.Write(raw[at:end])
		}
		if kind == "IEND" {
			return out.Bytes(), 1, true
		}
		at = int(end)
	}
}

// stripWebP keeps the coded picture and its transparency and clears the flags of what was left out.
func stripWebP(raw []byte) ([]byte, int, bool) {
	size := int64(binary.LittleEndian.Uint32(raw[4:])) + 8
	if size > int64(len(raw)) {
		return nil, 0, false
	}
	var body bytes.Buffer
	var extended []byte
	turn := 1
	for at := int64(12); at+8 <= size; {
		n := int64(binary.LittleEndian.Uint32(raw[at+4:]))
		end := at + 8 + n
		if end > size {
			return nil, 0, false
		}
		data := raw[at+8 : end]
		switch string(raw[at : at+4]) {
		case "VP8 ", "VP8L", "ALPH":
			body.Write(raw[at:end])
			if n%2 == 1 {
				body.WriteByte(0)
			}
		case "VP8X":
			extended = bytes.Clone(raw[at:end])
		case "EXIF":
			turn = orientation(bytes.TrimPrefix(data, []byte("Exif\x00\x00")))
		case "ANIM", "ANMF":
			return raw, moving, true
		}
		at = end + n%2
	}
	return webpOf(extended, body.Bytes(), turn)
}

// webpOf puts a WebP together again.
func webpOf(extended, body []byte, turn int) ([]byte, int, bool) {
	if len(body) == 0 || extended != nil && len(extended) != 18 {
		return nil, 0, false
	}
	out := []byte("RIFF\x00\x00\x00\x00WEBP")
	if extended == nil {
		turn = 1 // without the extended header there is no place for EXIF
	} else {
		const alpha, exif = 0x10, 0x08
		extended[8] &= alpha
		if turn != 1 {
			extended[8] |= exif
		}
		out = append(out, extended...)
	}
	out = append(out, body...)
	if turn != 1 {
		e := turnOnly(turn)
		out = append(out, "EXIF"...)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(e)))
		out = append(out, e...)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, turn, true
}
