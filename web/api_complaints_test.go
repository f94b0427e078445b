package web

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"layak/complaints"
	"layak/internal/auth"
)

const apiCases = "/api/v1/complaints"

func TestAPIStoryOfAComplaint(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		c := b.fileAs("kelurahan", b.people.poor)
		if c.text("state") != "received" || c.number("version") != 1 || c.Header.Get("Location") != apiCases+"/"+c.text("ticket") {
			t.Fatalf("filed %s at %s", c.raw, c.Header.Get("Location"))
		}
		if len(c.list("tasks")) != 0 || len(c.list("clocks")) != 0 || len(c.list("events")) != 1 {
			t.Errorf("lists of a new case: %s", c.raw)
		}
		step := func(kind, state string, more map[string]any) {
			t.Helper()
			c = b.act("kelurahan", c, kind, more).want(http.StatusOK)
			if c.text("state") != state {
				t.Fatalf("after %s: %s, want %s", kind, c.text("state"), state)
			}
		}
		step("verify", "verified", nil)
		step("assign", "in_progress", map[string]any{"unit": "KEL-MANGLI", "staff": "kelurahan"})
		step("check", "in_progress", map[string]any{"statements": map[string]any{"accepts_class_3": true},
			"evidence": []any{map[string]any{"kind": "kk", "issued_on": "2024-01-02", "facts": map[string]any{"desil": 2}}}})
		made := c.list("determinations")
		if len(made) != 1 || made[0]["outcome"] != "eligible" {
			t.Fatalf("determinations %v", made)
		}
		whole := b.call("kelurahan", http.MethodGet, "/api/v1/checks/"+made[0]["id"].(string), nil).want(http.StatusOK)
		if whole.text("nik") != string(b.people.poor) || !strings.Contains(whole.text("purpose"), c.text("ticket")) {
			t.Errorf("linked determination %s", whole.raw)
		}
		step("note", "in_progress", map[string]any{"text": "Keluarga sudah dihubungi."})
		step("wait", "waiting_reporter", map[string]any{"missing": []string{"Foto KK"}})
		step("reply", "in_progress", map[string]any{"text": "Foto KK dikirim."})
		step("registration", "in_progress", map[string]any{"through": "e_dabu", "reference": "ED-7", "sent_at": "2026-11-21T10:00:00+07:00"})
		step("registration", "in_progress", map[string]any{"through": "e_dabu", "result": "active", "active_on": "2026-11-21"})
		if r := c.list("registrations"); len(r) != 1 || r[0]["result"] != "active" || r[0]["reference"] != "ED-7" {
			t.Errorf("registrations %v", r)
		}
		step("answer", "in_progress", map[string]any{"text": "Kartu sudah aktif hari ini."})
		step("resolve", "answered", map[string]any{"decision": "granted", "reason": "Memenuhi syarat."})
		if r := c.list("resolutions"); len(r) != 1 || r[0]["advice"] != "agrees" || r[0]["unregistered"] != false {
			t.Errorf("resolutions %v", r)
		}
		step("close", "closed", nil)
		step("reopen", "in_progress", map[string]any{"reason": "Kartu ditolak di loket."})

		read := b.call("kelurahan", http.MethodGet, apiCases+"/"+strings.ToLower(c.text("ticket")), nil).want(http.StatusOK)
		if string(read.raw) != string(c.raw) {
			t.Errorf("read\n%s\nafter the last event\n%s", read.raw, c.raw)
		}
		var kinds []string
		for i, e := range read.list("events") {
			kinds = append(kinds, e["type"].(string))
			if int(e["seq"].(float64)) != i+1 {
				t.Errorf("event %d has seq %v", i, e["seq"])
			}
		}
		want := []string{"file", "verify", "assign", "check", "note", "wait", "reply", "registration", "registration", "answer", "resolve", "close", "reopen"}
		if !slices.Equal(kinds, want) {
			t.Errorf("events %v", kinds)
		}
		if got := b.trail(c.text("ticket")); got["complaint.view"] != 1 || got["complaint.resolve"] != 1 || got["complaint.registration"] != 2 {
			t.Errorf("trail %v", got)
		}
	})
}

