package policy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"layak/internal/fault"
)

// zeros reads as nothing but zeros.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// metered counts what was read.
type metered struct {
	r io.Reader
	n int
}

func (c *metered) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += n
	return n, err
}

// packed makes an archive of what write puts into it.
func packed(t *testing.T, write func(w *tar.Writer) error) []byte {
	t.Helper()
	var out bytes.Buffer
	zip, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(zip)
	err = write(w)
	if err != nil {
		t.Fatal(err)
	}
	_ = w.Close() // some are meant to be broken
	_ = zip.Close()
	return out.Bytes()
}

func put(w *tar.Writer, kind byte, name, target, text string) error {
	err := w.WriteHeader(&tar.Header{Typeflag: kind, Name: name, Linkname: target, Mode: 0o777, Size: int64(len(text))})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}

// TestHostileArchives hands in archives of rules that were made to fill memory, to take a processor for
// minutes, to reach out of their folder, or to show one text and bring another.
func TestHostileArchives(t *testing.T) {
	const rule = "package layak.eligibility\n"
	for name, write := range map[string]func(w *tar.Writer) error{
		"20 MB in a folder entry, which nobody reads": func(w *tar.Writer) error {
			err := w.WriteHeader(&tar.Header{Typeflag: 'Z', Name: "x", Size: 200 << 20})
			if err == nil {
				_, err = io.CopyN(w, zeros{}, 20<<20)
			}
			return err
		},
		"20,000 folders": func(w *tar.Writer) (err error) {
			for range 20_000 {
				err = put(w, tar.TypeDir, "a/", "", "")
				if err != nil {
					return err
				}
			}
			return nil
		},
		"a file out of the folder":  func(w *tar.Writer) error { return put(w, tar.TypeReg, "../need.rego", "", rule) },
		"a file at the root":        func(w *tar.Writer) error { return put(w, tar.TypeReg, "/../../etc/need.rego", "", rule) },
		"the same name twice":       func(w *tar.Writer) error { return twice(w, "need.rego", "need.rego") },
		"the same name, other ways": func(w *tar.Writer) error { return twice(w, "need.rego", "./a/../need.rego") },
		"a link to a file":          func(w *tar.Writer) error { return put(w, tar.TypeSymlink, "need.rego", "/etc/passwd", "") },
		"a hard link":               func(w *tar.Writer) error { return put(w, tar.TypeLink, "need.rego", "data.json", "") },
		"a device":                  func(w *tar.Writer) error { return put(w, tar.TypeChar, "need.rego", "", "") },
		"a name that hides its end": func(w *tar.Writer) error { return put(w, tar.TypeReg, "need\u202e.rego", "", rule) },
		"a name over two lines":     func(w *tar.Writer) error { return put(w, tar.TypeReg, "need\nx.rego", "", rule) },
		"a name of another system":  func(w *tar.Writer) error { return put(w, tar.TypeReg, `..\need.rego`, "", rule) },
		"a name of 400 letters":     func(w *tar.Writer) error { return put(w, tar.TypeReg, strings.Repeat("n", 400)+".rego", "", rule) },
		"a file larger than allowed": func(w *tar.Writer) error {
			return put(w, tar.TypeReg, "need.rego", "", strings.Repeat("#", maxFileBytes+1))
		},
		"300 files": func(w *tar.Writer) (err error) {
			for i := range 300 {
				err = put(w, tar.TypeReg, strings.Repeat("a", i%90+1)+string(rune('a'+i/90))+".rego", "", rule)
				if err != nil {
					return err
				}
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			archive := packed(t, write)
			if len(archive) > maxBundleBytes {
				t.Fatal("an archive of that size never comes here", len(archive))
			}
			from := &metered{r: bytes.NewReader(archive)}
			b, err := ReadTarGz(from)
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("taken as %d files: %v", len(b.Files), err)
			}
			if from.n > 64<<10 && len(archive) < 1<<20 {
				t.Errorf("%d of %d packed bytes were unpacked before it was refused", from.n, len(archive))
			}
		})
	}
}

func twice(w *tar.Writer, first, second string) error {
	err := put(w, tar.TypeReg, first, "", "package layak.eligibility\n")
	if err != nil {
		return err
	}
	return put(w, tar.TypeReg, second, "", "package layak.eligibility\n\nother := 1\n")
}
