package register

import (
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"layak/complaints"
	"layak/internal/auth"
)

var today = time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)

func readRow(texts map[Field]string, days map[Field]time.Time) (complaints.Registered, []Reject, []Reject) {
	r := newReading("lapor", today, "35.09", []auth.Unit{{Code: "KEL-MANGLI", Name: "Kelurahan Mangli"}})
	return r.read(Row{File: "r.xlsx", Sheet: "Data", N: 5, Texts: texts, Times: days, Headers: map[Field]string{}})
}

func TestStatusWords(t *testing.T) {
	for _, c := range []struct {
		word string
		want complaints.State
		ok   bool
	}{
		{"Belum Terverifikasi", complaints.Received, true},
		{"  TERDISPOSISI ", complaints.Verified, true},
		{"Tindak-lanjut", complaints.InProgress, true},
		{"Tertunda", complaints.WaitingReporter, true},
		{"selesai", complaints.Closed, true},
		{"Bukan Wewenang", complaints.Rejected, true},
		{"Dibatalkan", complaints.Withdrawn, true},
		{"mungkin", "", false},
		{"", "", false},
	} {
		got, ok := StateOf(c.word)
		if got != c.want || ok != c.ok {
			t.Errorf("%q is %q, %v; want %q, %v", c.word, got, ok, c.want, c.ok)
		}
	}
	// What we hand over must come back as the state that it was written for, or one that shares its word.
	for _, source := range []string{"lapor", "wadul"} {
		for _, s := range complaints.States {
			word := Word(source, s)
			back, ok := StateOf(word)
			if !ok || Word(source, back) != word {
				t.Errorf("%s: %s is handed over as %q and read back as %q", source, s, word, back)
			}
		}
	}
}

func TestRowsOfARegister(t *testing.T) {
	filed := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	whole := func(change map[Field]string) map[Field]string {
		texts := map[Field]string{Number: "7654321", Text: "Kartu ibu mati.", Status: "Proses"}
		for f, v := range change {
			texts[f] = v
		}
		return texts
	}
	for _, c := range []struct {
		name   string
		texts  map[Field]string
		days   map[Field]time.Time
		bad    string // code of the refusal, "" none
		warned string
	}{
		{"whole", whole(nil), map[Field]time.Time{Filed: filed}, "", ""},
		{"no number", whole(map[Field]string{Number: ""}), map[Field]time.Time{Filed: filed}, numberMissing, ""},
		{"no text and no title", whole(map[Field]string{Text: ""}), map[Field]time.Time{Filed: filed}, textMissing, ""},
		{"no day of filing", whole(nil), nil, filedMissing, ""},
		{"filed tomorrow", whole(nil), map[Field]time.Time{Filed: today.AddDate(0, 0, 1)}, filedFuture, ""},
		{"status that nobody knows", whole(map[Field]string{Status: "entah"}), map[Field]time.Time{Filed: filed}, statusUnknown, ""},
		{"dashes for a NIK", whole(map[Field]string{NIK: "———"}), map[Field]time.Time{Filed: filed}, "", warnNIK},
		{"words for a telephone", whole(map[Field]string{Phone: "tidak ada ☎"}), map[Field]time.Time{Filed: filed}, "", warnPhone},
		{"no address of mail", whole(map[Field]string{Email: "ani di kantor"}), map[Field]time.Time{Filed: filed}, "", warnEmail},
		{"a village of nowhere", whole(map[Field]string{Village: "Antah Berantah"}), map[Field]time.Time{Filed: filed}, "", warnPlace},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, bad, warned := readRow(c.texts, c.days)
			wantCode(t, "refused", bad, c.bad)
			wantCode(t, "warned", warned, c.warned)
		})
	}
}

func wantCode(t *testing.T, what string, got []Reject, code string) {
	t.Helper()
	if code == "" {
		if len(got) > 0 {
			t.Errorf("%s: %+v", what, got)
		}
		return
	}
	if len(got) != 1 || got[0].Code != code || got[0].Reason == "" {
		t.Errorf("%s %+v, want %s with a reason", what, got, code)
	}
}

// Without a status the days tell how far a report came.
func TestStandingByDays(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 3, d, 2, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name string
		days map[Field]time.Time
		want complaints.State
		when time.Time
	}{
		{"filed only", map[Field]time.Time{Filed: day(2)}, complaints.Received, day(2)},
		{"sent on", map[Field]time.Time{Filed: day(2), Sent: day(3)}, complaints.Verified, day(3)},
		{"followed up", map[Field]time.Time{Filed: day(2), Sent: day(3), Followed: day(4)}, complaints.InProgress, day(4)},
		{"finished", map[Field]time.Time{Filed: day(2), Followed: day(4), Finished: day(9)}, complaints.Closed, day(9)},
	} {
		got, bad, _ := readRow(map[Field]string{Number: "1", Text: "Kartu mati."}, c.days)
		if len(bad) > 0 || got.State != c.want || got.MovedAt == nil || !got.MovedAt.Equal(c.when) {
			t.Errorf("%s: %s at %v, %+v", c.name, got.State, got.MovedAt, bad)
		}
	}
}

// Whatever stands in a cell, it is covered without harm and never told whole.
func TestCoveredCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.String().Draw(t, "cell")
		for _, f := range []Field{NIK, Phone, Email, Name, Address, Text, Title, Answer} {
			got := covered(f, v)
			if n := utf8.RuneCountInString(v); n > 6 && got == v {
				t.Fatalf("%s tells %q", f, got)
			}
			if !utf8.ValidString(got) {
				t.Fatalf("%s gives half a sign: %q", f, got)
			}
		}
	})
	if got := covered(NIK, "3509190101800042"); got != "3509••••••••••42" {
		t.Errorf("a NIK is covered as %q", got)
	}
}
