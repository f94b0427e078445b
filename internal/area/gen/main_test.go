package main

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// source is a package as npm unpacks it.
var source = map[string]string{
	"package.json":       `{"name": "idn-area-data", "version": "4.0.1"}`,
	"data/provinces.csv": "code,name\n35,JAWA TIMUR\n",
	"data/regencies.csv": "code,province_code,name\n35.09,35,KABUPATEN JEMBER\n",
	"data/districts.csv": "code,regency_code,name\n35.09.19,35.09,Kaliwates\n",
	"data/villages.csv":  "code,district_code,name\n35.09.19.1005,35.09.19,  jember ’kidul*\n35.09.19.1001,35.09.19,Mangli\n",
}

// written makes the package, with one file changed, and runs the generator on it.
func written(t *testing.T, file, text string) (blob []byte, err error) {
	t.Helper()
	dir := t.TempDir()
	for name, content := range source {
		if name == file {
			content = text
		}
		path := filepath.Join(dir, name)
		err = os.MkdirAll(filepath.Dir(path), 0o750)
		if err != nil {
			t.Fatal(err)
		}
		err = os.WriteFile(path, []byte(content), 0o600)
		if err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "areas.bin")
	err = run(dir, out)
	if err != nil {
		return nil, err
	}
	blob, err = os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return blob, nil
}

func TestTableHoldsTheAreasInOrder(t *testing.T) {
	blob, err := written(t, "", "")
	if err != nil {
		t.Fatal(err)
	}
	end := 4 + int(binary.BigEndian.Uint32(blob))
	lines := strings.Split(string(blob[4:end]), "\n")
	if lines[0] != "idn-area-data 4.0.1" || !strings.HasPrefix(lines[1], "35\tJAWA TIMUR\t5\t") {
		t.Errorf("directory %q", lines)
	}
	plain, err := io.ReadAll(flate.NewReader(bytes.NewReader(blob[end:])))
	if err != nil {
		t.Fatal(err)
	}
	const want = "35\tJAWA TIMUR\n35.09\tKABUPATEN JEMBER\n35.09.19\tKaliwates\n35.09.19.1001\tMangli\n35.09.19.1005\tJember 'kidul\n"
	if string(plain) != want {
		t.Errorf("areas:\n%swant:\n%s", plain, want)
	}
}

func TestBrokenSourceIsRefused(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"another package", "package.json", `{"name": "areas"}`, "not idn-area-data"},
		{"an empty file", "data/districts.csv", "", "is empty"},
		{"other columns", "data/districts.csv", "kode,nama\n35.09.19,Kaliwates\n", "no column"},
		{"a code of another form", "data/districts.csv", "code,regency_code,name\n350919,35.09,Kaliwates\n", "wrong form"},
		{"a code that stands twice", "data/regencies.csv", "code,name\n35.09,JEMBER\n35.09,JEMBER\n", "stands twice"},
		{"a village without its district", "data/villages.csv", "code,name\n35.09.20.1001,Mangli\n", "has no parent"},
		{"an area without a name", "data/villages.csv", "code,name\n35.09.19.1001,\n", "has the name"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := written(t, c.file, c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