// Who may read a case but not unmask a person sees neither who told us, nor how to reach them, nor
// the reference that opens the patient's record at the office outside.
func TestAPIComplaintIsMaskedForOnlookers(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		filing := filingOf(b.people.poor)
		filing["reporter"] = map[string]any{"name": "Ani Lestari", "phone": "0812 3456 7890", "relation": "family"}
		filing["text"] = "Hubungi saya di 081234567890."
		c := b.call("kelurahan", http.MethodPost, apiCases, filing).want(http.StatusCreated)
		c = b.act("kelurahan", c, "verify", nil).want(http.StatusOK)
		c = b.act("kelurahan", c, "registration", map[string]any{"through": "e_dabu", "reference": "EDABU-2026-777"}).want(http.StatusOK)
		c = b.act("kelurahan", c, "task", map[string]any{"unit": "KEL-MANGLI", "act": "Telepon 081234567890"}).want(http.StatusOK)
		secrets := []string{"Lestari", "081234567890", "EDABU-2026", string(b.people.poor)}
		b.tokens["narrow"] = b.token(auth.NewToken{User: "kelurahan", Only: []auth.Permission{auth.ComplaintRead}})
		for _, user := range []string{"auditor", "narrow"} {
			seen := b.call(user, http.MethodGet, apiCases+"/"+c.text("ticket"), nil).want(http.StatusOK)
			for _, secret := range secrets {
				if strings.Contains(string(seen.raw), secret) {
					t.Errorf("%s sees %s: %s", user, secret, seen.raw)
				}
			}
			if r := seen.list("registrations"); len(r) != 1 || r[0]["reference"] != "•••••••••••777" || r[0]["through"] != "e_dabu" {
				t.Errorf("%s: registrations %v", user, r)
			}
		}
		for _, secret := range secrets {
			if full := b.call("supervisor", http.MethodGet, apiCases+"/"+c.text("ticket"), nil).want(http.StatusOK); !strings.Contains(string(full.raw), secret) {
				t.Errorf("the supervisor does not see %s", secret)
			}
		}
	})
}

func TestMaskTail(t *testing.T) {
	for in, want := range map[string]string{"": "", "7": "•", "ED-77": "•••••", "ED-777": "•••777", "081234567890": "•••••••••890"} {
		if got := maskTail(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestAPIOtherEnds(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		for _, c := range []struct {
			kind, user, state string
			more              map[string]any
		}{
			{"forward", "kelurahan", "forwarded", map[string]any{"office": "BPJS Kesehatan Jember", "number": "12/XI", "text": "Mohon diaktifkan."}},
			{"reject", "coordinator", "rejected", map[string]any{"reason": "Bukan urusan jaminan kesehatan."}},
			{"withdraw", "kelurahan", "withdrawn", map[string]any{"reason": "Pelapor membatalkan lewat telepon."}},
		} {
			r := b.act(c.user, b.fileAs("kelurahan", b.people.poor), c.kind, c.more).want(http.StatusOK)
			last := r.list("events")[1]
			note := c.more["text"]
			if note == nil {
				note = c.more["reason"]
			}
			if r.text("state") != c.state || last["note"] != note {
				t.Errorf("%s: %s, %v", c.kind, r.text("state"), last)
			}
		}
	})
}

func TestAPIIdempotency(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		send := func(user, key string, body any) heard {
			return b.call(user, http.MethodPost, apiCases, body, "Idempotency-Key", key)
		}
		first := send("kelurahan", "kunci-1", filingOf(b.people.poor)).want(http.StatusCreated)
		again := send("kelurahan", "kunci-1", filingOf(b.people.poor)).want(http.StatusCreated)
		if string(first.raw) != string(again.raw) || first.Header.Get("Location") != again.Header.Get("Location") {
			t.Errorf("first\n%s\nagain\n%s", first.raw, again.raw)
		}
		other := filingOf(b.people.poor)
		other["text"] = "Kartu masih belum aktif."
		send("kelurahan", "kunci-1", other).problem(422, "idempotency_mismatch", "")
		mine := send("silo", "kunci-1", filingOf(b.people.poor)).want(http.StatusCreated)
		if mine.text("ticket") == first.text("ticket") {
			t.Error("one actor's key answers for another")
		}
		if anew := b.fileAs("kelurahan", b.people.poor); anew.text("ticket") == first.text("ticket") {
			t.Error("without a key nothing is repeated")
		}
		send("kelurahan", strings.Repeat("k", 201), filingOf(b.people.poor)).problem(422, "complaint_invalid", "idempotency_key")

		send("kelurahan", "kunci-\xff", filingOf(b.people.poor)).problem(422, "key_invalid", "idempotency_key")

		tickets := make([]string, 16)
		var all sync.WaitGroup
		for i := range tickets {
			all.Go(func() { tickets[i] = send("kelurahan", "kunci-2", filingOf(b.people.rich)).text("ticket") })
		}
		all.Wait()
		if slices.Sort(tickets); tickets[0] == "" || len(slices.Compact(tickets)) != 1 {
			t.Errorf("sixteen at once made %v", tickets)
		}
	})
}

