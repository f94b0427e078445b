package web

import (
	"net/http"
	"strings"
	"testing"

	"layak/eligibility"
	"layak/internal/auth"
)

const apiChecks = "/api/v1/checks"

// findings gives the verdicts of an answer by code.
func findings(r heard) map[string]string {
	r.tb.Helper()
	got := map[string]string{}
	for _, f := range r.list("findings") {
		got[f["code"].(string)] = f["verdict"].(string)
	}
	return got
}

func TestAPICheckDecides(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		for _, c := range []struct {
			name    string
			body    map[string]any
			outcome string
			finding string
		}{
			{"poor and uninsured", map[string]any{"nik": b.people.poor, "need": "inpatient",
				"statements": map[string]any{"accepts_class_3": true}}, "eligible", "need_met"},
			{"above the limit", map[string]any{"nik": b.people.rich}, "not_eligible", "need_not_met"},
			{"insured already", map[string]any{"nik": b.people.covered}, "already_covered", "cover_active"},
			{"NIK in no registry", map[string]any{"nik": b.people.missing}, "needs_information", "registry_missing"},
			{"NIK with spaces", map[string]any{"nik": " 3509 1902 0675.0002 "}, "needs_information", "registry_missing"},
			{"by name, birth date and village", map[string]any{"subject": map[string]any{
				"name": "sri wahyuni", "birth_date": "1980-02-03", "village": "35.09.19.1001"}}, "eligible", "need_met"},
			{"village by its name", map[string]any{"subject": map[string]any{
				"name": "Sri Wahyuni", "birth_date": "1980-02-03", "village": "Mangli"}}, "eligible", "need_met"},
			{"nik inside subject", map[string]any{"subject": map[string]any{"nik": b.people.poor}}, "eligible", "need_met"},
			{"newborn by the mother", map[string]any{"mother_nik": b.people.covered, "birth_date": "2026-11-20",
				"evidence": []any{map[string]any{"kind": "birth_letter", "issued_on": "2026-11-20"}}}, "already_covered", "newborn_via_mother"},
			{"nobody knows who", map[string]any{"unknown": true, "description": "perempuan, sekitar 40 tahun", "need": "emergency"},
				"needs_information", ""},
		} {
			r := b.call("puskesmas", http.MethodPost, apiChecks, c.body).want(http.StatusOK)
			got := findings(r)
			if r.text("outcome") != c.outcome || c.finding != "" && got[c.finding] == "" {
				t.Errorf("%s: %s with %v, want %s with %s", c.name, r.text("outcome"), got, c.outcome, c.finding)
			}
		}
	})
}

// With an empty registry, papers alone decide; a number is as good as its digits.
func TestAPICheckFromPapers(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		for _, desil := range []any{2, "2"} {
			r := b.call("puskesmas", http.MethodPost, apiChecks, map[string]any{
				"nik": b.people.missing, "need": "inpatient", "statements": map[string]any{"accepts_class_3": true},
				"evidence": []any{
					map[string]any{"kind": "ktp", "facts": map[string]any{"regency": "35.09", "birth_date": "1971-01-01"}},
					map[string]any{"kind": "kk", "issuer": "Dispendukcapil", "issued_on": "2024-05-06",
						"facts": map[string]any{"village": "35.09.19.1001", "desil": desil, "class": 3}},
					map[string]any{"kind": "bpjs_screen", "facts": map[string]any{"segment": "none"}},
				},
			}).want(http.StatusOK)
			if r.text("outcome") != "eligible" {
				t.Errorf("desil %v: %s %v", desil, r.text("outcome"), findings(r))
			}
			if !strings.Contains(string(r.raw), `"desil":2`) {
				t.Errorf("desil %v is not stored as a number: %s", desil, r.raw)
			}
		}
	})
}

