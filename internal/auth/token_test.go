package auth_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"layak/internal/auth"
	"layak/internal/fault"
)

func TestToken(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		secret, tok, err := h.IssueToken(h.as("rini"), auth.NewToken{Label: " antrean  RS "})
		ok(t, err)
		if !strings.HasPrefix(secret, "lyk_") || len(secret) != 47 || tok.Label != "antrean RS" {
			t.Errorf("token %d characters, %+v", len(secret), tok)
		}
		a, err := h.Token(ctx, secret)
		ok(t, err)
		if a.Name != "token:rini/"+tok.ID || a.User != "rini" || a.Unit != "PKM-SILO" || !a.Can(auth.CheckPerson) || a.Sees("35.09.19.1001") {
			t.Errorf("actor %+v", a)
		}
		for name, bearer := range map[string]string{
			"another": "lyk_" + strings.Repeat("A", 43), "empty": "", "the id": tok.ID, "cut": secret[:46], "huge": secret + strings.Repeat("x", 1000),
		} {
			_, err := h.Token(ctx, bearer)
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s token: %v", name, err)
			}
		}
		h.pass(30*24*time.Hour - time.Second)
		_, err = h.Token(ctx, secret)
		ok(t, err)
		h.pass(time.Second)
		_, err = h.Token(ctx, secret)
		code(t, err, fault.Forbidden, "token_refused")
	})
}

// TestTokenIsNeverWider: not than the role, not than the token it was made with, not for others.
func TestTokenIsNeverWider(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		cases := []struct {
			name string
			as   string
			new  auth.NewToken
			kind fault.Kind
		}{
			{"a permission beyond the role", "rini", auth.NewToken{Only: []auth.Permission{auth.PolicyEdit}}, fault.Invalid},
			{"another's account", "rini", auth.NewToken{User: "budi"}, fault.Forbidden},
			{"an administrator for another", "sari", auth.NewToken{User: "rini"}, fault.Forbidden},
			{"another unit", "rini", auth.NewToken{Unit: "KEL-MANGLI"}, fault.Invalid},
			{"for ever", "rini", auth.NewToken{Days: 5000}, fault.Invalid},
			{"backwards", "rini", auth.NewToken{Days: -1}, fault.Invalid},
		}
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				_, _, err := h.IssueToken(h.as(c.as), c.new)
				if !fault.Is(err, c.kind) {
					t.Errorf("got %v", err)
				}
			})
		}
		narrow, _, err := h.IssueToken(h.as("rini"), auth.NewToken{Only: []auth.Permission{auth.CheckPerson, auth.TokenOwn}})
		ok(t, err)
		a, err := h.Token(ctx, narrow)
		ok(t, err)
		if a.Can(auth.ComplaintFile) || !a.Can(auth.CheckPerson) {
			t.Error("the limit does not hold")
		}
		for _, n := range []auth.NewToken{{}, {Only: []auth.Permission{auth.ComplaintFile}}} {
			if _, _, err := h.IssueToken(auth.With(ctx, a), n); !fault.Is(err, fault.Invalid) {
				t.Errorf("a narrow token made a wider one: %v", err)
			}
		}
		// A regency-wide account narrows its token to one unit.
		h.add("wati", auth.Coordinator, "")
		local, _, err := h.IssueToken(h.as("wati"), auth.NewToken{Unit: "KEL-MANGLI"})
		ok(t, err)
		a, err = h.Token(ctx, local)
		ok(t, err)
		if a.All || !a.Sees("35.09.19.1001") || a.Sees("35.09.30") {
			t.Errorf("scope of the token: %+v", a)
		}
	})
}

// TestTokenEnds: whatever changes who somebody is ends what was made before.
func TestTokenEnds(t *testing.T) {
	ends := map[string]func(h *house, id string) error{
		"revoked":        func(h *house, id string) error { return h.RevokeToken(h.as("rini"), id) },
		"account shut":   func(h *house, _ string) error { return h.Disable(operator(), "rini") },
		"another role":   func(h *house, _ string) error { return h.ChangeRole(operator(), "rini", auth.Auditor, "") },
		"password reset": func(h *house, _ string) error { return h.SetPassword(operator(), "rini", another) },
		"shut and opened": func(h *house, _ string) error {
			if err := h.Disable(operator(), "rini"); err != nil {
				return err
			}
			return h.Enable(operator(), "rini")
		},
	}
	each(t, func(t *testing.T, h *house) {
		h.pass(time.Second)
		for name, end := range ends {
			secret, tok, err := h.IssueToken(operator(), auth.NewToken{User: "rini"})
			ok(t, err)
			code(t, h.RevokeToken(h.as("budi"), tok.ID), fault.NotFound, "token_not_found")
			_, err = h.Token(context.Background(), secret)
			ok(t, err)
			ok(t, end(h, tok.ID))
			_, err = h.Token(context.Background(), secret)
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: the token still opens: %v", name, err)
			}
			ok(t, h.Enable(operator(), "rini"))
			ok(t, h.ChangeRole(operator(), "rini", auth.Puskesmas, "PKM-SILO"))
		}
		_, _, err := h.IssueToken(operator(), auth.NewToken{})
		if err == nil {
			t.Error("the command line made a token for nobody")
		}
		list, err := h.Tokens(h.as("rini"))
		ok(t, err)
		if len(list) != len(ends) || list[0].RevokedAt == nil {
			t.Errorf("%d tokens listed: %+v", len(list), list[0])
		}
	})
}

