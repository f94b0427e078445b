package complaints

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"golang.org/x/image/webp"

	"layak/internal/fault"
)

// secret stands for everything that a telephone writes into a photo and that must not stay.
const secret = "GPS -8.1724 113.7005 Siti"

func drawn(w, h int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.NRGBA{uint8(x * 7), uint8(y * 5), uint8(x ^ y), 255})
		}
	}
	return m
}

func segment(marker byte, data string) []byte {
	s := []byte{0xff, marker, 0, 0}
	binary.BigEndian.PutUint16(s[2:], uint16(len(data)+2))
	return append(s, data...)
}

// exifOf is EXIF as a telephone writes it: little-endian, the orientation among other entries.
func exifOf(turn byte) string {
	return "II*\x00\x08\x00\x00\x00" + "\x02\x00" +
		"\x0f\x01\x02\x00\x04\x00\x00\x00Xia\x00" +
		"\x12\x01\x03\x00\x01\x00\x00\x00" + string([]byte{turn, 0, 0, 0}) +
		"\x00\x00\x00\x00" + secret
}

// photo is a JPEG with all that telephones add.
func photo(t testing.TB, turn byte) []byte {
	t.Helper()
	var b bytes.Buffer
	err := jpeg.Encode(&b, drawn(40, 30), nil)
	if err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	out := append([]byte{}, raw[:2]...)
	out = append(out, segment(0xe0, "JFIF\x00"+secret)...)
	out = append(out, segment(0xe1, "Exif\x00\x00"+exifOf(turn))...)
	out = append(out, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret)...)
	out = append(out, segment(0xe2, "ICC_PROFILE\x00"+secret)...)
	out = append(out, segment(0xfe, secret)...)
	out = append(out, raw[2:]...)
	return append(out, "PK\x03\x04"+secret...) // a second file glued behind
}

func pngChunk(kind, data string) []byte {
	c := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	c = append(c, kind+data...)
	return binary.BigEndian.AppendUint32(c, crc32.ChecksumIEEE(c[4:]))
}

func screenshot(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, drawn(40, 30))
	if err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	const behindHeader = 8 + 25
	out := append([]byte{}, raw[:behindHeader]...)
	out = append(out, pngChunk("tEXt", "Author\x00"+secret)...)
	out = append(out, pngChunk("eXIf", exifOf(6))...)
	out = append(out, raw[behindHeader:]...)
	return append(out, secret...)
}

// smallWebP is a lossless picture of one pixel.
func smallWebP() []byte {
	b, _ := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	return b
}

