package policy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"layak/internal/fault"
)

// proven writes the proof of a golden decision.
func proven(t *testing.T, key SigningKey) (proof []byte, p Proof) {
	t.Helper()
	g := goldens(t)[0]
	in := g.input(t)
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	d, err := e.Decide(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	p = Proof{ID: "0192f1c0-0000-7000-8000-000000000001", Person: in.Resident.NIK, Rules: Shipped(), Facts: in, Decision: d,
		Engine: EngineVersion(), DecidedAt: in.At, DecidedBy: "rini", Regency: "35.09", MadeAt: in.At.Add(time.Hour), MadeBy: "tono"}
	var out bytes.Buffer
	err = WriteProof(t.Context(), &out, p, key)
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), p
}

// zipped packs parts behind each other as one member.
func zipped(t *testing.T, parts ...[]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	for _, part := range parts {
		if _, err := zip.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestNothingLiesBehindAProof puts a second answer where one reader finds it and another does not.
func TestNothingLiesBehindAProof(t *testing.T) {
	key, public := signingKey(t, "ours", "a")
	proof, _ := proven(t, key)
	zip, err := gzip.NewReader(bytes.NewReader(proof))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	other := tarred(t, &tar.Header{Name: proofResult, Typeflag: tar.TypeReg}, "{\"outcome\":\"eligible\"}\n")
	zeros := make([]byte, 10240-len(plain)%10240)
	for _, c := range []struct {
		name, code string // "" for one that holds
		archive    []byte
	}{
		{"as written", "", proof},
		{"packed again by a tool that fills up to 10 KB", "", zipped(t, plain, zeros)},
		{"a second tar behind the end, which tar -i unpacks over the first", "proof_altered", zipped(t, plain, other)},
		{"the same behind much nothing", "proof_altered", zipped(t, plain, zeros, other)},
		{"a byte behind the end", "proof_altered", zipped(t, plain, []byte("x"))},
		{"a second member", "proof_altered", append(bytes.Clone(proof), zipped(t, other)...)},
		{"a second member of nothing", "proof_altered", append(bytes.Clone(proof), zipped(t)...)},
		{"loose bytes", "proof_altered", append(bytes.Clone(proof), "catatan"...)},
		{"one loose line break", "proof_altered", append(bytes.Clone(proof), '\n')},
		{"a record that renames a file for some readers", "proof_unreadable", zipped(t, renamed(t, plain))},
		{"words in the header", "proof_altered", commented(t, plain)},
		{"cut within the last bytes", "proof_unreadable", proof[:len(proof)-3]},
		{"cut within the files", "proof_unreadable", proof[:len(proof)/2]},
		{"more zeros than any tar is filled up with", "proof_unreadable", zipped(t, plain, make([]byte, maxProofBytes))},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := CheckProof(t.Context(), bytes.NewReader(c.archive), public)
			if f := fault.As(err); err != nil && f == nil || f != nil && f.Code != c.code || f == nil && c.code != "" {
				t.Errorf("%v, want %q", err, c.code)
			}
		})
	}
}

// renamed writes the first file with an extended header, in which another name could stand.
func renamed(t *testing.T, plain []byte) []byte {
	t.Helper()
	r := tar.NewReader(bytes.NewReader(plain))
	head, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	first := (512 + len(text) + 511) / 512 * 512
	named := tarred(t, &tar.Header{Name: head.Name, Typeflag: tar.TypeReg, Format: tar.FormatPAX,
		PAXRecords: map[string]string{"comment": "percaya saja"}}, string(text))
	return append(named[:len(named)-1024], plain[first:]...)
}

// commented packs a tar with words where gzip keeps them.
func commented(t *testing.T, plain []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	zip.Comment = "percaya saja"
	_, err := zip.Write(plain)
	if err := errors.Join(err, zip.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// tarred gives a tar of one file.
func tarred(t *testing.T, head *tar.Header, text string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	head.Size, head.Mode = int64(len(text)), 0o644
	err := w.WriteHeader(head)
	if err == nil {
		_, err = io.Copy(w, strings.NewReader(text))
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
