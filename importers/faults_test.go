package importers

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"layak/eligibility"
	"layak/internal/fault"
)

// repeat streams a text n times between a head and a foot without holding it.
func repeat(head string, n int, line func(int) string, foot string) io.Reader {
	r, w := io.Pipe()
	go func() {
		_, _ = io.WriteString(w, head)
		for i := range n {
			_, _ = io.WriteString(w, line(i))
		}
		_, _ = io.WriteString(w, foot)
		_ = w.Close()
	}()
	return r
}

const (
	sheetHead = `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	sheetFoot = `</sheetData></worksheet>`
)

func inline(ref, v string) string {
	return fmt.Sprintf(`<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref, v)
}

// people is a header and one person as raw XML.
func people() string {
	var b strings.Builder
	for r, row := range [][]any{plainHeader, person(nikA)} {
		fmt.Fprintf(&b, `<row r="%d">`, r+1)
		for c, v := range row {
			at, _ := excelize.CoordinatesToCellName(c+1, r+1)
			b.WriteString(inline(at, v.(string)))
		}
		b.WriteString(`</row>`)
	}
	return b.String()
}

func TestFilesThatCannotBeRead(t *testing.T) {
	good := workbookOf(t, nil, grid{"", [][]any{plainHeader, person(nikA)}})
	content := contentOf(t, good)
	locked := func() File {
		b, err := excelize.Encrypt(content, &excelize.Options{Password: "rahasia"})
		if err != nil {
			t.Fatal(err)
		}
		return bytesFile("kunci.xlsx", b)
	}
	corrupt := bytes.Clone(content)
	for i := len(corrupt) / 3; i < len(corrupt)/3+40; i++ {
		corrupt[i] ^= 0x5a
	}
	cases := []struct {
		name string
		file File
		code string
	}{
		{"not a workbook", bytesFile("a.xlsx", []byte("NIK;NAMA\n3509;SITI\n")), "not_a_workbook"},
		{"another archive", rawZip(t, "word/document.xml"), "not_a_workbook"},
		{"empty", bytesFile("a.xlsx", nil), "file_empty"},
		{"truncated", bytesFile("a.xlsx", content[:len(content)*2/3]), "workbook_truncated"},
		{"a byte short", bytesFile("a.xlsx", content[:len(content)-1]), "workbook_truncated"},
		{"corrupt inside", bytesFile("a.xlsx", corrupt), "workbook_truncated"},
		{"password", locked(), "workbook_password"},
		{"old xls", bytesFile("a.xls", append(bytes.Clone(oleHeader), make([]byte, 2000)...)), "workbook_old_xls"},
		{"no such file", File{Path: "/tidak/ada.xlsx"}, "file_missing"},
		{"no rows", workbookOf(t, nil, grid{}), "workbook_no_rows"},
		{"no header", workbookOf(t, nil, grid{"", [][]any{{"Rapat"}, {"Senin", "Balai desa"}}}), "header_not_found"},
		{"NIK column missing", workbookOf(t, nil, grid{"", [][]any{{"Nama", "Alamat", "Tgl Lahir"}, {"SITI", "JL. A", "1-1-1990"}}}), "nik_column_missing"},
		{"another kind", workbookOf(t, nil, grid{"", [][]any{{"NIK", "No KK", "Desil"}, {nikA, kkA, "3"}}}), "kind_columns_missing"},
		{"sheet XML ends early", rawWorkbook(t, strings.NewReader(sheetHead+people()), nil), "workbook_truncated"},
		{"sheet XML broken in the middle", rawWorkbook(t, strings.NewReader(sheetHead+people()+`<row r="3"><c r="A3"><v>1</w></c></row><row r="4">`+inline("A4", "x")+`</row>`+sheetFoot), nil), "workbook_truncated"},
		{"rows out of order", rawWorkbook(t, strings.NewReader(sheetHead+people()+`<row r="9">`+inline("A9", "x")+`</row><row r="3">`+inline("A3", "y")+`</row>`+sheetFoot), nil), "workbook_disorder"},
		{"XML entities", rawWorkbook(t, strings.NewReader(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>`+sheetHead[len(`<?xml version="1.0"?>`):]+people()+sheetFoot), nil), "workbook_entities"},
		{"XML entities in the texts", rawWorkbook(t, strings.NewReader(sheetHead+people()+sheetFoot), map[string]string{"xl/sharedStrings.xml": `<!DOCTYPE x [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>`}), "workbook_entities"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newMemStore()
			_, err := Run(context.Background(), s, options(eligibility.Residents, c.file))
			e := fault.As(err)
			if e == nil || e.Code != c.code || e.Kind != fault.Invalid {
				t.Fatalf("got %v, want %s", err, c.code)
			}
			if len(s.imports) != 0 || s.appends != 0 {
				t.Error("something was stored")
			}
			if strings.Contains(e.Message, nikA) || strings.Contains(e.Message, "\n") {
				t.Errorf("message holds personal data or several lines: %s", e.Message)
			}
		})
	}
}

// wild are letters that pack badly, as pasted pictures do.
func wild(n int) string {
	b := make([]byte, n)
	state := uint32(1)
	for i := range b {
		state = state*1664525 + 1013904223
		b[i] = 'a' + byte(state>>24)%26
	}
	return string(b)
}

func TestHostileFilesCostLittle(t *testing.T) {
	styled := func(cols int) func(int) string {
		return func(i int) string {
			var b strings.Builder
			fmt.Fprintf(&b, `<row r="%d">`, i+3)
			for c := range cols {
				name, _ := excelize.ColumnNumberToName(c + 1)
				fmt.Fprintf(&b, `<c r="%s%d" s="0"/>`, name, i+3)
			}
			return b.String() + `</row>`
		}
	}
	cases := []struct {
		name string
		file func() File
		code string // "" read
	}{
		{"bomb: a sheet of zeros", func() File {
			return rawWorkbook(t, repeat(sheetHead, 1<<15, func(int) string { return strings.Repeat("<row/>", 1000) }, sheetFoot), nil)
		}, "workbook_bomb"},
		{"bomb beside the sheet", func() File {
			return rawWorkbook(t, strings.NewReader(sheetHead+people()+sheetFoot), map[string]string{"xl/styles.xml": strings.Repeat(" ", 60<<20)})
		}, "workbook_bomb"},
		{"a million styled empty rows", func() File {
			return rawWorkbook(t, repeat(sheetHead+people(), 1_000_000, styled(4), sheetFoot), nil)
		}, ""},
		{"styled rows before a last lonely cell", func() File {
			return rawWorkbook(t, repeat(sheetHead+people(), 700_000, styled(6), `<row r="900000">`+inline("A900000", "x")+`</row>`+sheetFoot), nil)
		}, "workbook_padded"},
		{"a cell of 30 MB in the sheet", func() File {
			return rawWorkbook(t, strings.NewReader(sheetHead+people()+`<row r="900"><c r="A900" t="inlineStr"><is><t>`+wild(30<<20)+`</t></is></c></row>`+sheetFoot), nil)
		}, "workbook_cell_too_long"},
		{"a cell of 30 MB in many runs", func() File {
			return rawWorkbook(t, strings.NewReader(sheetHead+people()+`<row r="900"><c r="A900" t="inlineStr"><is>`+
				strings.Repeat("<r><t>"+wild(1<<16)+"</t></r>", 480)+`</is></c></row>`+sheetFoot), nil)
		}, "workbook_cell_too_long"},
		{"a shared string of 30 MB", func() File {
			return rawWorkbook(t, strings.NewReader(sheetHead+people()+sheetFoot), map[string]string{
				"xl/sharedStrings.xml": `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>` + wild(30<<20) + `</t></si></sst>`})
		}, "workbook_cell_too_long"},
		{"a cell as long as Excel takes", func() File {
			return rawWorkbook(t, strings.NewReader(sheetHead+people()+`<row r="900">`+inline("Z900", strings.Repeat("&#233;", 32_767))+`</row>`+sheetFoot), nil)
		}, ""},
		{"16,384 columns", func() File {
			return rawWorkbook(t, repeat(sheetHead+people(), 60, styled(16384), sheetFoot), nil)
		}, ""},
		{"16,384 columns in the header row", func() File {
			var b strings.Builder
			for c := range 16384 {
				name, _ := excelize.ColumnNumberToName(c + 1)
				b.WriteString(inline(name+"1", fmt.Sprintf("kolom %d", c)))
			}
			return rawWorkbook(t, strings.NewReader(sheetHead+`<row r="1">`+b.String()+`</row>`+sheetFoot), nil)
		}, "header_not_found"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := c.file()
			runtime.GC()
			peak, stop := watchHeap()
			begun := time.Now()
			res, err := Run(context.Background(), newMemStore(), options(eligibility.Residents, f))
			stop()
			t.Logf("%.1f s, %d MB", time.Since(begun).Seconds(), *peak>>20)
			switch e := fault.As(err); {
			case c.code == "" && (err != nil || res.New != 1):
				t.Fatalf("%v %+v", err, res.Counts)
			case c.code != "" && (e == nil || e.Code != c.code):
				t.Fatalf("got %v, want %s", err, c.code)
			}
			if *peak > 300<<20 {
				t.Errorf("needed %d MB", *peak>>20)
			}
		})
	}
}

// watchHeap samples the heap until stopped and gives the most that was in use.
func watchHeap() (peak *uint64, stop func()) {
	peak = new(uint64)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			*peak = max(*peak, m.HeapInuse)
			select {
			case <-done:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}()
	return peak, func() { close(done); <-ended }
}

func TestManySharedStringsAreReadFromDisk(t *testing.T) {
	var texts, rows strings.Builder
	texts.WriteString(`<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`)
	for i := range stringsInRAM + 10 {
		fmt.Fprintf(&texts, "<si><t>isi %d</t></si>", i)
	}
	n := stringsInRAM + 10
	for r, row := range [][]any{plainHeader, person(nikA)} {
		fmt.Fprintf(&rows, `<row r="%d">`, r+1)
		for c, v := range row {
			at, _ := excelize.CoordinatesToCellName(c+1, r+1)
			fmt.Fprintf(&texts, "<si><t>%s</t></si>", v)
			fmt.Fprintf(&rows, `<c r="%s" t="s"><v>%d</v></c>`, at, n)
			n++
		}
		rows.WriteString(`</row>`)
	}
	texts.WriteString(`</sst>`)
	s := newMemStore()
	f := rawWorkbook(t, strings.NewReader(sheetHead+rows.String()+sheetFoot), map[string]string{"xl/sharedStrings.xml": texts.String()})
	importOf(t, s, options(eligibility.Residents, f))
	if r := stored(t, s, eligibility.Residents, nikA); r.Values[eligibility.FieldName] != "SITI AMINAH" {
		t.Errorf("name %q", r.Values[eligibility.FieldName])
	}
}
