package web

import (
	"net/http"
	"strings"
	"testing"

	"layak/internal/auth"
)

// TestEveryRouteForEveryRole drives each route of the table as each role, as a person whose
// password was handed out, and as nobody. Who may pass is read from the permission of the route;
// what a handler says afterwards (no such id, an incomplete form) is not asked here.
func TestEveryRouteForEveryRole(t *testing.T) {
	d := newDesk(t, Services{})
	for _, role := range append([]auth.Role{""}, auth.Roles...) {
		d.client = d.visitor()
		token := ""
		if role != "" {
			d.signInAs(role)
		}
		for _, r := range d.routes() {
			if r.Path == "/sign-out" || strings.HasPrefix(r.Path, "/gallery") {
				continue
			}
			if token == "" {
				from := "/account"
				if role == "" {
					from = "/sign-in"
				}
				token = csrfField.FindStringSubmatch(d.get(from).body)[1]
			}
			got := d.drive(r, role, token)
			may := r.Public || role.May(r.Permission)
			switch {
			case role == "" && !may && !turnedAway(r, got):
				t.Errorf("%s %s without sign-in: status %d to %q", r.Method, r.Path, got.StatusCode, got.Header.Get("Location"))
			case role != "" && !may && got.StatusCode != http.StatusForbidden:
				t.Errorf("%s %s as %s: status %d, want 403", r.Method, r.Path, role, got.StatusCode)
			case may && (got.StatusCode == http.StatusForbidden || got.StatusCode == http.StatusUnauthorized):
				t.Errorf("%s %s as %s: status %d although it holds %q", r.Method, r.Path, role, got.StatusCode, r.Permission)
			}
			if got.StatusCode == http.StatusInternalServerError {
				t.Errorf("%s %s as %q broke: %s", r.Method, r.Path, role, d.log.String())
			}
		}
	}
}

// turnedAway is how a stranger is answered: pages ask to sign in, the API asks for a token.
func turnedAway(r Route, a answer) bool {
	if r.api() {
		return a.StatusCode == http.StatusUnauthorized
	}
	return a.StatusCode == http.StatusSeeOther && strings.HasPrefix(a.Header.Get("Location"), "/sign-in")
}

// drive sends an empty request with everything that is needed to pass the guard.
func (d *desk) drive(r Route, role auth.Role, token string) answer {
	d.Helper()
	path := strings.NewReplacer(":sum", "x", ":name", "app.css", ":id", "019e0000-0000-7000-8000-00000000ffff", ":code", "no_such_code", ":user", "no.such.person", ":unit", "NO-SUCH-UNIT",
		":ticket", "3509-0000-0000-0", ":revision", strings.Repeat("0", 64)).Replace(r.Path)
	req := d.request(r.Method, path, "")
	if r.api() {
		if role != "" {
			req.Header.Set("Authorization", "Bearer lyk_"+string(role))
		}
	} else {
		req.Header.Set("X-CSRF-Token", token)
	}
	return d.do(req)
}

// A route without a permission must say that it is public, or the program does not start.
func TestARouteIsPublicOrGuarded(t *testing.T) {
	s := &Server{}
	for name, r := range map[string]Route{
		"neither": {Method: "GET", Path: "/x", Handler: s.health},
		"both":    {Method: "GET", Path: "/x", Handler: s.health, Public: true, Permission: auth.CheckRead},
		"nothing": {Method: "GET", Path: "/x", Public: true},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Fatal("the route was taken")
				}
			}()
			s.guard(r)
		})
	}
}
