package complaints

import (
	"slices"
	"testing"
)

func TestSearchWords(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", nil},
		{"only signs", `"'% _ ; -- *`, nil},
		{"small letters, each once", "BPJS mati, bpjs MATI", []string{"bpjs", "mati"}},
		{"marks are folded", "José Ñoño Ángel", []string{"jose", "nono", "angel"}},
		{"an apostrophe stays inside a name", "Nur Syi’ar Qur'an", []string{"nur", "syiar", "quran"}},
		{"a ticket falls into its groups", "3509-7K2M-QX9D-R", []string{"3509", "7k2m", "qx9d", "r"}},
		{"full-width digits are digits", "３５０９", []string{"3509"}},
		{"words of a query language are words", `"OR" NOT NEAR( col:`, []string{"or", "not", "near", "col"}},
		{"zero bytes part words", "a\x00b", []string{"a", "b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := SearchWords(c.text); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