func riff(kind, data string) []byte {
	c := append([]byte(kind), 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(c[4:], uint32(len(data)))
	c = append(c, data...)
	if len(data)%2 == 1 {
		c = append(c, 0)
	}
	return c
}

func extendedWebP(turn byte, extra ...[]byte) []byte {
	out := []byte("RIFF\x00\x00\x00\x00WEBP")
	out = append(out, riff("VP8X", "\x2c\x00\x00\x00\x00\x00\x00\x00\x00\x00")...)
	out = append(out, riff("ICCP", secret)...)
	out = append(out, smallWebP()[12:]...)
	out = append(out, riff("EXIF", exifOf(turn))...)
	out = append(out, riff("XMP ", secret)...)
	for _, e := range extra {
		out = append(out, e...)
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

func sameColours(t *testing.T, got, want image.Image) {
	t.Helper()
	if got.Bounds() != want.Bounds() {
		t.Fatalf("size is %v, want %v", got.Bounds(), want.Bounds())
	}
	for y := range want.Bounds().Dy() {
		for x := range want.Bounds().Dx() {
			r1, g1, b1, a1 := got.At(x, y).RGBA()
			r2, g2, b2, a2 := want.At(x, y).RGBA()
			if r1 != r2 || g1 != g2 || b1 != b2 || a1 != a2 {
				t.Fatalf("pixel %d,%d differs", x, y)
			}
		}
	}
}

func TestPhotoLosesEverythingButThePicture(t *testing.T) {
	for turn := byte(1); turn <= 8; turn++ {
		raw := photo(t, turn)
		clean, err := sanitize(raw)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(clean.content, []byte("GPS")) || bytes.Contains(clean.content, []byte("Xia")) {
			t.Error("metadata stayed")
		}
		got, err := jpeg.Decode(bytes.NewReader(clean.content))
		if err != nil {
			t.Fatal(err)
		}
		want, _ := jpeg.Decode(bytes.NewReader(raw))
		sameColours(t, got, want)
		kept := 1
		if i := bytes.Index(clean.content, []byte("Exif\x00\x00")); i >= 0 {
			kept = orientation(clean.content[i+6:])
		}
		wide := clean.width == 40 && clean.height == 30
		if kept != int(turn) || wide != (turn < 5) {
			t.Errorf("turned by %d, kept %d, shown as %dx%d", turn, kept, clean.width, clean.height)
		}
		again, err := sanitize(clean.content)
		if err != nil || !bytes.Equal(again.content, clean.content) {
			t.Errorf("cleaning a clean photo changes it: %v", err)
		}
	}
}

func TestPNGLosesEverythingButThePicture(t *testing.T) {
	raw := screenshot(t)
	clean, err := sanitize(raw)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(clean.content, []byte("GPS")) || clean.kind != "image/png" || clean.width != 40 {
		t.Errorf("metadata stayed, or %s of %d pixels", clean.kind, clean.width)
	}
	got, err := png.Decode(bytes.NewReader(clean.content))
	if err != nil {
		t.Fatal(err)
	}
	sameColours(t, got, drawn(40, 30))
}

func TestWebPLosesEverythingButThePicture(t *testing.T) {
	for name, raw := range map[string][]byte{"plain": smallWebP(), "extended": extendedWebP(1), "turned": extendedWebP(6)} {
		t.Run(name, func(t *testing.T) {
			clean, err := sanitize(append(raw, secret...))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(clean.content, []byte("GPS")) {
				t.Error("metadata stayed")
			}
			if turned := bytes.Contains(clean.content, []byte("EXIF")); turned != (name == "turned") {
				t.Errorf("EXIF chunk: %v", turned)
			}
			m, err := webp.Decode(bytes.NewReader(clean.content))
			if err != nil || m.Bounds().Dx() != 1 {
				t.Errorf("picture does not open any more: %v", err)
			}
		})
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	good, shot := photo(t, 1), screenshot(t)
	bomb := bytes.Clone(shot)
	binary.BigEndian.PutUint32(bomb[16:], 19_000)
	binary.BigEndian.PutUint32(bomb[20:], 19_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	flipped := bytes.Clone(shot)
	flipped[len(flipped)/2] ^= 1
	noScan := append([]byte{}, good[:2]...)
	noScan = append(noScan, good[bytes.Index(good, []byte{0xff, 0xc0}):bytes.Index(good, []byte{0xff, 0xda})]...)
	cases := []struct {
		name string
		raw  []byte
		code string
	}{
		{"empty", nil, "file_empty"},
		{"one byte too many", bytes.Repeat([]byte{1}, MaxAttachment+1), "file_large"},
		{"a script that calls itself .jpg", []byte("#!/bin/sh\nrm -rf /\n"), "file_kind"},
		{"a page with a picture's name", []byte("<html><script>alert(1)</script>"), "file_kind"},
		{"a drawing that can hold scripts", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>`), "file_kind"},
		{"a program", []byte("MZ\x90\x00\x03"), "file_kind"},
		{"a moving GIF", []byte("GIF89a\x01\x00\x01\x00"), "file_kind"},
		{"a photo of an iPhone", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "file_heic"},
		{"only the first bytes of a photo", []byte("\xff\xd8\xff\xe0"), "file_damaged"},
		{"half a photo", good[:len(good)/2], "file_damaged"},
		{"a photo without a picture", append(noScan, 0xff, 0xd9), "file_damaged"},
		{"half a PNG", shot[:len(shot)/2], "file_damaged"},
		{"a PNG with a flipped bit", flipped, "file_damaged"},
		{"a picture that unpacks to gigabytes", bomb, "picture_large"},
		{"half a WebP", smallWebP()[:20], "file_damaged"},
		{"a moving WebP", extendedWebP(1, riff("ANIM", "\x00\x00\x00\x00\x00\x00")), "picture_moving"},
		{"half a PDF", []byte("%PDF-1.7\n1 0 obj"), "file_damaged"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := sanitize(c.raw)
			if e := fault.As(err); e == nil || e.Kind != fault.Invalid || e.Code != c.code {
				t.Errorf("got %v, want %s", err, c.code)
			}
		})
	}
}

func TestPDFStaysAsItIs(t *testing.T) {
	raw := []byte("%PDF-1.4\n1 0 obj\nendobj\ntrailer\n%%EOF\n")
	clean, err := sanitize(raw)
	if err != nil || clean.kind != "application/pdf" || !bytes.Equal(clean.content, raw) {
		t.Errorf("got %s, %v", clean.kind, err)
	}
}

func TestFileName(t *testing.T) {
	cases := map[string]string{
		"foto.JPG": "foto.jpg", `C:\Users\rini\KTP ibu.png`: "KTP ibu.jpg", "../../etc/passwd": "passwd.jpg",
		"a\r\nSet-Cookie: x.jpg": "aSet-Cookie x.jpg", "": "berkas.jpg", "…": "berkas.jpg", ".htaccess": "berkas.jpg",
		strings.Repeat("é", 300): strings.Repeat("é", 80) + ".jpg",
	}
	for in, want := range cases {
		if got := fileName(in, "image/jpeg"); got != want {
			t.Errorf("fileName(%q) = %q, want %q", in, got, want)
		}
	}
}

// Whatever comes in, cleaning does not panic, and what it accepts is accepted unchanged again.
func FuzzSanitize(f *testing.F) {
	f.Add(photo(f, 6))
	f.Add(screenshot(f))
	f.Add(smallWebP())
	f.Add(extendedWebP(8))
	f.Add([]byte("%PDF-1.4\n%%EOF"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		clean, err := sanitize(raw)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%v", err)
			}
			return
		}
		again, err := sanitize(clean.content)
		if err != nil || !bytes.Equal(again.content, clean.content) {
			t.Fatalf("not stable: %v", err)
		}
	})
}
