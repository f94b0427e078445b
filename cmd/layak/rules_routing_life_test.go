package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"layak/complaints/calendar"
	"layak/eligibility/impact"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// ownRouting sends complaints about wrong data to Dukcapil itself, and its test.
const (
	dataDesk  = `{"kinds": ["kelurahan", "desa", "kecamatan"], "area": place} if {` + "\n\tnot emergency\n\tinput.matter == \"data\""
	civilDesk = `{"code": current.office_units.civil, "kinds": ["opd"], "area": input.office.regency} if {` + "\n\tnot emergency\n\tinput.matter == \"data\""
	civilTest = `# Uji untuk loket data.
package layak.routing_test

test_wrong_data_goes_to_dukcapil if {
	r := route({"matter": "data"})
	r.desk.code == "DUKCAPIL"
}
`
)

// TestRoutingIsChangedAsRulesAre: an officer changes where complaints about wrong data go, on the first day, when
// the registry is still empty; the tests run, another person approves, and from its activation the next such
// complaint goes elsewhere, by the rules that it names. One that was filed before stays where it is.
func TestRoutingIsChangedAsRulesAre(t *testing.T) {
	h := &house{t: t, dir: t.TempDir()}
	h.db = "sqlite:" + h.path("layak.db")
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Jakarta)
	p := routedProgram(t, h, &now, &bytes.Buffer{})
	operator := asOperator(t.Context())
	for _, u := range []auth.Unit{
		{Code: "KEL-JEMBER", Name: "Kelurahan Jember", Kind: "kelurahan", Areas: []area.Code{"35.09.19.1001"}},
		{Code: "DUKCAPIL", Name: "Dinas Dukcapil", Kind: "opd", Areas: []area.Code{"35.09"}},
	} {
		err := p.Accounts.AddUnit(operator, u)
		if err != nil {
			t.Fatal(err)
		}
	}
	wrongData := toldByPhone()
	wrongData.Matter, wrongData.Need, wrongData.Text = "data", "", "Nama di kartu salah."
	before, err := p.Complaints.File(operator, wrongData)
	if err != nil || before.Unit != "KEL-JEMBER" {
		t.Fatalf("before, it goes to %q: %v", before.Unit, err)
	}

	officer := auth.With(t.Context(), auth.Actor{Name: "sari", User: "sari", Role: auth.PolicyOfficer})
	approver := auth.With(t.Context(), auth.Actor{Name: "bambang", User: "bambang", Role: auth.PolicyApprover})
	d, err := p.Workbench.StartDraft(officer, "Data salah langsung ke Dukcapil", workbench.Source{})
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(d.Files["routing/desk.rego"]), dataDesk, civilDesk, 1)
	d, err = p.Workbench.SaveDraft(officer, d.ID, d.Version, workbench.Change{Put: map[string][]byte{
		"routing/desk.rego": []byte(text), "routing/desk_data_test.rego": []byte(civilTest)}})
	if err != nil {
		t.Fatal(err)
	}
	st, err := p.Workbench.Standing(officer, d.Bundle())
	if err != nil || len(st.Hindrances) != 1 || st.Hindrances[0].Code != "routing_missing" {
		t.Fatalf("nobody has looked at the open complaint, and it stands %+v, %v", st.Hindrances, err)
	}
	run, err := p.Impact.DoRouting(officer, impact.Request{Base: policy.Shipped(), Draft: d.Bundle()}, nil)
	if err != nil || run.Routing.Of(impact.RoutingDesk) != 1 || run.Routing.Void() || run.Routing.Groups[0].Samples[0].Ticket != string(before.Ticket) {
		t.Fatalf("of the open complaint: %+v, %v", run.Routing, err)
	}
	if m := run.Routing.Groups[0].Moves[0]; m.From != "Kelurahan Jember" || m.To != "Dinas Dukcapil" || m.Now {
		t.Errorf("it moves %+v", m)
	}
	st, err = p.Workbench.Standing(officer, d.Bundle())
	if r := st.Report.Routing; err != nil || r == nil || r.Cases != 1 || r.Desk != 1 || r.Later+r.Sooner+r.Refused != 0 {
		t.Errorf("the report says of complaints %+v, %v", r, err)
	}
	if err != nil || len(st.Hindrances) > 0 || st.Report.Impact == nil || st.Report.Impact.People != 0 || st.Confirm != 0 {
		t.Fatalf("it stands %+v, %v", st.Hindrances, err)
	}
	proposal, err := p.Workbench.Propose(officer, d.ID, d.Version, workbench.Ask{Note: "Data salah langsung ditangani Dukcapil."})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Workbench.Approve(officer, proposal.Hash); !fault.Is(err, fault.Forbidden) {
		t.Errorf("the author approves: %v", err)
	}
	err = p.Workbench.Approve(approver, proposal.Hash)
	if err == nil {
		err = p.Workbench.Activate(approver, proposal.Hash)
	}
	if err != nil {
		t.Fatal(err)
	}

	after, err := p.Complaints.File(operator, wrongData)
	if err != nil {
		t.Fatal(err)
	}
	route, _ := after.Route()
	if after.Unit != "DUKCAPIL" || route.Revision != proposal.Hash {
		t.Errorf("after, it goes to %q by %s", after.Unit, route.Revision)
	}
	if old, err := p.Complaints.Complaint(operator, before.Ticket); err != nil || old.Unit != "KEL-JEMBER" {
		t.Errorf("the older one is with %q: %v", old.Unit, err)
	}
	err = p.Workbench.Rollback(approver, policy.Shipped().Hash(), "Dukcapil belum siap")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := p.Complaints.File(operator, wrongData); err != nil || again.Unit != "KEL-JEMBER" {
		t.Errorf("after the way back, it goes to %q: %v", again.Unit, err)
	}
}