func TestAPIEventRefusals(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		c := b.fileAs("kelurahan", b.people.rich)
		path := eventsPath(c)
		for _, k := range []struct {
			name, body  string
			status      int
			code, field string
		}{
			{"no type", `{"version":1}`, 422, "event_unknown", "type"},
			{"not an object", `[]`, 422, "event_unknown", "type"},
			{"made-up type", `{"type":"dance","version":1}`, 422, "event_unknown", "type"},
			{"file is not an event to send", `{"type":"file","version":1}`, 422, "event_unknown", "type"},
			{"task without an act", `{"type":"task","version":1,"unit":"KEL-MANGLI"}`, 422, "act_missing", "act"},
			{"merge into a slip of the keyboard", `{"type":"merge","version":1,"into":"3509-0000-0000-1"}`, 422, "into_unknown", "into"},
			{"member of another type", `{"type":"note","version":1,"text":"a","office":"BPJS"}`, 422, "body_invalid", "office"},
			{"unknown member", `{"type":"note","version":1,"tekst":"a"}`, 422, "body_invalid", "tekst"},
			{"text and reason", `{"type":"close","version":1,"text":"a","reason":"b"}`, 422, "body_invalid", "reason"},
			{"version as text", `{"type":"note","version":"1","text":"a"}`, 422, "body_invalid", "version"},
			{"half a version", `{"type":"note","version":1.5,"text":"a"}`, 422, "body_invalid", "version"},
			{"no version", `{"type":"note","text":"a"}`, 422, "version_missing", "version"},
			{"stale version", `{"type":"note","version":7,"text":"a"}`, 409, "stale_version", ""},
			{"forbidden move", `{"type":"close","version":1}`, 409, "move_forbidden", ""},
			{"resolve before verify", `{"type":"resolve","version":1,"decision":"refused","reason":"Desil 9"}`, 409, "move_forbidden", ""},
			{"note without text", `{"type":"note","version":1}`, 422, "text_missing", "text"},
			{"forward to nobody", `{"type":"forward","version":1}`, 422, "office_missing", "office"},
			{"wait for nothing", `{"type":"wait","version":1,"missing":[]}`, 422, "missing_missing", "missing"},
			{"registration nowhere", `{"type":"registration","version":1,"through":"fax"}`, 422, "through_unknown", "through"},
			{"bad moment", `{"type":"registration","version":1,"through":"e_dabu","sent_at":"kemarin"}`, 422, "body_invalid", "sent_at"},
			{"unit nobody knows", `{"type":"assign","version":1,"unit":"TIDAK-ADA"}`, 422, "unit_unknown", "unit"},
			{"check with a bad NIK", `{"type":"check","version":1,"nik":"123"}`, 422, "", ""},
			{"check of no such patient", `{"type":"check","version":1,"patient":4}`, 422, "patient_unknown", "patient"},
		} {
			r := b.call("kelurahan", http.MethodPost, path, k.body)
			if r.StatusCode != k.status || k.code != "" && r.text("code") != k.code {
				t.Errorf("%s: %d %s, want %d %s: %s", k.name, r.StatusCode, r.text("code"), k.status, k.code, r.raw)
				continue
			}
			if k.code != "" {
				r.problem(k.status, k.code, k.field)
			}
		}
		if now := b.call("kelurahan", http.MethodGet, apiCases+"/"+c.text("ticket"), nil); now.number("version") != 1 || len(now.list("events")) != 1 {
			t.Errorf("a refused event left something: %s", now.raw)
		}
		// A decision against the advice needs a sentence; granted without registration as well.
		c = b.act("kelurahan", c, "verify", nil).want(http.StatusOK)
		c = b.act("kelurahan", c, "check", nil).want(http.StatusOK)
		b.act("kelurahan", c, "resolve", map[string]any{"decision": "granted"}).problem(422, "reason_missing", "reason")
		b.act("kelurahan", c, "resolve", map[string]any{"decision": "granted", "reason": "ok ya"}).problem(422, "reason_missing", "reason")
		c = b.act("kelurahan", c, "resolve", map[string]any{"decision": "granted",
			"reason": "Verifikasi lapangan menemukan keluarga ini tidak mampu; didaftarkan besok."}).want(http.StatusOK)
		if r := c.list("resolutions")[0]; r["advice"] != "departs" || r["unregistered"] != true {
			t.Errorf("resolution %v", r)
		}
	})
}