func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		store := h.db.SessionStore()
		begin := func(user, cookie string) context.Context {
			ctx := auth.WithClient(h.as(user), auth.Client{Address: office, Agent: "Mozilla/5.0 (Linux; Android 11) Chrome/120.0 Mobile Safari/537.36"})
			ok(t, store.CommitCtx(ctx, cookie, []byte("data of "+cookie), h.clock().Add(8*time.Hour)))
			return auth.WithClient(ctx, auth.Client{Address: office, Session: auth.SessionID(cookie)})
		}
		open := func(cookie string) bool {
			_, found, err := store.FindCtx(context.Background(), cookie)
			ok(t, err)
			return found
		}
		desk := begin("rini", "cookie-desk")
		h.pass(time.Minute)
		begin("rini", "cookie-phone")
		begin("budi", "cookie-budi")

		list, err := h.Sessions(desk)
		ok(t, err)
		if len(list) != 2 || list[0].Current || !list[1].Current || list[1].Agent != "Chrome · Android" || list[0].Address != list[1].Address {
			t.Fatalf("own sessions: %+v", list)
		}
		if strings.Contains(fmt.Sprint(list), office) || strings.Contains(fmt.Sprint(list), "cookie") {
			t.Error("the list holds an address or a cookie in clear")
		}
		code(t, h.EndSession(desk, auth.SessionID("cookie-budi")), fault.NotFound, "session_not_found")
		ok(t, h.EndSession(desk, auth.SessionID("cookie-phone")))
		if open("cookie-phone") || !open("cookie-desk") || !open("cookie-budi") {
			t.Error("the wrong session ended")
		}
		// A request that was on its way when its session ended does not bring it back.
		phone := auth.WithClient(h.as("rini"), auth.Client{Session: auth.SessionID("cookie-phone")})
		ok(t, store.CommitCtx(phone, "cookie-phone", []byte("late"), h.clock().Add(time.Hour)))
		if open("cookie-phone") {
			t.Error("an ended session came back")
		}
		// A changed password keeps the present session and ends the others.
		begin("rini", "cookie-tablet")
		ok(t, h.ChangePassword(desk, phrase, another))
		if open("cookie-tablet") || !open("cookie-desk") {
			t.Error("after a changed password")
		}
		begin("rini", "cookie-tablet")
		ok(t, h.EndOtherSessions(desk))
		if open("cookie-tablet") || !open("cookie-desk") {
			t.Error("after ending the others")
		}
		ok(t, h.ChangeRole(operator(), "rini", auth.Auditor, ""))
		ok(t, h.Disable(operator(), "budi"))
		if open("cookie-desk") || open("cookie-budi") {
			t.Error("a session outlived its role or account")
		}
		sari := begin("sari", "cookie-sari")
		begin("sari", "cookie-old")
		h.pass(61 * time.Minute)
		list, err = h.Sessions(sari)
		ok(t, err)
		if len(list) != 1 || !list[0].Current {
			t.Errorf("an idle session is still listed: %+v", list)
		}
		h.pass(7 * time.Hour)
		if open("cookie-sari") {
			t.Error("a session outlived its time")
		}
		swept, err := h.db.SweepAccounts(context.Background())
		ok(t, err)
		if swept != 2 {
			t.Errorf("swept %d rows, want two sessions", swept)
		}
		_, err = h.SignIn(context.Background(), "sari", phrase, office)
		ok(t, err)
		_, err = h.SignIn(context.Background(), "nobody", phrase, far)
		code(t, err, fault.Forbidden, "sign_in_refused")
		h.pass(25 * time.Hour)
		swept, err = h.db.SweepAccounts(context.Background())
		ok(t, err)
		if swept != 3 {
			t.Errorf("swept %d rows, want the three counters of the guesser", swept)
		}
		ok(t, store.DeleteCtx(context.Background(), "cookie-nobody"))
	})
}

func TestShortAgent(t *testing.T) {
	for header, want := range map[string]string{
		"": "",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0": "Edge · Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) Version/17.0 Mobile Safari/604.1":                         "Safari · iPhone",
		"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0":                            "Firefox · Linux",
		"curl/8.0": "",
	} {
		if got := auth.ShortAgent(header); got != want {
			t.Errorf("%q is %q, want %q", header, got, want)
		}
	}
}
