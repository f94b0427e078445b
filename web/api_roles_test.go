package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"layak/internal/auth"
)

// apiAccess says what every role gets from every route of the API on a case and a person of
// Mangli: the answer to a request that is right in itself. Columns: puskesmas (desk in Silo),
// kelurahan (desk in Mangli), coordinator, supervisor, policy_officer, policy_approver, auditor,
// administrator.
const apiAccess = `
                                              pus kel coo sup off app aud adm
POST /api/v1/checks                           200 200 200 403 403 403 403 403
GET  /api/v1/checks/:id                       200 200 200 200 403 403 200 403
POST /api/v1/complaints                       201 201 201 403 403 403 403 403
GET  /api/v1/complaints                       200 200 200 200 403 403 200 403
GET  /api/v1/complaints/:ticket               404 200 200 200 403 403 200 403
POST /api/v1/complaints/:ticket/events        404 200 200 200 403 403 403 403
GET  /api/v1/imports                          403 403 200 200 200 200 200 200
GET  /api/v1/imports/:id                      403 403 200 200 200 200 200 200
GET  /api/v1/policies                         200 200 200 200 200 200 200 200
GET  /api/v1/policies/:revision               200 200 200 200 200 200 200 200
GET  /api/v1/areas/:code                      200 200 200 200 200 200 200 200
`

var apiAccessRoles = []auth.Role{auth.Puskesmas, auth.Kelurahan, auth.Coordinator, auth.Supervisor,
	auth.PolicyOfficer, auth.PolicyApprover, auth.Auditor, auth.Administrator}

// access reads the table: route to status by role.
func access(t *testing.T) map[string]map[auth.Role]int {
	t.Helper()
	table := map[string]map[auth.Role]int{}
	for _, line := range strings.Split(strings.TrimSpace(apiAccess), "\n")[1:] {
		cells := strings.Fields(line)
		row := map[auth.Role]int{}
		for i, role := range apiAccessRoles {
			status, err := strconv.Atoi(cells[2+i])
			if err != nil {
				t.Fatal(err)
			}
			row[role] = status
		}
		table[cells[0]+" "+cells[1]] = row
	}
	return table
}

func TestAPIRolesAndRoutes(t *testing.T) {
	table := access(t)
	if len(apiAccessRoles) != len(auth.Roles) {
		t.Fatal("the table does not have every role")
	}
	eachBureau(t, func(t *testing.T, b *bureau) {
		determination := b.checkOf(b.people.poor).text("id")
		for _, r := range b.apiRoutes() {
			key := r.Method + " " + r.Path
			row, ok := table[key]
			if r.Public {
				continue
			}
			if !ok {
				t.Errorf("%s is not in the table of access", key)
				continue
			}
			for _, role := range append([]auth.Role{""}, apiAccessRoles...) {
				want := row[role]
				if role == "" {
					want = http.StatusUnauthorized
				}
				// Each role has a fresh case, so that no answer depends on an earlier one.
				ticket := b.fileAs("kelurahan", b.people.poor).text("ticket")
				path := strings.NewReplacer(":ticket", ticket, ":code", "35.09", ":revision", apiHash(b),
					":id", map[bool]string{true: determination, false: b.imports["residents"]}[strings.Contains(r.Path, "checks")]).Replace(r.Path)
				var body any
				switch {
				case strings.HasSuffix(r.Path, "/events"):
					body = `{"type":"note","version":1,"text":"Catatan"}`
				case r.Path == apiChecks:
					body = map[string]any{"nik": b.people.poor}
				case r.Method == http.MethodPost:
					body = filingOf(b.people.poor)
				}
				got := b.call(string(role), r.Method, path, body)
				if got.StatusCode != want {
					t.Errorf("%s as %q: %d, want %d: %s", key, role, got.StatusCode, want, got.raw)
				}
				if got.StatusCode == http.StatusForbidden && strings.Contains(string(got.raw), ticket) {
					t.Errorf("%s as %q: a refusal tells about the case", key, role)
				}
			}
		}
	})
}

func apiHash(b *bureau) string {
	r := b.call("administrator", http.MethodGet, "/api/v1/policies", nil)
	return r.list("policies")[0]["revision"].(string)
}