// Two clerks on one case: the second is told, and nothing of his is half done.
func TestAPIStaleVersion(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		c := b.fileAs("kelurahan", b.people.poor)
		var all sync.WaitGroup
		status := make([]int, 8)
		for i := range status {
			all.Go(func() {
				status[i] = b.act("kelurahan", c, "note", map[string]any{"text": "Catatan bersamaan"}).StatusCode
			})
		}
		all.Wait()
		slices.Sort(status)
		if status[0] != 200 || status[1] != 409 || status[7] != 409 {
			t.Errorf("statuses %v, want one 200 and seven 409", status)
		}
		if now := b.call("kelurahan", http.MethodGet, apiCases+"/"+c.text("ticket"), nil); now.number("version") != 2 || len(now.list("events")) != 2 {
			t.Errorf("after eight notes: %s", now.raw)
		}
	})
}

func TestAPIFilingRefusals(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		for _, c := range []struct {
			name   string
			change map[string]any
			field  string
		}{
			{"channel", map[string]any{"channel": "pigeon"}, "channel"},
			{"matter", map[string]any{"matter": "weather"}, "matter"},
			{"need", map[string]any{"need": "spa"}, "need"},
			{"text", map[string]any{"text": "  "}, "text"},
			{"reporter", map[string]any{"reporter": map[string]any{"phone": "0812"}}, "reporter.name"},
			{"relation", map[string]any{"reporter": map[string]any{"name": "Ani", "relation": "friend"}}, "reporter.relation"},
			{"member of reporter", map[string]any{"reporter": map[string]any{"name": "Ani", "nik": "x"}}, "reporter.nik"},
			{"NIK", map[string]any{"nik": "35"}, "nik"},
			{"both", map[string]any{"patients": []any{map[string]any{"nik": b.people.rich}}}, "nik"},
			{"village", map[string]any{"village": "35.09.99.1001"}, "village"},
			{"member", map[string]any{"priority": "high"}, "priority"},
		} {
			body := filingOf(b.people.poor)
			for k, v := range c.change {
				body[k] = v
			}
			r := b.call("kelurahan", http.MethodPost, apiCases, body)
			r.problem(422, r.text("code"), c.field)
		}
		several := filingOf("")
		delete(several, "nik")
		several["patients"] = []any{
			map[string]any{"nik": b.people.poor},
			map[string]any{"subject": map[string]any{"name": "Bayi Sri", "birth_date": "2026-11-19", "village": "Mangli"}},
			map[string]any{},
		}
		r := b.call("kelurahan", http.MethodPost, apiCases, several).want(http.StatusCreated)
		list := r.list("patients")
		if len(list) != 3 || list[0]["name"] != "Sri Wahyuni" || list[1]["village"] != string(apiMangli) || list[2]["nik"] != nil {
			t.Errorf("patients %v", list)
		}
	})
}

