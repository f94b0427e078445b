package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"layak/complaints/recheck"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// changedAnswers is the second look with one person on the list.
type changedAnswers struct {
	asked recheck.Filter
	done  []string
}

func (r *changedAnswers) item() recheck.Item {
	return recheck.Item{ID: "r1", Name: "Siti A•••••", Shown: "350919••••••0001", Need: "delivery", Old: "d1", New: "d2",
		From: policy.NotEligible, To: policy.Eligible, Why: "Data DTSEN per 1 Des 2026 mencatat desil yang berubah.", Status: recheck.Open}
}

func (r *changedAnswers) List(_ context.Context, f recheck.Filter) (recheck.Page, error) {
	r.asked = f
	return recheck.Page{Items: []recheck.Item{r.item()}, Next: "r1"}, nil
}

func (r *changedAnswers) Counts(context.Context) (recheck.Counts, error) {
	return recheck.Counts{Total: 312, To: map[policy.Outcome]int{policy.Eligible: 312}}, nil
}

func (r *changedAnswers) Progress(context.Context) (recheck.Run, bool, error) {
	return recheck.Run{Reason: "data DTSEN per 1 Des 2026 diterbitkan", Total: 1000, Checked: 250, StartedAt: time.Now()}, true, nil
}

func (r *changedAnswers) Item(_ context.Context, id string) (recheck.Item, eligibility.Determination, eligibility.Determination, error) {
	if id != "r1" {
		return recheck.Item{}, eligibility.Determination{}, eligibility.Determination{}, fault.New(fault.NotFound, "recheck_not_found", "Warga itu tidak ada di daftar cek ulang Anda.")
	}
	old := eligibility.Determination{ID: "d1", Decision: policy.Decision{Outcome: policy.NotEligible, Summary: "Dulu desil 9.",
		Findings: []policy.Finding{{Code: "need_not_met", Title: "Tergolong tidak mampu", Verdict: policy.NotMet}}}}
	made := eligibility.Determination{ID: "d2", Decision: policy.Decision{Outcome: policy.Eligible, Summary: "Kini desil 2."}}
	return r.item(), old, made, nil
}

func (r *changedAnswers) Answered(_ context.Context, id, note string) error {
	r.done = append(r.done, "answered "+id+" "+note)
	return nil
}

func (r *changedAnswers) Dismiss(_ context.Context, id, reason string) error {
	if reason == "" {
		return fault.New(fault.Invalid, "reason_missing", "Tulis alasannya.").At("note", "Tulis alasannya.")
	}
	r.done = append(r.done, "dismissed "+id+" "+reason)
	return nil
}

func TestChangedAnswersPages(t *testing.T) {
	list := &changedAnswers{}
	d := newDesk(t, Services{Rechecks: list})
	d.signInAs(auth.Kelurahan)
	page := d.get("/rechecks?to=eligible")
	for _, want := range []string{"312 warga yang dulu belum memenuhi syarat kini memenuhi syarat", "mencatat desil yang berubah", "250 dari 1.000", "/rechecks/r1"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if list.asked.To != policy.Eligible {
		t.Errorf("asked for %+v", list.asked)
	}
	d.get("/rechecks?to=drop")
	if list.asked.To != "" {
		t.Errorf("an unknown direction reached the service: %q", list.asked.To)
	}
	one := d.get("/rechecks/r1")
	for _, want := range []string{"Kini desil 2.", "Dulu desil 9.", "Tergolong tidak mampu", "/checks/d2"} {
		if !strings.Contains(one.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if got := d.get("/rechecks/r2"); got.StatusCode != http.StatusNotFound {
		t.Errorf("somebody else's: %d", got.StatusCode)
	}
	got := d.post("/account", "/rechecks/r1/dismiss", url.Values{"note": {""}})
	if got.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(got.body, "Tulis alasannya.") || len(list.done) != 0 {
		t.Errorf("without a reason: %d, done %v", got.StatusCode, list.done)
	}
	got = d.post("/account", "/rechecks/r1/answered", url.Values{"note": {"lewat telepon"}})
	if got.StatusCode != http.StatusSeeOther || got.Header.Get("Location") != "/rechecks" || len(list.done) != 1 || list.done[0] != "answered r1 lewat telepon" {
		t.Errorf("answered: %d to %q, done %v", got.StatusCode, got.Header.Get("Location"), list.done)
	}
}
