// Command gen builds the embedded table of areas from the CSV files of the npm package
// idn-area-data (data under the ODbL, see NOTICE). `make generate` fetches the package and runs it.
//
//	go run ./internal/area/gen -from PACKAGE_DIR -out internal/area/areas.bin
package main

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// row is one area as it will stand in the table.
type row struct{ code, name string }

func main() {
	from := flag.String("from", "", "folder of the unpacked npm package")
	out := flag.String("out", "internal/area/areas.bin", "file to write")
	flag.Parse()
	if err := run(*from, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(from, out string) error {
	version, err := packageVersion(from)
	if err != nil {
		return err
	}
	var rows []row
	for _, file := range []string{"provinces", "regencies", "districts", "villages"} {
		more, err := read(filepath.Join(from, "data", file+".csv"))
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.code, b.code) })
	if err := check(rows); err != nil {
		return err
	}
	blob, err := pack("idn-area-data "+version, rows)
	if err != nil {
		return err
	}
	return os.WriteFile(out, blob, 0o644)
}

func packageVersion(dir string) (string, error) {
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return "", err
	}
	var p struct{ Name, Version string }
	if err := json.Unmarshal(text, &p); err != nil {
		return "", err
	}
	if p.Name != "idn-area-data" {
		return "", fmt.Errorf("%s holds the package %q, not idn-area-data", dir, p.Name)
	}
	return p.Version, nil
}

func read(path string) ([]row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if len(records) == 0 {
		return nil, fmt.Errorf("%s is empty", path)
	}
	code, name := slices.Index(records[0], "code"), slices.Index(records[0], "name")
	if code < 0 || name < 0 {
		return nil, fmt.Errorf("%s: no column code or name", path)
	}
	rows := make([]row, 0, len(records)-1)
	for _, r := range records[1:] {
		rows = append(rows, row{r[code], tidy(r[name])})
	}
	return rows, nil
}

// tidy mends the few slips of the source: curly and double quotes where an apostrophe stands for
// a glottal stop, footnote stars, names typed without capitals, stray spaces.
func tidy(name string) string {
	name = strings.NewReplacer("’", "'", "‘", "'", `"`, "'", "*", "").Replace(name)
	name = strings.Join(strings.Fields(name), " ")
	if name == strings.ToLower(name) {
		words := strings.Fields(name)
		for i, w := range words {
			r := []rune(w)
			r[0] = unicode.ToUpper(r[0])
			words[i] = string(r)
		}
		name = strings.Join(words, " ")
	}
	return name
}

var codeForm = regexp.MustCompile(`^\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?$`)

// check refuses a source that would break look-ups: bad or double codes, orphans, empty names.
func check(rows []row) error {
	var faults []error
	seen := make(map[string]bool, len(rows))
	for _, r := range rows {
		parent, _, _ := cutLast(r.code)
		switch {
		case !codeForm.MatchString(r.code):
			faults = append(faults, fmt.Errorf("code %q has a wrong form", r.code))
		case seen[r.code]:
			faults = append(faults, fmt.Errorf("code %s stands twice", r.code))
		case parent != "" && !seen[parent]:
			faults = append(faults, fmt.Errorf("%s has no parent", r.code))
		case r.name == "" || strings.ContainsAny(r.name, "\t\n"):
			faults = append(faults, fmt.Errorf("%s has the name %q", r.code, r.name))
		}
		seen[r.code] = true
	}
	return errors.Join(faults...)
}

func cutLast(code string) (before, after string, found bool) {
	i := strings.LastIndexByte(code, '.')
	if i < 0 {
		return "", code, false
	}
	return code[:i], code[i+1:], true
}

// pack writes: source line; then for each province its code, name, number of areas, length of the
// plain and of the deflated text, and after the directory the deflated texts. A text holds
// "code TAB name LF" for each area in code order, the province first.
func pack(source string, rows []row) ([]byte, error) {
	var directory, bodies bytes.Buffer
	directory.WriteString(source + "\n")
	for start := 0; start < len(rows); {
		end := start + 1
		for end < len(rows) && strings.HasPrefix(rows[end].code, rows[start].code+".") {
			end++
		}
		var plain strings.Builder
		for _, r := range rows[start:end] {
			plain.WriteString(r.code + "\t" + r.name + "\n")
		}
		before := bodies.Len()
		w, err := flate.NewWriter(&bodies, flate.BestCompression)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write([]byte(plain.String())); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		fmt.Fprintf(&directory, "%s\t%s\t%d\t%d\t%d\n", rows[start].code, rows[start].name, end-start, plain.Len(), bodies.Len()-before)
		start = end
	}
	blob := binary.BigEndian.AppendUint32(nil, uint32(directory.Len()))
	return append(append(blob, directory.Bytes()...), bodies.Bytes()...), nil
}
