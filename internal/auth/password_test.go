package auth

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"layak/internal/fault"
)

func TestCheckPassword(t *testing.T) {
	cases := []struct {
		name, password string
		good           bool
	}{
		{"a phrase", "mangga manis di pasar", true},
		{"letters of another script", "ꦏꦸꦕꦶꦁ ꦲꦶꦠꦼꦩ꧀ ꦠꦸꦫꦸ", true},
		{"random", "x7#kQ2!vLp9z", true},
		{"eleven characters", "abcdefgh1jk", false},
		{"one letter again and again", "aaaaaaaaaaaaaaaa", false},
		{"a NIK", "3509190101900001", false},
		{"a date", "21-11-2026 08.00", false},
		{"the user name with little around it", "rini.wati123", false},
		{"the own name", "Rini Wati Ningsih", false},
		{"one everybody tries", "Indonesia123", false},
		{"a whole book", strings.Repeat("buku tebal ", 40), false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := CheckPassword(c.password, "rini.wati", "Rini Wati Ningsih")
			if (err == nil) != c.good {
				t.Errorf("%v", err)
			}
			if err != nil && (!fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), c.password)) {
				t.Errorf("answer %v", err)
			}
		})
	}
}

func TestHashRoundTrip(t *testing.T) {
	a := &Accounts{cheap: true}
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.StringN(1, 40, 80).Draw(t, "password")
		stored, err := a.hash(ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		if ok, old, err := a.verify(ctx, p, stored); !ok || old || err != nil {
			t.Fatalf("own password: %v %v %v", ok, old, err)
		}
		if ok, _, _ := a.verify(ctx, p+"x", stored); ok {
			t.Fatal("another password fits")
		}
		again, _ := a.hash(ctx, p)
		if again == stored {
			t.Fatal("no salt")
		}
	})
}

// TestBrokenHashOpensNothing: rows that were tampered with are an error, never a way in and never
// a way to take all the memory.
func TestBrokenHashOpensNothing(t *testing.T) {
	a := &Accounts{cheap: true}
	for _, stored := range []string{
		"x", "$argon2id$v=19$m=64,t=1,p=1$$", "$argon2i$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=4194304,t=1,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=64,t=0,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=64,t=1,p=0$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=64,t=1,p=1$!!$AAAAAAAAAAAAAAAAAAAAAA",
	} {
		ok, _, err := a.verify(context.Background(), "", stored)
		if ok || err == nil {
			t.Errorf("%s: %v %v", stored, ok, err)
		}
	}
	if ok, _, err := a.verify(context.Background(), "", ""); ok || err != nil {
		t.Errorf("no stored hash: %v %v", ok, err)
	}
}

// TestLimitGrowsAndForgets: waits never shrink while somebody goes on missing, never pass the
// longest, and start anew after a quiet time.
func TestLimitGrowsAndForgets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := Limit{
			Free: rapid.IntRange(0, 10).Draw(t, "free"), Step: time.Duration(rapid.IntRange(1, 10).Draw(t, "step")) * time.Second,
			Max: 15 * time.Minute, Forget: time.Hour,
		}
		now := time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)
		var a Attempts
		var before time.Duration
		for i := 1; i <= rapid.IntRange(1, 100).Draw(t, "misses"); i++ {
			a = l.fail(a, now)
			wait := max(0, a.Until.Sub(now))
			if (wait > 0) != (i > l.Free) || wait > l.Max || wait < before {
				t.Fatalf("miss %d waits %s after %s", i, wait, before)
			}
			before = wait
			now = now.Add(wait)
		}
		if fresh := l.fail(a, now.Add(2*time.Hour)); fresh.Failures != 1 {
			t.Fatalf("%d misses after a quiet time", fresh.Failures)
		}
	})
}

func BenchmarkHash(b *testing.B) {
	a := &Accounts{}
	for b.Loop() {
		_, _ = a.hash(context.Background(), "mangga manis di pasar")
	}
}
