package storage

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/register"
	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// registerDesk is the desk of registers over the office of the other tests.
func registerDesk(t *testing.T, db *DB) (*office, *register.Desk) {
	t.Helper()
	o := newOffice(t, db)
	return o, &register.Desk{Store: db, Cases: o.Service, Clock: func() time.Time { return o.clock }, Home: jember}
}

func listedRow(n int, values map[register.Field]string, days map[register.Field]string) register.Row {
	r := register.Row{File: "r.xlsx", Sheet: "Data", N: n, Texts: values, Times: map[register.Field]time.Time{}, Headers: map[register.Field]string{}}
	for f := range values {
		r.Headers[f] = strings.ToUpper(string(f))
	}
	for f, text := range days {
		d, err := time.ParseInLocation("2006-01-02 15:04", text, eligibility.WIB)
		if err != nil {
			panic(err)
		}
		r.Times[f] = d
	}
	return r
}

func rowsOf(rows ...register.Row) register.Rows {
	return func(_ context.Context, yield func(register.Row) error) error {
		for _, r := range rows {
			if err := yield(r); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestRegisterIsTakenOverOnceAndFollowsChanges(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, desk := registerDesk(t, db)
		keys, err := audit.NewKeyring([]byte(strings.Repeat("a", 32)))
		must(t, err)
		o.Keyed = keys.KeyedAll
		row := func(status, followed string) register.Row {
			days := map[register.Field]string{register.Filed: "2026-03-02 09:30", register.Sent: "2026-03-03 08:00"}
			if followed != "" {
				days[register.Followed] = followed
			}
			return listedRow(5, map[register.Field]string{
				register.Number: "7654321", register.Title: "Kartu mati", register.Text: "Kartu ibu saya mati.", register.Status: status,
				register.NIK: string(o.sri), register.Name: "Siti Rekaan", register.Phone: "0812-3456-7890", register.Unit: "Kelurahan Mangli",
				register.Category: "Kesehatan", register.District: "Kaliwates",
			}, days)
		}
		load := func(rows ...register.Row) register.Result {
			t.Helper()
			res, err := desk.Load(o.chief, rowsOf(rows...), register.Options{Source: "lapor"})
			must(t, err)
			return res
		}
		preview, err := desk.Load(o.chief, rowsOf(row("Terdisposisi", "")), register.Options{Source: "lapor", DryRun: true})
		must(t, err)
		if preview.New != 1 {
			t.Fatalf("preview %+v", preview)
		}
		if res := load(row("Terdisposisi", "")); res.New != 1 || res.Read != 1 {
			t.Fatalf("first time: %+v", res)
		}
		if res := load(row("Terdisposisi", "")); res.Same != 1 {
			t.Fatalf("second time: %+v", res)
		}
		known, err := db.Sourced(o.chief, "lapor", []string{"7654321", "1"})
		must(t, err)
		ticket := known["7654321"].Ticket
		if len(known) != 1 || ticket == "" {
			t.Fatalf("known %+v", known)
		}
		alike, err := o.Similar(o.mangli, complaints.Filing{Reporter: complaints.Reporter{Phone: "+6281234567890"}})
		must(t, err)
		if len(alike.Cases) != 1 || alike.Cases[0].Ticket != ticket {
			t.Errorf("while the same person complains again: %+v", alike)
		}
		c, err := o.Complaint(o.chief, ticket)
		must(t, err)
		if c.State != complaints.Verified || c.Unit != "KEL-MANGLI" || c.Source != "lapor" || c.SourceNumber != "7654321" || c.Title != "Kartu mati" {
			t.Errorf("case %+v", c)
		}
		if !c.FiledAt.Equal(time.Date(2026, 3, 2, 2, 30, 0, 0, time.UTC)) {
			t.Errorf("filed at %v, the register says 2 March 09:30", c.FiledAt)
		}
		if c.Events[1].Type != complaints.SourceEvent || c.Events[1].To != complaints.Verified || !c.Events[1].At.Equal(time.Date(2026, 3, 3, 1, 0, 0, 0, time.UTC)) {
			t.Errorf("events %+v", c.Events)
		}
		if res := load(row("Proses", "2026-03-04 10:00")); res.Changed != 1 {
			t.Fatalf("changed row: %+v", res)
		}
		c, err = o.Complaint(o.chief, ticket)
		must(t, err)
		if c.State != complaints.InProgress || c.LastSource().Word != "Proses" {
			t.Errorf("after the change: %s, %+v", c.State, c.LastSource())
		}

		// What was done here is not undone by a list that is behind.
		_, err = o.Act(o.mangli, ticket, complaints.Action{Type: complaints.ResolveEvent, Version: c.Version, Decision: complaints.InformationGiven, Reason: "Syarat sudah dijelaskan lengkap."})
		must(t, err)
		if res := load(row("Terdisposisi", "2026-03-04 10:00")); res.Changed != 1 {
			t.Fatalf("older list: %+v", res)
		}
		c, err = o.Complaint(o.chief, ticket)
		must(t, err)
		if c.State != complaints.Answered {
			t.Errorf("an older list moved the case back to %s", c.State)
		}
		h, err := desk.Handover(o.chief, "lapor")
		must(t, err)
		if len(h.Lines) != 1 || len(h.Differences()) != 1 || h.Lines[0].Theirs != "Terdisposisi" || h.Lines[0].Answer == "" || h.Lines[0].FirstAt == nil {
			t.Errorf("hand-over %+v", h)
		}

		// Nor does a list end a case in which somebody still has something to do.
		c, err = o.Act(o.chief, ticket, complaints.Action{Type: complaints.TaskEvent, Version: c.Version, Unit: "KEL-MANGLI", Act: "Antar kartu ke rumah."})
		must(t, err)
		if res := load(row("Selesai", "2026-03-06 10:00")); res.Changed != 1 {
			t.Fatalf("their end: %+v", res)
		}
		was := c.State
		c, err = o.Complaint(o.chief, ticket)
		must(t, err)
		if c.State != was || c.LastSource().Word != "Selesai" {
			t.Errorf("with an open task the register moved the case from %s to %s (%s)", was, c.State, c.LastSource().Word)
		}
	})
}

func TestRowsOfARegisterThatAreRefused(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, desk := registerDesk(t, db)
		days := map[register.Field]string{register.Filed: "2026-03-02 09:30"}
		text := func(number, status string) map[register.Field]string {
			return map[register.Field]string{register.Number: number, register.Text: "Isi " + number, register.Status: status}
		}
		broken := listedRow(9, text("I", "Proses"), days)
		broken.Problems = []register.Problem{{Field: register.Text, Value: "#REF!", Code: "cell_error"}}
		lost := listedRow(10, map[register.Field]string{register.Text: "x"}, days)
		lost.Problems = []register.Problem{{Field: register.Number, Value: "1E+18", Code: "number_lost"}}
		nik := listedRow(12, text("K", "Selesai"), days)
		nik.Texts[register.NIK] = "35091901"
		rows := rowsOf(
			listedRow(2, text("A", "Selesai"), days),
			listedRow(3, text("A", "Selesai"), days), // identical
			listedRow(4, text("B", "Selesai"), days), // two of one number
			listedRow(5, map[register.Field]string{register.Number: "B", register.Text: "lain"}, days),
			listedRow(6, text("", "Selesai"), days),
			listedRow(7, text("D", "Mengambang"), days),
			listedRow(8, text("E", "Proses"), map[register.Field]string{register.Filed: "2027-03-02 09:30"}),
			listedRow(11, text("F", "Proses"), nil),
			broken, lost, nik,
		)
		res, err := desk.Load(o.chief, rows, register.Options{Source: "wadul"})
		must(t, err)
		if res.Read != 11 || res.New != 2 || res.Duplicates != 1 || res.Rejected != 8 || res.Warnings != 1 {
			t.Fatalf("counts %+v", res.Counts)
		}
		got := map[int]string{}
		for _, r := range res.Rejects {
			got[r.Row] = r.Code
			if r.Reason == "" || r.Sheet != "Data" || r.File != "r.xlsx" {
				t.Errorf("reject without its place or reason: %+v", r)
			}
		}
		want := map[int]string{4: "number_twice", 5: "number_twice", 6: "number_missing", 7: "status_unknown", 8: "filed_future", 9: "cell_error", 10: "number_lost", 11: "filed_missing"}
		for n, code := range want {
			if got[n] != code {
				t.Errorf("row %d: %q, want %q", n, got[n], code)
			}
		}
		if res.Warned[0].Code != "nik_left_out" || strings.Contains(res.Warned[0].Value, "350919") {
			t.Errorf("warning %+v", res.Warned[0])
		}
		_, err = desk.Load(o.mangli, rows, register.Options{Source: "wadul"})
		wantKind(t, err, fault.Forbidden, "not_allowed")
		_, err = desk.Load(o.chief, rows, register.Options{Source: "twitter"})
		wantKind(t, err, fault.Invalid, "source_unknown")
	})
}

