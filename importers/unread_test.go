package importers

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"layak/eligibility"
	"layak/internal/fault"
)

// Whoever is missing from a complete list counts as no member. These lists are complete but not
// readable everywhere.
func TestUnreadableMembersAreNotMissing(t *testing.T) {
	const asked = "3509194508901999"
	list := func(last ...any) [][]any {
		rows := [][]any{{"NIK", "SEGMEN", "STATUS PESERTA"}}
		for i := range 60 {
			rows = append(rows, []any{fmt.Sprintf("350919450890%04d", i+1), "PPU", "AKTIF"})
		}
		return append(rows, last)
	}
	cases := []struct {
		name    string
		rows    [][]any
		listed  bool // an empty row says that the person is listed
		vouches bool // who is missing is no member
		code    string
	}{
		{"his row is fine", list(asked, "PPU", "AKTIF"), true, true, ""},
		{"his segment is unknown", list(asked, "ENTAH", "AKTIF"), true, true, ""},
		{"he stands there twice, with different rows", append(list(asked, "PPU", "AKTIF"), []any{asked, "PBPU", "AKTIF"}), true, true, ""},
		{"one NIK of many is a number", list(num(3509194508901999), "PPU", "AKTIF"), false, true, ""},
		{"two NIKs of many are numbers", append(list(num(3509194508901999), "PPU", "AKTIF"), []any{"3,50919E+15", "PPU", "AKTIF"}), false, false, ""},
		{"nothing can be read", [][]any{{"NIK", "SEGMEN", "STATUS PESERTA"}, {num(3509194508901999), "PPU", "AKTIF"}}, false, false, "snapshot_empty"},
		{"a header alone", [][]any{{"NIK", "SEGMEN", "STATUS PESERTA"}}, false, false, "snapshot_empty"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newMemStore()
			o := options(eligibility.Membership, workbookOf(t, nil, grid{"", c.rows}))
			o.Mode = Snapshot
			res, err := Run(context.Background(), s, o)
			if c.code != "" {
				if f := fault.As(err); f == nil || f.Code != c.code || len(s.coverage) > 0 {
					t.Fatalf("got %v, coverage %d", err, len(s.coverage))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := s.visible(eligibility.Membership, asked); ok != c.listed {
				t.Errorf("listed: %v", ok)
			}
			if gap := slices.Contains(s.gaps, asked); gap != (c.listed && c.name != "his row is fine") {
				t.Errorf("noted as unread: %v", gap)
			}
			if s.coverage[0].Snapshot != c.vouches || (res.Message == "") != c.vouches {
				t.Errorf("vouches: %v, message %q", s.coverage[0].Snapshot, res.Message)
			}
			if res.Read != res.Accepted+res.Rejected+res.Duplicates+res.Older {
				t.Errorf("figures %+v", res.Counts)
			}
		})
	}
}

func TestRejectedRowKeepsWhatIsStored(t *testing.T) {
	s := newMemStore()
	one := func(segment string) File {
		return workbookOf(t, nil, grid{"", [][]any{{"NIK", "SEGMEN", "STATUS PESERTA"}, {nikA, segment, "AKTIF"}, {nikB, "PPU", "AKTIF"}}})
	}
	importOf(t, s, options(eligibility.Membership, one("PBPU")))
	o := later(options(eligibility.Membership, one("ENTAH")), "2026-11-20")
	o.Mode = Snapshot
	importOf(t, s, o)
	if got := stored(t, s, eligibility.Membership, nikA).Values[eligibility.FieldSegment]; got != "mandiri" {
		t.Errorf("segment is now %q", got)
	}
}
