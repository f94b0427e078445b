package storage

import (
	"context"
	"testing"
	"time"

	"layak/internal/auth"
)

// Two processes on one database: who is behind a token is remembered for a moment, but what the
// process itself changes counts at the next call.
func TestTheAccountBehindATokenIsRememberedForAMoment(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		other := &DB{regency: db.regency, clock: db.clock, keys: db.keys, dialect: db.dialect, writer: db.writer, door: db.door, reader: db.reader}
		must(t, db.AddStaff(ctx, auth.Staff{User: "rini", Name: "Rini", Role: auth.Kelurahan, CreatedAt: noon, PasswordAt: noon}, entry("staff.create")))
		must(t, db.AddToken(ctx, auth.Token{ID: newID(), User: "rini", Label: "jembatan", Hash: "h1", CreatedAt: noon, CreatedBy: "rini",
			ExpiresAt: noon.AddDate(0, 0, 30)}, entry("token.create")))
		disabled := func() bool {
			a, err := db.TokenAccount(ctx, "h1")
			must(t, err)
			return a.Account.Disabled
		}
		age := func() {
			db.accounts.mu.Lock()
			defer db.accounts.mu.Unlock()
			kept := db.accounts.byHash["h1"]
			kept.read = kept.read.Add(-accountLife)
			db.accounts.byHash["h1"] = kept
		}
		yes, no := true, false
		if disabled() {
			t.Fatal("the account is disabled from the start")
		}
		must(t, db.ChangeStaff(ctx, "rini", auth.StaffChange{Disabled: &yes}, entry("staff.disable")))
		if !disabled() {
			t.Error("what this process changed does not count at its next call")
		}
		must(t, other.ChangeStaff(ctx, "rini", auth.StaffChange{Disabled: &no}, entry("staff.enable")))
		age()
		if disabled() {
			t.Error("what another process changed does not count after the moment")
		}
		tokens, err := db.Tokens(ctx, "rini")
		must(t, err)
		must(t, other.RevokeToken(ctx, "rini", tokens[0].ID, entry("token.revoke")))
		age()
		a, err := db.TokenAccount(ctx, "h1")
		must(t, err)
		if a.Token.RevokedAt == nil {
			t.Error("a token that another process revoked still opens after the moment")
		}
	})
}

// A reading that began before a change of accounts is not remembered behind it.
func TestAnOldReadingOfAnAccountIsNotRemembered(t *testing.T) {
	var k keptAccounts
	_, _, round := k.find("h")
	k.forget()
	k.put("h", auth.TokenAccount{}, round, time.Now())
	if _, ok, _ := k.find("h"); ok {
		t.Error("what was read before the change is remembered")
	}
	for i := range mostAccounts + 10 {
		_, _, round = k.find("")
		k.put(string(rune(i+1)), auth.TokenAccount{}, round, time.Now())
	}
	if n := len(k.byHash); n > mostAccounts {
		t.Errorf("%d accounts are remembered", n)
	}
}
