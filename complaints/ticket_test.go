package complaints

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"layak/internal/fault"
)

// anyTicket draws a well-formed ticket without the randomness of the machine, so that a failure
// can be drawn again.
func anyTicket(t *rapid.T) string {
	body := []byte("3509")
	for range randomSigns {
		body = append(body, signs[rapid.IntRange(0, 31).Draw(t, "sign")])
	}
	return string(append(body, checkSign(body)))
}

func TestTicketOfTheOffice(t *testing.T) {
	seen := map[Ticket]bool{}
	for range 2000 {
		n := NewTicket("35.09")
		if len(n) != len("3509-7K2M-QX9D-R") || !strings.HasPrefix(string(n), "3509-") || seen[n] {
			t.Fatalf("ticket %q is ill-formed or was drawn twice", n)
		}
		seen[n] = true
		again, err := ParseTicket(string(n))
		if err != nil || again != n {
			t.Fatalf("ParseTicket(%q) = %q, %v", n, again, err)
		}
	}
}

func TestTicketForgivesHowPeopleWriteIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := anyTicket(t)
		want, err := ParseTicket(plain)
		if err != nil {
			t.Fatal(err)
		}
		var typed strings.Builder
		for _, r := range plain {
			switch {
			case r == '0' && rapid.Bool().Draw(t, "O for 0"):
				r = 'O'
			case r == '1':
				r = rapid.SampledFrom([]rune("1IiLl")).Draw(t, "I for 1")
			}
			s := string(r)
			if rapid.Bool().Draw(t, "small") {
				s = strings.ToLower(s)
			}
			typed.WriteString(s + rapid.SampledFrom([]string{"", " ", "-", "–", ". "}).Draw(t, "between"))
		}
		got, err := ParseTicket(typed.String())
		if err != nil || got != want {
			t.Fatalf("ParseTicket(%q) = %q, %v; want %q", typed.String(), got, err, want)
		}
	})
}

// One wrong sign anywhere, the regency and the check sign included, never goes unnoticed.
func TestTicketNoticesOneWrongSign(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		right := anyTicket(t)
		for at := range right {
			for _, r := range signs {
				if byte(r) == right[at] {
					continue
				}
				wrong := right[:at] + string(r) + right[at+1:]
				if n, err := ParseTicket(wrong); err == nil {
					t.Fatalf("%q was taken for %q", wrong, n)
				}
			}
		}
	})
}

// Two signs that changed places, neighbours or not, never go unnoticed.
func TestTicketNoticesSwappedSigns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		right := anyTicket(t)
		for i := range right {
			for j := i + 1; j < len(right); j++ {
				if right[i] == right[j] {
					continue
				}
				wrong := []byte(right)
				wrong[i], wrong[j] = wrong[j], wrong[i]
				if n, err := ParseTicket(string(wrong)); err == nil {
					t.Fatalf("%q was taken for %q", wrong, n)
				}
			}
		}
	})
}

func TestTicketRefuses(t *testing.T) {
	for _, s := range []string{"", "3509", "3509-7K2M-QX9D", "3509-7K2M-QX9D-RR", "3509-7K2M-QX9D-U", "3509-7K2M-QX9D-é", strings.Repeat("3", 1000)} {
		_, err := ParseTicket(s)
		if e := fault.As(err); e == nil || e.Kind != fault.Invalid || e.Code != "ticket_invalid" {
			t.Errorf("ParseTicket(%.20q): %v, want ticket_invalid", s, err)
		}
	}
}