func TestAPICheckContract(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		r := b.call("kelurahan", http.MethodPost, apiChecks, map[string]any{
			"nik": b.people.poor, "need": "inpatient", "service_on": "2026-11-21", "purpose": "Rawat inap malam ini",
			"statements": map[string]any{"accepts_class_3": true}}).want(http.StatusOK)
		if r.text("nik") != string(b.people.poor) || r.text("service_advice") == "" || len(r.text("revision")) != 71 {
			t.Errorf("answer %s", r.raw)
		}
		imports, _ := r.body["registry"].(map[string]any)
		for kind, id := range b.imports {
			source, _ := imports[string(kind)].(map[string]any)
			if source["import_id"] != id || source["as_of"] != "2026-11-01" {
				t.Errorf("registry %s: %v, want import %s", kind, source, id)
			}
		}
		if !strings.HasPrefix(r.text("decided_by"), "token:kelurahan/") || r.text("purpose") != "Rawat inap malam ini" {
			t.Errorf("decided by %q for %q", r.text("decided_by"), r.text("purpose"))
		}
		for _, f := range r.list("findings") {
			if f["title"] == "" || f["article"] == "" || f["verdict"] == "not_met" && f["remedy"] == "" {
				t.Errorf("finding without words: %v", f)
			}
		}
		id := r.text("id")
		again := b.call("puskesmas", http.MethodGet, apiChecks+"/"+id, nil).want(http.StatusOK)
		if string(again.raw) != string(r.raw) {
			t.Errorf("shown later\n%s\nas answered\n%s", again.raw, r.raw)
		}
		if got := b.trail(id); got["determination.create"] != 1 || got["determination.view"] != 1 {
			t.Errorf("trail %v", got)
		}
	})
}

func TestAPICheckRefusals(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		nik := string(b.people.poor)
		for _, c := range []struct {
			name, body  string
			status      int
			code, field string
		}{
			{"empty body", ` `, 400, "body_malformed", ""},
			{"not JSON", `{"nik":`, 400, "body_malformed", ""},
			{"two values", `{"nik":"` + nik + `"} {}`, 400, "body_malformed", ""},
			{"broken UTF-8", "{\"nik\":\"\xff\"}", 400, "body_malformed", ""},
			{"too deep", strings.Repeat(`{"subject":`, 40) + `1` + strings.Repeat(`}`, 40), 400, "body_malformed", ""},
			{"very deep", strings.Repeat(`[`, 200_000), 400, "body_malformed", ""},
			{"too long", `{"purpose":"` + strings.Repeat("a", 1<<20) + `"}`, 413, "body_too_large", ""},
			{"list, not object", `[1]`, 422, "body_invalid", ""},
			{"unknown member", `{"nik":"` + nik + `","nama":"Sri"}`, 422, "body_invalid", "nama"},
			{"other case", `{"NIK":"` + nik + `"}`, 422, "body_invalid", "NIK"},
			{"member twice", `{"nik":"` + nik + `","nik":"` + nik + `"}`, 422, "body_invalid", "nik"},
			{"null", `{"nik":"` + nik + `","need":null}`, 422, "body_invalid", "need"},
			{"NIK as a number", `{"nik":3509190302800001}`, 422, "body_invalid", "nik"},
			{"zero byte", `{"nik":"` + nik + `","purpose":"a\u0000b"}`, 422, "body_invalid", "purpose"},
			{"unknown member inside", `{"nik":"` + nik + `","evidence":[{"kind":"kk"},{"kind":"kk","date":"2024-01-01"}]}`, 422, "body_invalid", "evidence.2.date"},
			{"unknown fact", `{"nik":"` + nik + `","evidence":[{"kind":"kk","facts":{"income":1}}]}`, 422, "body_invalid", "evidence.1.facts.income"},
			{"NIK among facts as a number", `{"nik":"` + nik + `","evidence":[{"kind":"kk","facts":{"nik":3509190302800001}}]}`, 422, "body_invalid", "evidence.1.facts.nik"},
			{"null fact", `{"nik":"` + nik + `","evidence":[{"kind":"kk","facts":{"desil":null}}]}`, 422, "body_invalid", "evidence.1.facts.desil"},
			{"statement as text", `{"nik":"` + nik + `","statements":{"accepts_class_3":"ya"}}`, 422, "body_invalid", "statements.accepts_class_3"},
			{"nobody", `{}`, 422, "check_invalid", "nik"},
			{"two subjects", `{"nik":"` + nik + `","unknown":true}`, 422, "check_invalid", "nik"},
			{"subject twice", `{"nik":"` + nik + `","subject":{"unknown":true}}`, 422, "subject_twice", "subject"},
			{"short NIK", `{"nik":"350919030280000"}`, 422, "check_invalid", "nik"},
			{"NIK of no province", `{"nik":"9909190302800001"}`, 422, "check_invalid", "nik"},
			{"need off the list", `{"nik":"` + nik + `","need":"spa"}`, 422, "check_invalid", "need"},
			{"day that does not exist", `{"nik":"` + nik + `","service_on":"2026-02-30"}`, 422, "check_invalid", "service_on"},
			{"desil eleven", `{"nik":"` + nik + `","evidence":[{"kind":"kk","facts":{"desil":11}}]}`, 422, "check_invalid", "evidence"},
			{"paper from tomorrow", `{"nik":"` + nik + `","evidence":[{"kind":"kk","issued_on":"2026-11-22"}]}`, 422, "check_invalid", "evidence"},
			{"village nobody knows", `{"subject":{"name":"Sri","birth_date":"1980-02-03","village":"Atlantis"}}`, 422, "village_unknown", "subject.village"},
			{"newborn without day", `{"mother_nik":"` + nik + `"}`, 422, "check_invalid", "birth_date"},
		} {
			r := b.call("puskesmas", http.MethodPost, apiChecks, c.body, "Content-Type", "application/json; charset=utf-8")
			if r.StatusCode != c.status {
				t.Errorf("%s: status %d, want %d: %s", c.name, r.StatusCode, c.status, r.raw)
				continue
			}
			r.problem(c.status, c.code, c.field)
			if strings.Contains(string(r.raw), nik) || strings.Contains(string(r.raw), "3509190302800001") {
				t.Errorf("%s: the answer repeats a NIK: %s", c.name, r.raw)
			}
		}
		b.call("puskesmas", http.MethodPost, apiChecks, `{"nik":"`+nik+`"}`, "Content-Type", "text/plain").
			problem(415, "content_type", "")
		b.call("puskesmas", http.MethodPost, apiChecks, `nik=1`, "Content-Type", "application/x-www-form-urlencoded").
			problem(415, "content_type", "")
		b.call("puskesmas", http.MethodPost, apiChecks+"?nik="+nik, `{"nik":"`+nik+`"}`).
			problem(422, "parameter_unknown", "nik")
	})
}

