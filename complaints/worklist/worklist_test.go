package worklist

import (
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"layak/complaints"
	"layak/eligibility"
)

func TestResultWords(t *testing.T) {
	for _, c := range []struct {
		word, want string
		ok         bool
	}{
		{"AKTIF", complaints.RegistrationActive, true},
		{"Berhasil didaftarkan", complaints.RegistrationActive, true},
		{"Tidak Aktif", complaints.RegistrationRefused, true},
		{"non-aktif", complaints.RegistrationRefused, true},
		{"Data tidak valid", complaints.RegistrationRefused, true},
		{"dalam proses", complaints.RegistrationPending, true},
		{"barangkali", "", false},
		{"", "", false},
	} {
		got, ok := ResultOf(c.word)
		if got != c.want || ok != c.ok {
			t.Errorf("%q is %q, %v; want %q, %v", c.word, got, ok, c.want, c.ok)
		}
	}
}

// A row answers the newest registration that waits, of its way and its reference.
func TestWhichRegistrationARowAnswers(t *testing.T) {
	pending := func(ticket, through, reference string) Registered {
		return Registered{Ticket: complaints.Ticket(ticket), Through: through, Reference: reference, Result: complaints.RegistrationPending}
	}
	active := Registered{Ticket: "old", Through: "e_dabu", Result: complaints.RegistrationActive}
	for _, c := range []struct {
		name  string
		all   []Registered
		way   string
		row   Reply
		want  matched
		which complaints.Ticket
	}{
		{"nobody registered him", nil, "", Reply{}, nobody, ""},
		{"the newest that waits", []Registered{pending("new", "e_dabu", ""), pending("older", "e_dabu", "")}, "", Reply{}, waits, "new"},
		{"of the other way", []Registered{pending("new", "siks_ng", ""), pending("older", "e_dabu", "")}, "e_dabu", Reply{}, waits, "older"},
		{"of the other reference", []Registered{pending("new", "e_dabu", "B2"), pending("older", "e_dabu", "B1")}, "", Reply{Reference: "B1"}, waits, "older"},
		{"answered before", []Registered{active}, "", Reply{}, answered, ""},
		{"answered before, and registered again", []Registered{active, pending("again", "e_dabu", "")}, "", Reply{}, waits, "again"},
	} {
		b := &readBack{o: ReadOptions{Through: c.way}}
		g, state := b.match(c.all, c.row, complaints.RegistrationActive)
		if state != c.want || g.Ticket != c.which {
			t.Errorf("%s: %d %q, want %d %q", c.name, state, g.Ticket, c.want, c.which)
		}
	}
}

// Whatever a hand-made sheet holds where a number should stand, it is covered without harm.
func TestHiddenNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.String().Draw(t, "cell")
		got := hidden(Reply{NIK: v})
		if utf8.RuneCountInString(v) > 8 && got == v && v != "" {
			same := true // signs that are the cover themselves hide nothing
			for _, r := range []rune(v)[6 : utf8.RuneCountInString(v)-2] {
				same = same && r == '•'
			}
			if !same {
				t.Fatalf("tells %q", got)
			}
		}
		if !utf8.ValidString(got) {
			t.Fatalf("gives half a sign: %q", got)
		}
	})
	if got := hidden(Reply{NIK: "3509190101800042"}); got != "350919••••••••42" {
		t.Errorf("a NIK is covered as %q", got)
	}
}

func TestFridayWeek(t *testing.T) {
	wib := eligibility.WIB
	for _, c := range []struct{ name, day, from, to string }{
		{"on the Friday itself", "2026-11-20 09:00", "2026-11-14", "2026-11-21"},
		{"the Saturday after", "2026-11-21 00:00", "2026-11-14", "2026-11-21"},
		{"the Thursday before the next", "2026-11-26 23:59", "2026-11-14", "2026-11-21"},
		{"over the turn of the year", "2027-01-02 08:00", "2026-12-26", "2027-01-02"},
	} {
		day, err := time.ParseInLocation("2006-01-02 15:04", c.day, wib)
		if err != nil {
			t.Fatal(err)
		}
		from, to := FridayWeek(day.UTC(), wib)
		if from.Format(time.DateOnly) != c.from || to.Format(time.DateOnly) != c.to || from.Hour() != 0 || to.Sub(from) != 7*24*time.Hour {
			t.Errorf("%s: %v to %v", c.name, from, to)
		}
	}
}

func TestTallyCountsMostFirst(t *testing.T) {
	cases := []RecapCase{{Unit: "B"}, {Unit: "A"}, {Unit: "B"}, {Unit: ""}, {Unit: "A"}, {Unit: "B"}}
	got := tally(cases, func(c RecapCase) string { return c.Unit })
	want := []Count{{Code: "B", Label: "B", N: 3}, {Code: "A", Label: "A", N: 2}, {Code: "Belum ditentukan", Label: "Belum ditentukan", N: 1}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

// Every field of the closed list can stand in a sheet, and nothing is made up about who is not known.
func TestSheetFields(t *testing.T) {
	w := complaints.WaitingRegistration{Ticket: "3509-7K2M-QX9D-R", NIK: "3509190101800042", Name: "Sri Wahyuni", Need: "inpatient"}
	day := time.Date(2026, 11, 21, 0, 0, 0, 0, eligibility.WIB)
	of := map[string]string{"no": "3", "ticket": "3509-7K2M-QX9D-R", "nik": "3509190101800042", "name": "Sri Wahyuni", "class": "3", "need": "Rawat inap", "date": "21-11-2026"}
	for _, f := range SheetFields {
		if got := value(f.Code, 3, w, eligibility.Person{}, day); got != of[f.Code] {
			t.Errorf("%s of somebody who is not in the registry: %q, want %q", f.Code, got, of[f.Code])
		}
	}
	for _, c := range shippedLayout {
		if !complaints.Known(SheetFields, c.Field) {
			t.Errorf("the shipped sheet names the field %q", c.Field)
		}
	}
}
