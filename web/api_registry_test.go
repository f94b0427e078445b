package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"layak/eligibility"
)

func TestAPIImports(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		list := b.call("coordinator", http.MethodGet, "/api/v1/imports", nil).want(http.StatusOK).list("imports")
		if len(list) != 3 || list[0]["kind"] != "membership" || list[2]["kind"] != "residents" {
			t.Fatalf("imports %v", list)
		}
		for _, imp := range list {
			if imp["status"] != "published" || imp["as_of"] != "2026-11-01" || imp["rejected"] != 1.0 || imp["id"] != imp["import_id"] {
				t.Errorf("import %v", imp)
			}
		}
		path := "/api/v1/imports/" + b.imports[eligibility.Residents]
		one := b.call("supervisor", http.MethodGet, path, nil).want(http.StatusOK)
		rows := one.list("rejects")
		if one.number("rows_read") != 4 || len(rows) != 1 || rows[0]["code"] != "nik_number_cell" || rows[0]["value"] != "350919••••••0777" {
			t.Errorf("import %s", one.raw)
		}
		// Who does not load files sees how many rows were refused, not what stood in them.
		if seen := b.call("policy_officer", http.MethodGet, path, nil).want(http.StatusOK); seen.body["rejects"] != nil || seen.number("rejected") != 1 {
			t.Errorf("policy officer sees %s", seen.raw)
		}
		for _, id := range []string{"0193a8d0-0000-7000-8000-000000000000", "x"} {
			b.call("supervisor", http.MethodGet, "/api/v1/imports/"+id, nil).problem(404, "import_not_found", "")
		}
	})
}

func TestAPIPolicies(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		list := b.call("kelurahan", http.MethodGet, "/api/v1/policies", nil).want(http.StatusOK).list("policies")
		if len(list) != 1 || list[0]["status"] != "active" || list[0]["number"] != 1.0 {
			t.Fatalf("policies %v", list)
		}
		hash := list[0]["revision"].(string)
		if decided := b.checkOf(b.people.poor).text("revision"); decided != hash {
			t.Errorf("a check names %s", decided)
		}
		for _, name := range []string{hash, strings.TrimPrefix(hash, "sha256:"), strings.ToUpper(hash), "1"} {
			one := b.call("policy_officer", http.MethodGet, "/api/v1/policies/"+name, nil).want(http.StatusOK)
			rules, params := one.list("rules"), one.list("params")
			if one.text("revision") != hash || len(rules) < 20 || len(params) < 10 {
				t.Fatalf("%s: %d rules, %d parameters", name, len(rules), len(params))
			}
			for _, r := range rules {
				if r["code"] == "" || r["article"] == "" || r["remedy"] == "" || !strings.Contains(r["source"].(string), "METADATA") {
					t.Errorf("rule %v", r)
				}
			}
		}
		for _, name := range []string{"sha256:" + strings.Repeat("0", 64), "2", "0", "1111111111", "..%2f"} {
			b.call("kelurahan", http.MethodGet, "/api/v1/policies/"+name, nil).problem(404, "revision_not_found", "")
		}
	})
}

func TestAPIAreas(t *testing.T) {
	b := newBureau(t, "sqlite:"+t.TempDir()+"/layak.db")
	for _, c := range []struct{ code, label, level, parent string }{
		{"35", "Jawa Timur", "province", ""},
		{"35.09", "Jember", "regency", "35"},
		{"35.09.19", "Kaliwates", "district", "35.09"},
		{"35.09.19.1001", "Mangli", "village", "35.09.19"},
		{"3509191001", "Mangli", "village", "35.09.19"},
	} {
		r := b.call("auditor", http.MethodGet, "/api/v1/areas/"+c.code, nil).want(http.StatusOK)
		path := r.list("path")
		if !strings.Contains(r.text("label"), c.label) || r.text("level") != c.level || r.text("parent") != c.parent ||
			path[len(path)-1]["code"] != r.text("code") || (len(r.list("children")) == 0) != (c.level == "village") {
			t.Errorf("%s: %.300s", c.code, r.raw)
		}
	}
	for _, code := range []string{"99", "35.09.99", "mangli", "3509"} {
		r := b.call("auditor", http.MethodGet, "/api/v1/areas/"+code, nil)
		if code == "3509" {
			r.want(http.StatusOK)
			continue
		}
		r.problem(404, "area_not_found", "")
	}
}

// An installation that does not offer a service answers like one that does not have the page.
func TestAPIWithoutServices(t *testing.T) {
	server, err := New(Config{Home: apiHome, Sessions: &memorySessions{}}, Services{Accounts: &fakeAccounts{}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range server.apiRoutes() {
		if r.Public || strings.Contains(r.Path, "areas") {
			continue
		}
		req := httptest.NewRequestWithContext(t.Context(), r.Method, strings.ReplaceAll(r.Path, ":", ""), nil)
		req.Header.Set("Authorization", "Bearer lyk_coordinator")
		answer := httptest.NewRecorder()
		server.ServeHTTP(answer, req)
		if answer.Code != http.StatusNotFound || !strings.Contains(answer.Body.String(), "page_not_found") {
			t.Errorf("%s %s: %d %s", r.Method, r.Path, answer.Code, answer.Body)
		}
	}
}
