package storage

import (
	"encoding/json"
	"strings"
	"testing"

	"layak/eligibility"
	"layak/internal/auth"
	"layak/policy"
)

// TestDifferingIsWhatAllSays makes determinations again in both ways, by the shipped rules, which need
// nobody else of the card, and by rules that look at the card: the outcomes are the same, and of what
// differs the whole determination.
func TestDifferingIsWhatAllSays(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		l := newSecondLook(t, db)
		l.settle(12, always("9"))
		var asked []eligibility.Determination
		for n := range 12 {
			asked = append(asked, l.ask(eligibility.Request{Subject: eligibility.Subject{NIK: lookNIK(n)}}))
		}
		asked[11].Subject = eligibility.Subject{MotherNIK: lookNIK(11)} // a newborn without a birthday: repeated or not, by both
		l.welfare("2026-12-01", 12, func(n int) string { return []string{"2", "9", ""}[n%3] })
		for name, rules := range map[string]policy.Bundle{"the person alone": policy.Shipped(), "the card": readsCards()} {
			t.Run(name, func(t *testing.T) {
				engine, err := policy.NewEngine(t.Context(), rules)
				must(t, err)
				l.book.active = engine
				if l.book.active.ReadsHousehold() != (name == "the card") {
					t.Fatal("these rules do not test what they should")
				}
				ctx := l.actor(auth.System())
				all, err := l.check.Repeater().All(ctx, asked, "uji")
				must(t, err)
				some, err := l.check.Repeater().Differing(ctx, asked, "uji")
				must(t, err)
				turned := 0
				for i := range all {
					if (all[i].Err == nil) != (some[i].Err == nil) || all[i].New.Outcome != some[i].New.Outcome || some[i].Old.ID != asked[i].ID {
						t.Fatalf("%d: %s (%v), want %s (%v)", i, some[i].New.Outcome, some[i].Err, all[i].New.Outcome, all[i].Err)
					}
					if all[i].Err != nil || all[i].New.Outcome == asked[i].Outcome {
						continue
					}
					turned++
					all[i].New.ID = some[i].New.ID
					want, err := json.Marshal(all[i].New)
					must(t, err)
					got, err := json.Marshal(some[i].New)
					must(t, err)
					if string(got) != string(want) || some[i].Name != all[i].Name {
						t.Errorf("%d: %s\nwant %s", i, got, want)
					}
				}
				if turned == 0 {
					t.Error("nothing differs; the test would mean nothing")
				}
			})
		}
	})
}

// readsCards are the shipped rules with one more that looks at the other members of the card.
func readsCards() policy.Bundle {
	b := policy.Shipped()
	b.Files["members.rego"] = []byte(strings.TrimLeft(`
package layak.eligibility

# METADATA
# title: Anggota keluarga
# custom:
#   code: members_known
#   article: Pasal 1
#   effective_from: "2019-01-01"
#   remedy: Tidak perlu apa-apa.
findings contains {"code": "members_known", "verdict": "note", "seen": "ada", "limit": "", "source": ""} if {
	some member in input.household.members
	member.sex == "L"
}
`, "\n"))
	return b
}
