package policy

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"layak/internal/fault"
)

// The files of a bundle that are not Rego.
const (
	manifestFile  = ".manifest"
	paramsFile    = "data.json"                  // the name that every OPA bundle has for it
	paramsSchema  = "schemas/params.schema.json" // in a folder: plain opa reads every JSON file at the top as data
	schemaFile    = "input.schema.json"
	routingSchema = "routing/routing.schema.json"
	oldParamsFile = "params.json" // in rule sets of before, whose archives hold data.json as a copy
)

// Limits that a bundle has to keep, whoever wrote it.
const (
	maxFileBytes   = 256 << 10
	maxBundleBytes = 4 << 20
	maxFiles       = 200
)

// Bundle is one revision of the written rules: file names (slash-separated, relative) and bytes.
// It is never changed after it was made.
type Bundle struct{ Files map[string][]byte }

//go:embed all:rules
var shipped embed.FS

// Shipped gives the rule set that comes with the program.
func Shipped() Bundle {
	sub, err := fs.Sub(shipped, "rules")
	if err != nil {
		panic("policy: " + err.Error()) // the folder is part of the program
	}
	b, err := ReadBundle(sub)
	if err != nil {
		panic("policy: " + err.Error())
	}
	return b
}

// ReadBundle reads the rule files of a folder: *.rego, data.json, schemas/params.schema.json, input.schema.json,
// routing/routing.schema.json and .manifest.
// Other files are left alone, larger ones than a rule set needs are refused.
func ReadBundle(fsys fs.FS) (Bundle, error) {
	b := Bundle{Files: map[string][]byte{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !belongs(name) {
			return err
		}
		f, err := fsys.Open(name)
		if err != nil {
			return err
		}
		defer f.Close()
		return b.add(name, f)
	})
	if err != nil {
		return Bundle{}, fmt.Errorf("read rules: %w", err)
	}
	return b.settled(), nil
}

func belongs(name string) bool {
	switch name {
	case paramsFile, paramsSchema, oldParamsFile, schemaFile, routingSchema, manifestFile:
		return true
	}
	return strings.HasSuffix(name, ".rego")
}

// add reads one file within the limits.
func (b Bundle) add(name string, r io.Reader) error {
	data, err := io.ReadAll(io.LimitReader(r, maxFileBytes+1))
	if err != nil {
		return err
	}
	total, count := 0, 0
	b.Files[name] = data
	for name, f := range b.Files {
		if !b.beside(name) {
			total, count = total+len(f), count+1
		}
	}
	if len(data) > maxFileBytes || total > maxBundleBytes || count > maxFiles {
		return fault.New(fault.Invalid, "bundle_too_large", "Kumpulan aturan terlalu besar. Paling banyak 200 berkas dan 4 MB.")
	}
	return nil
}

// beside tells whether an archive holds the file beside the rules: the limits are those of the rules, or what keeps them
// could be signed and not be read.
func (b Bundle) beside(name string) bool {
	_, old := b.Files[oldParamsFile]
	return name == signaturesFile || old && name == paramsFile
}

// names lists the files in order.
func (b Bundle) names() []string { return slices.Sorted(maps.Keys(b.Files)) }

// Hash names the revision: "sha256:" and the hex digest over names and bytes in name order.
func (b Bundle) Hash() string {
	h := sha256.New()
	var size [8]byte
	part := func(p []byte) {
		binary.BigEndian.PutUint64(size[:], uint64(len(p)))
		h.Write(size[:])
		h.Write(p)
	}
	for _, name := range b.names() {
		part([]byte(name))
		part(b.Files[name])
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// settled drops the copy of the parameters that archives of rule sets of before hold.
func (b Bundle) settled() Bundle {
	if _, old := b.Files[oldParamsFile]; old {
		delete(b.Files, paramsFile)
	}
	return b
}

// paramsName is the file that holds the parameters of the bundle.
func (b Bundle) paramsName() string {
	if _, old := b.Files[oldParamsFile]; old {
		return oldParamsFile
	}
	return paramsFile
}

// WriteTarGz writes the bundle so that the same bundle gives the same bytes. The archive is an OPA
// bundle, as the folder is: `opa eval -b` reads both.
func (b Bundle) WriteTarGz(w io.Writer) error { return b.archive(w, nil) }

// ReadTarGz reads what WriteTarGz or WriteSignedTarGz wrote; fault.Invalid when r is something else. It
// does not look at the signature: what comes from elsewhere is read with ReadSignedTarGz.
func ReadTarGz(r io.Reader) (Bundle, error) {
	b, err := readArchive(r)
	if err != nil {
		return Bundle{}, err
	}
	delete(b.Files, signaturesFile)
	return b.settled(), nil
}

// with gives a copy of the bundle with one file replaced.
func (b Bundle) with(name string, data []byte) Bundle {
	out := Bundle{Files: maps.Clone(b.Files)}
	out.Files[name] = bytes.Clone(data)
	return out
}
