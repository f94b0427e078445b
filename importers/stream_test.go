package importers

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A table that is written bit by bit reads back as text, also what looks like a formula or a number.
func TestTableWriterReadsBack(t *testing.T) {
	w, err := NewTableWriter("Aduan", []string{"Nomor", "Isi"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	const rows = 3_000
	for i := range rows / 100 {
		var part [][]string
		for j := range 100 {
			part = append(part, []string{fmt.Sprintf("%016d", i*100+j), "=1+1"})
		}
		err = w.Write(part)
		if err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	err = w.Send(&out)
	if err != nil {
		t.Fatal(err)
	}
	x, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	got, err := x.GetRows("Aduan")
	if err != nil || len(got) != rows+1 {
		t.Fatalf("%d rows, %v", len(got), err)
	}
	if got[0][1] != "Isi" || got[rows][0] != "0000000000002999" || got[rows][1] != "=1+1" {
		t.Errorf("header %q, last row %q", got[0], got[rows])
	}
}
