package eligibility

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"layak/internal/fault"
)

func TestParseNIK(t *testing.T) {
	cases := []struct {
		name, in, want, code string
	}{
		{"plain digits", "3509190101850001", "3509190101850001", ""},
		{"spaces, dots and dashes of a form", "3509.1901-0185 0001", "3509190101850001", ""},
		{"leading apostrophe of a spreadsheet", "'3509190101850001", "3509190101850001", ""},
		{"zero-width character pasted from a PDF", "35091901\u200b01850001\ufeff", "3509190101850001", ""},
		{"impossible date is still a NIK", "3509193502850001", "3509193502850001", ""},
		{"fifteen digits", "350919010185000", "", "nik_length"},
		{"letter O for zero", "35O9190101850001", "", "nik_length"},
		{"scientific notation", "3.50919E+15", "", "nik_length"},
		{"other digits of Unicode", "٣٥٠٩١٩٠١٠١٨٥٠٠٠١", "", "nik_length"},
		{"unknown province", "0009190101850001", "", "nik_province"},
		{"empty", "", "", "nik_length"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := ParseNIK(c.in)
			if string(got) != c.want {
				t.Errorf("ParseNIK(%q) = %q, want %q", c.in, got, c.want)
			}
			if c.code != "" && (fault.As(err) == nil || fault.As(err).Code != c.code) {
				t.Errorf("error %v, want code %s", err, c.code)
			}
		})
	}
}

func TestNIKBirth(t *testing.T) {
	cases := []struct {
		name      string
		nik       NIK
		born      Date
		sex       string
		wantMatch bool
	}{
		{"man", "3509191708850001", "1985-08-17", "L", true},
		{"woman has day plus forty", "3509195708850001", "1985-08-17", "P", true},
		{"same digits, born in 2085", "3509195708850001", "2085-08-17", "P", true},
		{"sex differs", "3509195708850001", "1985-08-17", "L", false},
		{"date differs", "3509191708850001", "1985-08-18", "L", false},
		{"nothing to compare", "3509191708850001", "", "", true},
		{"leap day of 2000", "3509192902000001", "2000-02-29", "L", true},
		{"impossible date agrees with nothing", "3509193502850001", "", "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.nik.Matches(c.born, c.sex); got != c.wantMatch {
				t.Errorf("Matches = %v, want %v", got, c.wantMatch)
			}
		})
	}
}

func TestNIKOfAnyBirthMatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := time.Date(1920, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 38000).Draw(t, "day"))
		sex, add := "L", 0
		if rapid.Bool().Draw(t, "woman") {
			sex, add = "P", 40
		}
		raw := fmt.Sprintf("350919%02d%s%04d", day.Day()+add, day.Format("0106"), rapid.IntRange(1, 9999).Draw(t, "serial"))
		nik, err := ParseNIK(raw)
		if err != nil {
			t.Fatal(err)
		}
		if !nik.Matches(DateOf(day), sex) {
			t.Fatalf("%s does not match %s %s", raw, DateOf(day), sex)
		}
	})
}

func TestMaskedShowsNoDateOfBirth(t *testing.T) {
	if got := NIK("3509195708850001").Masked(); got != "350919••••••0001" {
		t.Errorf("Masked = %q", got)
	}
	if got := NIK("12345").Masked(); strings.ContainsAny(got, "12345") {
		t.Errorf("a broken number leaks: %q", got)
	}
	if got := MaskName("Siti Aminah binti Á"); got != "Siti A••••• b••••• Á•••••" {
		t.Errorf("MaskName = %q", got)
	}
	if got := MaskName("Supriyadi"); got != "S•••••" {
		t.Errorf("a name of one word leaks: %q", got)
	}
}

func TestAgeOn(t *testing.T) {
	cases := []struct {
		name      string
		born, day Date
		want      int
	}{
		{"day before birthday", "2000-06-15", "2026-06-14", 25},
		{"birthday", "2000-06-15", "2026-06-15", 26},
		{"leap child before 1 March", "2004-02-29", "2026-02-28", 21},
		{"leap child on 1 March", "2004-02-29", "2026-03-01", 22},
		{"unknown", "", "2026-06-15", -1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.born.AgeOn(c.day); got != c.want {
				t.Errorf("AgeOn = %d, want %d", got, c.want)
			}
		})
	}
}

func FuzzParseNIK(f *testing.F) {
	for _, s := range []string{"3509190101850001", "'35 09.19", "\u202e3509190101850001", "9909190101850001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseNIK(s)
		if err != nil {
			return
		}
		if len(n) != 16 || strings.Trim(string(n), "0123456789") != "" {
			t.Fatalf("ParseNIK(%q) = %q", s, n)
		}
		again, err := ParseNIK(string(n))
		if err != nil || again != n {
			t.Fatalf("not stable: %q -> %q, %v", n, again, err)
		}
	})
}
