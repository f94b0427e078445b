package importers

import (
	"context"
	"testing"

	"layak/complaints/worklist"
	"layak/internal/fault"
)

func TestAnswerOfTheOtherOfficeIsRead(t *testing.T) {
	f := registerBook(t, "jawaban.xlsx", "Hasil", [][]any{
		{"HASIL UPLOAD E-DABU"},
		{"No", "NIK", "Nama", "No Kartu", "Status", "Keterangan", "TMT"},
		{1, "3509190101900001", "Siti", "0001234567890", "Berhasil", "", 46347},
		{2, "3509 1901 0190 0002", "Budi", "", "GAGAL", "NIK ganda", ""},
		{3, 3509190101900003.0, "Cici", "", "Gagal", "", ""},
		{"", "", "", "", "", "", ""},
		{"", "", "Petugas", "", "", "", ""},
	})
	var rows []worklist.Reply
	err := RegistrationReplies(f, nil)(context.Background(), func(r worklist.Reply) error {
		rows = append(rows, r)
		return nil
	})
	if err != nil || len(rows) != 3 {
		t.Fatalf("read %+v, %v", rows, err)
	}
	if r := rows[0]; r.NIK != "3509190101900001" || r.JKN != "0001234567890" || r.Result != "Berhasil" || r.ActiveOn != "2026-11-21" || r.N != 3 {
		t.Errorf("first row %+v", r)
	}
	if r := rows[1]; r.NIK != "3509190101900002" || r.Reason != "NIK ganda" || r.Lost {
		t.Errorf("second row %+v", r)
	}
	if !rows[2].Lost {
		t.Errorf("a NIK in a number cell: %+v", rows[2])
	}
}

func TestAnswerWithoutAResultIsRefused(t *testing.T) {
	f := registerBook(t, "jawaban.xlsx", "Hasil", [][]any{{"NIK", "No Kartu"}, {"3509190101900001", "1"}})
	err := RegistrationReplies(f, nil)(context.Background(), func(worklist.Reply) error { return nil })
	if e := fault.As(err); e == nil || e.Code != "result_column_missing" {
		t.Fatalf("got %v", err)
	}
}