// Events ask for permissions of their own, behind the one of the route.
func TestAPIEventPermissions(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		for _, c := range []struct {
			user, body string
			status     int
		}{
			{"kelurahan", `{"type":"reject","version":1,"reason":"Bukan urusan kami"}`, 403},
			{"coordinator", `{"type":"reject","version":1,"reason":"Bukan urusan kami"}`, 200},
			{"supervisor", `{"type":"note","version":1,"text":"a"}`, 200},
			{"supervisor", `{"type":"wait","version":1,"missing":["KTP"]}`, 403},
			{"supervisor", `{"type":"assign","version":1,"unit":"PKM-SILO"}`, 200},
			{"supervisor", `{"type":"check","version":1}`, 403},
			{"auditor", `{"type":"withdraw","version":1}`, 403},
		} {
			ticket := b.fileAs("kelurahan", b.people.poor).text("ticket")
			r := b.call(c.user, http.MethodPost, apiCases+"/"+ticket+"/events", c.body)
			if r.StatusCode != c.status {
				t.Errorf("%s %s: %d, want %d: %s", c.user, c.body, r.StatusCode, c.status, r.raw)
			}
		}
	})
}

func TestAPITokens(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		path := "/api/v1/areas/35.09"
		none := b.call("", http.MethodGet, path, nil)
		none.problem(401, "token_missing", "")
		if got := none.Header.Get("WWW-Authenticate"); got != `Bearer realm="layak"` {
			t.Errorf("challenge %q", got)
		}
		for name, header := range map[string]string{
			"made up": "Bearer lyk_" + strings.Repeat("A", 43), "basic": "Basic a2VsOmtlbA==", "empty": "Bearer ",
			"very long": "Bearer lyk_" + strings.Repeat("A", 5000),
		} {
			r := b.call("", http.MethodGet, path, nil, "Authorization", header)
			r.want(401)
			if name != "basic" && name != "empty" && !strings.Contains(r.Header.Get("WWW-Authenticate"), "invalid_token") {
				t.Errorf("%s: challenge %q", name, r.Header.Get("WWW-Authenticate"))
			}
		}
		b.call("", http.MethodGet, path, nil, "Authorization", "bearer "+b.tokens["auditor"]).want(200)
		// A session is no key to the API: a page of another site could use it.
		b.call("", http.MethodGet, path, nil, "Cookie", "layak=abc").want(401)

		b.tokens["narrow"] = b.token(auth.NewToken{User: "kelurahan", Only: []auth.Permission{auth.CheckPerson}, Days: 1})
		b.call("narrow", http.MethodPost, apiChecks, map[string]any{"nik": b.people.missing}).want(200)
		b.call("narrow", http.MethodPost, apiCases, filingOf(b.people.poor)).problem(403, "not_allowed", "")

		*b.clock = b.clock.Add(25 * time.Hour)
		b.call("narrow", http.MethodPost, apiChecks, map[string]any{"nik": b.people.missing}).problem(401, "token_refused", "")
		b.call("kelurahan", http.MethodGet, path, nil).want(200)
		operator := auth.With(t.Context(), auth.CommandLine("test"))
		b.must(b.accounts.Disable(operator, "kelurahan"))
		b.call("kelurahan", http.MethodGet, path, nil).problem(401, "token_refused", "")
	})
}

// A program that goes on knocking with a dead token is told to wait; the others behind the same
// address go on working.
func TestAPIKnocking(t *testing.T) {
	b := newBureau(t, "sqlite:"+t.TempDir()+"/layak.db")
	b.tokens["dead"] = "lyk_" + strings.Repeat("B", 43)
	for range refusedBurst {
		b.call("dead", http.MethodGet, "/api/v1/policies", nil).want(401)
	}
	r := b.call("dead", http.MethodGet, "/api/v1/policies", nil)
	r.problem(429, "throttled", "")
	if got := r.Header.Get("Retry-After"); got != "2" {
		t.Errorf("Retry-After %q", got)
	}
	b.call("kelurahan", http.MethodGet, "/api/v1/policies", nil).want(200)
	*b.clock = b.clock.Add(3 * time.Second)
	b.call("dead", http.MethodGet, "/api/v1/policies", nil).want(401)
	b.call("dead", http.MethodGet, "/api/v1/policies", nil).want(429)
}

func TestLimiterForgetsRatherThanGrows(t *testing.T) {
	var l limiter
	for i := range mostAddress + 5 {
		l.take(fmt.Sprint(i), apiNoon)
	}
	if len(l.free) > mostAddress {
		t.Errorf("%d addresses kept", len(l.free))
	}
}
