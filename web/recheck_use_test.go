package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"layak/complaints"
	"layak/complaints/recheck"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/policy"
)

// oneItem is a list of changed answers with one person, who has a case.
type oneItem struct {
	changedAnswers
	it   recheck.Item
	made eligibility.Determination
}

func (o *oneItem) Item(ctx context.Context, id string) (recheck.Item, eligibility.Determination, eligibility.Determination, error) {
	if id != o.it.ID {
		return o.changedAnswers.Item(ctx, id)
	}
	return o.it, eligibility.Determination{ID: "d1", Decision: policy.Decision{Outcome: policy.NotEligible, Summary: "Dulu desil 9."}}, o.made, nil
}

// The button of the list puts the new result into the case and opens its answer, once.
func TestChangedAnswerIsUsedInTheCase(t *testing.T) {
	eachCaseDesk(t, []string{"kelurahan", "auditor"}, func(t *testing.T, d *desk, b *bureau) {
		actor, err := b.accounts.Actor(t.Context(), "kelurahan")
		b.must(err)
		ctx := auth.With(t.Context(), actor)
		filed, err := b.cases.File(ctx, complaints.Filing{Channel: "whatsapp", Matter: "activation", Need: "inpatient", NIK: b.people.poor,
			Text: "Kartu belum aktif.", Reporter: complaints.Reporter{Name: "Ani", Relation: "family"}})
		b.must(err)
		ticket := filed.Ticket
		made, err := b.Checks.Check(ctx, eligibility.Request{Subject: eligibility.Subject{NIK: b.people.poor}, Need: "inpatient", Purpose: "uji"})
		b.must(err)
		list := &oneItem{made: made, it: recheck.Item{ID: "kk", Name: "Sri W•••••", Shown: b.people.poor.Masked(), From: policy.NotEligible,
			To: made.Outcome, Why: "Data Dukcapil per 1 Des 2026 kini mencatat warga ini pindah ke sini.", Ticket: ticket, Patient: 1, Status: recheck.Open}}
		b.Rechecks = list
		checks := func() int {
			t.Helper()
			c, err := b.cases.Complaint(ctx, ticket)
			b.must(err)
			n := 0
			for _, k := range c.Checks {
				if k.Determination == made.ID {
					n++
				}
			}
			return n
		}
		use := func(id string) answer { return d.post("/account", "/rechecks/"+id+"/use", url.Values{}) }

		if a := d.get("/rechecks/kk"); !strings.Contains(a.body, `action="/rechecks/kk/use"`) || strings.Contains(a.body, string(b.people.poor)) {
			t.Error("the page has no button, or shows the whole NIK")
		}
		if a := use("kk"); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/complaints/"+string(ticket)+"?do=answer" {
			t.Errorf("%d to %q", a.StatusCode, a.Header.Get("Location"))
		}
		if checks() != 1 {
			t.Errorf("the case has the result %d times", checks())
		}
		if a := d.get("/complaints/" + string(ticket) + "?do=answer"); !strings.Contains(a.body, "Hasil cek yang baru sudah ada di aduan") || !strings.Contains(a.body, `id="f-text"`) {
			t.Error("the case does not open at the answer")
		}
		list.it.Linked = true // as the store finds it from then on
		if a := use("kk"); a.StatusCode != http.StatusSeeOther || checks() != 1 {
			t.Errorf("pressed twice: %d, %d times", a.StatusCode, checks())
		}
		list.it.Ticket, list.it.Linked = "", false
		if a := use("kk"); a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "belum punya aduan") {
			t.Errorf("without a case: %d", a.StatusCode)
		}
		if a := use("r2"); a.StatusCode != http.StatusNotFound {
			t.Errorf("somebody else's: %d", a.StatusCode)
		}
		if trail := b.trail(string(ticket)); trail["complaint.check"] != 1 {
			t.Errorf("the trail has %v", trail)
		}
		d.client = d.visitor()
		d.signInAs("auditor")
		if a := use("kk"); a.StatusCode != http.StatusForbidden {
			t.Errorf("an auditor: %d", a.StatusCode)
		}
	})
}