func TestAPICheckNotFound(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		for _, id := range []string{"0193a8d0-0000-7000-8000-000000000000", "tidak-ada", "%00"} {
			b.call("puskesmas", http.MethodGet, apiChecks+"/"+id, nil).problem(404, "determination_not_found", "")
		}
		b.call("puskesmas", http.MethodGet, "/api/v1/nothing", nil).problem(404, "page_not_found", "")
		b.call("puskesmas", http.MethodDelete, apiChecks, nil).problem(404, "page_not_found", "")
	})
}

// Who may read a case but not unmask a person sees why something was decided, not about whom.
func TestAPICheckIsMaskedForOnlookers(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		r := b.call("kelurahan", http.MethodPost, apiChecks, map[string]any{"subject": map[string]any{
			"name": "Sri Wahyuni", "birth_date": "1980-02-03", "village": "35.09.19.1001"},
			"evidence": []any{map[string]any{"kind": "kk", "number": "3509190101200001",
				"facts": map[string]any{"name": "Sri Wahyuni", "mother_nik": string(b.people.rich)}}},
		}).want(http.StatusOK)
		narrow := b.token(auth.NewToken{User: "kelurahan", Only: []auth.Permission{auth.CheckRead}})
		b.tokens["narrow"] = narrow
		for _, user := range []string{"auditor", "narrow"} {
			seen := b.call(user, http.MethodGet, apiChecks+"/"+r.text("id"), nil).want(http.StatusOK)
			for _, secret := range []string{string(b.people.poor), string(b.people.rich), "Wahyuni", "3509190101200001"} {
				if strings.Contains(string(seen.raw), secret) {
					t.Errorf("%s sees %s: %s", user, secret, seen.raw)
				}
			}
			if seen.text("nik") != b.people.poor.Masked() || seen.text("outcome") != r.text("outcome") {
				t.Errorf("%s: %s", user, seen.raw)
			}
		}
		full := b.call("supervisor", http.MethodGet, apiChecks+"/"+r.text("id"), nil).want(http.StatusOK)
		if full.text("nik") != string(b.people.poor) {
			t.Errorf("supervisor sees %s", full.text("nik"))
		}
	})
}

func TestMaskDigits(t *testing.T) {
	for in, want := range map[string]string{
		"NIK 3509190302800001.":                           "NIK 350919••••••0001.",
		"3509190302800001,3509190607750002":               "350919••••••0001,350919••••••0002",
		"telepon 081234567890":                            "telepon 081234567890",
		"0193a8d0-0000-7000-8000-012345678901":            "0193a8d0-0000-7000-8000-012345678901",
		"{\"a\":\"3509190302800001\"}":                    "{\"a\":\"350919••••••0001\"}",
		strings.Repeat("1", 13) + strings.Repeat("a", 51): strings.Repeat("1", 13) + strings.Repeat("a", 51),
		"": "",
	} {
		if got := maskDigits(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := maskNIK(eligibility.NIK("")); got != "" {
		t.Errorf("no NIK became %q", got)
	}
}
