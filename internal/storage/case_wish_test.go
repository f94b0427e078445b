package storage

import (
	"slices"
	"testing"
	"time"

	"layak/eligibility/trial"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// Wishes for cases wait until somebody closes them; a check comes on the list once.
func TestWishesForCases(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		at := time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)
		first := trial.Wish{Check: "c1", Outcome: policy.NotEligible, Codes: []string{"alive", "need_not_met"}, Note: "desil 7", At: at, By: "rini"}
		second := trial.Wish{Check: "c2", Outcome: policy.Eligible, Note: "bayi", At: at.Add(time.Hour), By: "budi"}
		must(t, db.AddWish(t.Context(), first, entry("case.wish")))
		must(t, db.AddWish(t.Context(), second, entry("case.wish")))
		wantKind(t, db.AddWish(t.Context(), first, entry("case.wish")), fault.Conflict, "wish_known")
		all, err := db.Wishes(t.Context())
		must(t, err)
		if len(all) != 2 || all[0].Check != "c2" || all[1].Outcome != policy.NotEligible || !slices.Equal(all[1].Codes, first.Codes) || !all[1].At.Equal(at) || all[1].By != "rini" {
			t.Errorf("%+v", all)
		}
		must(t, db.CloseWish(t.Context(), "c1", entry("case.wish_close")))
		wantKind(t, db.CloseWish(t.Context(), "c1", entry("case.wish_close")), fault.NotFound, "wish_missing")
		wantKind(t, db.AddWish(t.Context(), first, entry("case.wish")), fault.Conflict, "wish_known")
		all, err = db.Wishes(t.Context())
		must(t, err)
		if len(all) != 1 || all[0].Check != "c2" {
			t.Errorf("%+v", all)
		}
	})
}

// What a draft goes on from comes back with it, alone and in the list.
func TestTheOriginOfADraft(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		at := time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)
		d := workbench.Draft{ID: "d1", Name: "Dibenahi", Base: "sha256:1", Origin: "sha256:2", Version: 1, State: workbench.Open, Editors: []string{"sari"},
			Files: map[string][]byte{"need.rego": []byte("package layak.eligibility\n")}, CreatedAt: at, CreatedBy: "sari", UpdatedAt: at, UpdatedBy: "sari"}
		must(t, db.AddDraft(t.Context(), d, entry("draft.create")))
		got, err := db.Draft(t.Context(), "d1")
		must(t, err)
		all, err := db.Drafts(t.Context(), true)
		must(t, err)
		if got.Origin != "sha256:2" || len(all) != 1 || all[0].Origin != "sha256:2" {
			t.Errorf("%q, %+v", got.Origin, all)
		}
	})
}