func TestRegisterThatCameThroughThePages(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o, desk := registerDesk(t, db)
		body := bytes.Repeat([]byte("isi buku kerja "), 40_000) // more than two parts
		var seen []byte
		reader := func(_ string, r io.ReaderAt, size int64, _ map[string]string) register.Rows {
			seen = make([]byte, size)
			_, err := r.ReadAt(seen, 0)
			must(t, err)
			return rowsOf(listedRow(2, map[register.Field]string{register.Number: "A", register.Text: "x", register.Status: "Proses"}, map[register.Field]string{register.Filed: "2026-03-02 09:30"}),
				listedRow(3, map[register.Field]string{register.Text: "tanpa nomor"}, nil))
		}
		u, err := desk.Preview(o.chief, register.Upload{Name: "a.xlsx", Size: int64(len(body)), Options: register.Options{Source: "wadul"}}, bytes.NewReader(body), reader)
		must(t, err)
		known, err := db.Sourced(o.chief, "wadul", []string{"A"})
		must(t, err)
		if u.Result.New != 1 || len(known) != 0 {
			t.Fatalf("a preview wrote something: %+v, %+v", u.Result, known)
		}
		u, err = desk.TakeOver(o.chief, u.ID, reader)
		must(t, err)
		if !bytes.Equal(seen, body) || u.Result.New != 1 || u.Stage != register.Taken {
			t.Fatalf("taken over %+v", u)
		}
		rejects, err := desk.Rejects(o.chief, u.ID, 0)
		must(t, err)
		if len(rejects) != 2 || rejects[0].Row != 3 || rejects[0].Code != "number_missing" { // and no date either
			t.Errorf("kept rejects %+v", rejects)
		}
		_, err = desk.TakeOver(o.chief, u.ID, reader)
		wantKind(t, err, fault.Conflict, "register_taken")
		part, err := db.RegisterPart(o.chief, u.ID, 0)
		must(t, err)
		if part != nil {
			t.Error("the bytes of a register that was taken over are still there")
		}
		must(t, desk.Drop(o.chief, u.ID))
		_, err = desk.Find(o.chief, u.ID)
		wantKind(t, err, fault.NotFound, "register_unknown")
		_, err = desk.List(auth.With(context.Background(), auth.Actor{Name: "x", Role: auth.Auditor}), 9)
		wantKind(t, err, fault.Forbidden, "not_allowed")
	})
}
