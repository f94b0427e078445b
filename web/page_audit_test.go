package web

import (
	"bytes"
	"strings"
	"testing"

	"layak/complaints"
	"layak/complaints/reply"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/policy"
	"layak/policy/workbench"
)

// An auditor reads words, not codes, about whatever happens to a complaint.
func TestTheTrailHasWords(t *testing.T) {
	words := newDesk(t, Services{}).words
	events := []complaints.EventType{
		complaints.FileEvent, complaints.TasksDoneEvent, complaints.RouteEvent, complaints.ClockEvent, complaints.EscalateEvent,
		complaints.SentEvent, complaints.JoinEvent, "view", "search", "export", "hint",
	}
	for _, m := range complaints.Moves {
		events = append(events, m.Event)
	}
	var keys []string
	for _, e := range events {
		keys = append(keys, "trail.complaint."+string(e))
	}
	for _, s := range reply.States {
		keys = append(keys, "trail.message."+s.Code)
	}
	for _, n := range auditNouns {
		keys = append(keys, "noun."+n)
	}
	for _, lang := range []string{"id", "en"} {
		for _, k := range keys {
			if !words.For(lang).Has(k) && k != "trail.message."+string(reply.Sending) {
				t.Errorf("%s: %q is missing", lang, k)
			}
		}
	}
}

// TestTheTrailOfRulesIsRead: an auditor chooses "Aturan" and reads what became of a proposal, with its number, the name of
// the draft and the reason that was given. Words that are not those of the entry do not stand beside it.
func TestTheTrailOfRulesIsRead(t *testing.T) {
	d, db := newOffice(t)
	ctx := auth.With(t.Context(), auth.Actor{Name: "dewi", User: "dewi", Role: auth.PolicyOfficer})
	bench := &workbench.Service{Store: db, Checker: nothingFound{}, Impacts: nothingFound{}}
	d.Workbench, d.Policies = bench, db
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var packed bytes.Buffer
	must(policy.Shipped().WriteTarGz(&packed))
	first, err := db.EnsureRevision(ctx, policy.Shipped().Hash(), packed.Bytes())
	must(err)
	draft, err := bench.StartDraft(ctx, "Desil 6 mulai Januari", workbench.Source{})
	must(err)
	const hash = "sha256:77aa19c0b2d4e1"
	_, err = db.Propose(ctx, workbench.Proposal{Revision: policy.Revision{Hash: hash, Stage: policy.Proposed, Bundle: packed.Bytes(), CreatedBy: "dewi"},
		Draft: draft.ID, Base: first.Hash, ProposedAt: d.now, ProposedBy: "dewi"}, 1, audit.Entry{Actor: "dewi", Act: "revision.propose", Object: "revision", ObjectID: hash})
	must(err)
	approver := auth.With(t.Context(), auth.Actor{Name: "bambang", User: "bambang", Role: auth.PolicyApprover})
	must(bench.Reject(approver, hash, "Dasarnya belum ada"))
	must(db.Record(ctx, audit.Entry{Actor: "surya", Act: "revision.reject", Object: "revision", ObjectID: hash, Payload: []byte("kata lain")}))
	must(db.Record(ctx, audit.Entry{Actor: "rini", Act: "person.trial", Object: "draft", ObjectID: draft.ID, Purpose: "Keberatan (" + hash[7:19] + " terhadap " + first.Hash[7:19] + ", 2026-11-22)"}))
	must(db.Record(ctx, audit.Entry{Actor: "rini", Act: "person.view", Object: "person", Purpose: "Lain"}))
	_, err = bench.AddFreeze(approver, workbench.Freeze{From: "2029-11-01", Until: "2029-11-30", Reason: "Pilkada 2029"})
	must(err)

	page := d.get("/audit?act=revision").body
	rows := page[strings.Index(page, "<tbody>"):]
	for _, want := range []string{"Mengusulkan aturan", "Menolak usulan aturan", `<a href="/rules/proposals/` + hash + `">Versi aturan 2</a>`, "“Dasarnya belum ada”",
		`<a href="/rules/drafts/` + draft.ID + `">Konsep “Desil 6 mulai Januari”</a>`, "Mencoba aturan pada data warga", "Versi aturan 2 terhadap Versi aturan 1", "“Pilkada 2029”"} {
		if !strings.Contains(rows, want) {
			t.Errorf("the trail does not say %s", want)
		}
	}
	if strings.Contains(rows, "Melihat data orang") || strings.Count(rows, "Dasarnya belum ada") != 1 {
		t.Error("an entry that is not about rules, or words beside an entry that are not its own")
	}
	if !strings.Contains(page, `value="revision" selected`) {
		t.Error("the choice is not kept")
	}
}