// Scope: a case is seen where it lies, where its patient lives, by who filed it, and by those who
// work for the whole regency.
func TestAPIComplaintScope(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		mangli := b.fileAs("coordinator", b.people.poor).text("ticket")
		silo := b.fileAs("coordinator", b.people.covered).text("ticket")
		own := b.fileAs("silo", b.people.rich).text("ticket") // lives in Mangli, filed in Silo
		b.tokens["mangli-only"] = b.token(auth.NewToken{User: "coordinator", Unit: "KEL-MANGLI"})
		everything := []string{mangli, silo, own}
		for _, c := range []struct {
			user string
			sees []string
		}{
			{"kelurahan", []string{mangli, own}},
			{"silo", []string{silo, own}},
			{"coordinator", everything}, {"supervisor", everything}, {"auditor", everything},
			{"mangli-only", []string{mangli, own}},
		} {
			r := b.call(c.user, http.MethodGet, apiCases, nil).want(http.StatusOK)
			var got []string
			for _, line := range r.list("complaints") {
				got = append(got, line["ticket"].(string))
				if nik, _ := line["nik"].(string); !strings.Contains(nik, "••••••") {
					t.Errorf("%s: list shows %q", c.user, nik)
				}
			}
			if slices.Sort(got); !slices.Equal(got, sorted(c.sees)) {
				t.Errorf("%s lists %v, want %v", c.user, got, sorted(c.sees))
			}
			for _, ticket := range everything {
				one := b.call(c.user, http.MethodGet, apiCases+"/"+ticket, nil)
				if slices.Contains(c.sees, ticket) {
					one.want(http.StatusOK)
					continue
				}
				one.problem(404, "complaint_unknown", "")
				b.call(c.user, http.MethodPost, apiCases+"/"+ticket+"/events", `{"type":"note","version":1,"text":"a"}`).
					problem(404, "complaint_unknown", "")
			}
		}
		// What does not exist looks exactly like what is out of scope.
		missing := complaints.NewTicket(apiHome)
		b.call("kelurahan", http.MethodGet, apiCases+"/"+string(missing), nil).problem(404, "complaint_unknown", "")
		b.call("kelurahan", http.MethodGet, apiCases+"/bukan-nomor", nil).problem(404, "complaint_unknown", "")
		// The auditor reads, masked.
		seen := b.call("auditor", http.MethodGet, apiCases+"/"+mangli, nil)
		if strings.Contains(string(seen.raw), string(b.people.poor)) || strings.Contains(string(seen.raw), "Wahyuni") {
			t.Errorf("the auditor sees the patient: %s", seen.raw)
		}
	})
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

func TestAPIComplaintFilter(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		var tickets []string
		for range 5 {
			tickets = append(tickets, b.fileAs("kelurahan", b.people.poor).text("ticket"))
		}
		c := b.call("kelurahan", http.MethodGet, apiCases+"/"+tickets[0], nil)
		b.act("kelurahan", c, "verify", nil).want(http.StatusOK)
		get := func(query string) heard { return b.call("coordinator", http.MethodGet, apiCases+query, nil) }
		for query, want := range map[string]int{
			"": 5, "?state=received": 4, "?state=verified": 1, "?state=received,verified": 5, "?state=closed": 0,
			"?unit=KEL-MANGLI": 5, "?unit=PKM-SILO": 0, "?limit=2": 2, "?state=&unit=&after=": 5,
		} {
			if got := len(get(query).want(http.StatusOK).list("complaints")); got != want {
				t.Errorf("%q finds %d, want %d", query, got, want)
			}
		}
		var walked []string
		for after := ""; ; {
			page := get("?limit=2&after=" + after).want(http.StatusOK)
			for _, line := range page.list("complaints") {
				walked = append(walked, line["ticket"].(string))
			}
			if after = page.text("next"); after == "" {
				break
			}
		}
		if !slices.Equal(sorted(walked), sorted(tickets)) {
			t.Errorf("pages give %v, want %v", walked, tickets)
		}
		for query, field := range map[string]string{
			"?state=open": "state", "?after=abc": "after", "?limit=0": "limit", "?limit=x": "limit",
			"?nik=3509190302800001": "nik", "?State=received": "State", "?unit=a&unit=b": "unit", "?unit=%00": "unit", "?unit=%ff": "unit",
		} {
			r := get(query)
			r.problem(422, r.text("code"), field)
		}
	})
}
