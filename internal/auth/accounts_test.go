package auth_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/storage"
	"layak/internal/testkit"
)

const (
	phrase  = "mangga manis di pasar"
	another = "hujan sore di Rembangan"
	office  = "10.0.0.7"
	far     = "203.0.113.9"
)

// house is a database with two units and a few accounts, and a clock that a test moves.
type house struct {
	*auth.Accounts
	t   *testing.T
	db  *storage.DB
	mu  sync.Mutex
	now time.Time
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func migrated(address string) error {
	db, err := storage.Open(context.Background(), address, storage.Config{Regency: "35.09"})
	if err != nil {
		return err
	}
	return db.Close()
}

// each runs a story on both engines.
func each(t *testing.T, story func(t *testing.T, h *house)) {
	testkit.BothLike(t, "migrated", migrated, func(t *testing.T, address string) {
		h := &house{t: t, now: time.Date(2026, 11, 21, 1, 0, 0, 0, time.UTC)}
		db, err := storage.Open(context.Background(), address, storage.Config{Regency: "35.09", Clock: h.clock})
		ok(t, err)
		t.Cleanup(func() { ok(t, db.Close()) })
		h.db = db
		h.Accounts = (&auth.Accounts{Store: db, Clock: h.clock}).Cheap()
		ok(t, h.AddUnit(operator(), auth.Unit{Code: "PKM-SILO", Name: "Puskesmas Silo", Kind: "puskesmas", Areas: []area.Code{"35.09.30"}}))
		ok(t, h.AddUnit(operator(), auth.Unit{Code: "KEL-MANGLI", Name: "Kelurahan Mangli", Kind: "kelurahan", Areas: []area.Code{"35.09.19.1001", "35.09.19.1002"}}))
		h.add("sari", auth.Administrator, "")
		h.add("rini", auth.Puskesmas, "PKM-SILO")
		h.add("budi", auth.Kelurahan, "KEL-MANGLI")
		story(t, h)
	})
}

func operator() context.Context { return auth.With(context.Background(), auth.CommandLine("test")) }

// as is the context of somebody who is signed in.
func (h *house) as(user string) context.Context {
	h.t.Helper()
	a, err := h.Actor(context.Background(), user)
	ok(h.t, err)
	return auth.With(context.Background(), a)
}

func (h *house) add(user string, role auth.Role, unit string) {
	h.t.Helper()
	_, err := h.AddStaff(operator(), auth.NewStaff{User: user, Name: "Ibu " + user, Role: role, Unit: unit, Password: phrase})
	ok(h.t, err)
}

// acts lists the newest trail entries, "actor act object_id purpose", newest first.
func (h *house) acts(n int) []string {
	h.t.Helper()
	page, err := h.db.AuditEntries(context.Background(), storage.AuditFilter{Limit: 500})
	ok(h.t, err)
	var out []string
	for _, e := range page.Entries[:min(n, len(page.Entries))] {
		out = append(out, strings.TrimSpace(fmt.Sprint(e.Actor, " ", e.Act, " ", e.ObjectID, " ", e.Purpose)))
	}
	return out
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func code(t testing.TB, err error, kind fault.Kind, want string) {
	t.Helper()
	f := fault.As(err)
	if f == nil || f.Kind != kind || f.Code != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestSignIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		h.pass(time.Second)
		a, err := h.SignIn(ctx, " Rini ", phrase, office)
		ok(t, err)
		if a.User != "rini" || a.Role != auth.Puskesmas || a.All || !a.Sees("35.09.30.2001") || a.Sees("35.09.19.1001") {
			t.Errorf("actor %+v", a)
		}
		if got := h.acts(1)[0]; got != "rini session.start rini" {
			t.Errorf("trail: %s", got)
		}
		h.pass(time.Second)
		_, err = h.SignIn(ctx, "rini", another, office)
		code(t, err, fault.Forbidden, "sign_in_refused")
		if got := h.acts(1)[0]; got != "visitor session.refuse rini wrong_password" {
			t.Errorf("trail: %s", got)
		}
		h.pass(time.Second)
		_, unknown := h.SignIn(ctx, "3509190101900001", phrase, office)
		if fmt.Sprint(unknown) != fmt.Sprint(err) {
			t.Errorf("an unknown name answers otherwise: %v", unknown)
		}
		if got := h.acts(1)[0]; got != "visitor session.refuse  unknown_user" {
			t.Errorf("what was typed stands in the trail: %s", got)
		}
		ok(t, h.Disable(operator(), "rini"))
		_, err = h.SignIn(ctx, "rini", phrase, office)
		code(t, err, fault.Forbidden, "account_disabled")
		_, err = h.SignIn(ctx, "rini", another, office)
		code(t, err, fault.Forbidden, "sign_in_refused")
		_, err = h.Actor(ctx, "rini")
		code(t, err, fault.Forbidden, "account_disabled")
	})
}

// TestScopeOfRoles: who sees what by role and unit.
func TestScopeOfRoles(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.add("dewi", auth.Supervisor, "")
		h.add("tono", auth.Supervisor, "KEL-MANGLI")
		h.add("wati", auth.Coordinator, "KEL-MANGLI")
		for user, want := range map[string][3]bool{ // all, Mangli, Silo
			"rini": {false, false, true}, "budi": {false, true, false}, "dewi": {true, true, true},
			"tono": {false, true, false}, "wati": {true, true, true}, "sari": {true, true, true},
		} {
			a := auth.From(h.as(user))
			if got := [3]bool{a.All, a.Sees("35.09.19.1001"), a.Sees("35.09.30.2001")}; got != want {
				t.Errorf("%s sees %v, want %v", user, got, want)
			}
		}
		ok(t, h.ChangeUnit(operator(), auth.Unit{Code: "PKM-SILO", Name: "Puskesmas Silo", Kind: "puskesmas", Areas: []area.Code{"35.09.19"}}))
		if a := auth.From(h.as("rini")); a.Sees("35.09.30.2001") || !a.Sees("35.09.19.1001") {
			t.Errorf("the unit's new areas do not count at once: %v", a.Areas)
		}
	})
}

// TestThrottle tells the stories that the limits were made for.
func TestThrottle(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		miss := func(user, from string) error {
			_, err := h.SignIn(ctx, user, "salah sekali pokoknya", from)
			return err
		}
		// Yesterday both colleagues signed in from the office.
		for _, user := range []string{"rini", "budi"} {
			_, err := h.SignIn(ctx, user, phrase, office)
			ok(t, err)
		}
		h.pass(24 * time.Hour)

		// Rini types wrong: five misses pass, then each waits longer; even the right password waits.
		for range 6 {
			code(t, miss("rini", office), fault.Forbidden, "sign_in_refused")
		}
		_, err := h.SignIn(ctx, "rini", phrase, office)
		code(t, err, fault.Unavailable, "sign_in_wait")
		if !strings.Contains(err.Error(), "2 detik") {
			t.Errorf("says %q", err)
		}
		h.pass(2 * time.Second)
		code(t, miss("rini", office), fault.Forbidden, "sign_in_refused")
		h.pass(2 * time.Second)
		code(t, miss("rini", office), fault.Unavailable, "sign_in_wait")
		// Her colleague behind the same router does not notice.
		_, err = h.SignIn(ctx, "budi", phrase, office)
		ok(t, err)
		h.pass(2 * time.Second)
		_, err = h.SignIn(ctx, "rini", phrase, office)
		ok(t, err)

		// A guesser far away runs against Budi's account: he is slowed down, Budi at the office is not.
		refused := 0
		for i := range 60 {
			if fault.Is(miss("budi", fmt.Sprint("198.51.100.", i/4)), fault.Unavailable) {
				refused++
			}
		}
		if refused == 0 {
			t.Error("a guesser from many addresses is never slowed down")
		}
		_, err = h.SignIn(ctx, "budi", phrase, office)
		ok(t, err)

		// Somebody tries one password on many names from one place.
		var last error
		for i := range 60 {
			last = miss(fmt.Sprint("pegawai", i), far)
		}
		code(t, last, fault.Unavailable, "sign_in_wait")
		h.pass(61 * time.Second)
		code(t, miss("pegawai99", far), fault.Forbidden, "sign_in_refused")
	})
}

// TestFloodOfTries: tries at the same moment cannot all find the door open.
func TestFloodOfTries(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		looked := 0
		for range 20 {
			wg.Go(func() {
				_, err := h.SignIn(context.Background(), "rini", "salah sekali pokoknya", far)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case fault.Is(err, fault.Forbidden):
					looked++
				case !fault.Is(err, fault.Unavailable):
					t.Errorf("%v", err)
				}
			})
		}
		wg.Wait()
		if looked != 6 {
			t.Errorf("%d passwords were looked at, want 6 (five free and the one that starts the wait)", looked)
		}
	})
}

// TestHashesAreBounded: while no hash gets on, so many sign-ins wait as the queue has places, and each one more
// is told at once to try again.
func TestHashesAreBounded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		const tries = 60
		places, release := h.HoldHashes(context.Background())
		answers := make(chan error, tries)
		for i := range tries {
			go func() {
				_, err := h.SignIn(context.Background(), fmt.Sprint("orang", i), phrase, fmt.Sprint("198.51.100.", i))
				answers <- err
			}()
		}
		for range tries - places {
			select {
			case err := <-answers:
				code(t, err, fault.Unavailable, "sign_in_busy")
			case <-time.After(2 * time.Minute):
				release()
				t.Fatalf("more than %d sign-ins were let in to wait", places)
			}
		}
		release()
		for range places {
			err := <-answers
			if fault.Is(err, fault.Unavailable) {
				t.Errorf("one that found a place is refused: %v", err)
			}
		}
	})
}

// TestOldHashIsRenewed: a sign-in stores the password at today's cost.
func TestOldHashIsRenewed(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		before, err := h.db.Account(ctx, "rini")
		ok(t, err)
		h.Outdate()
		_, err = h.SignIn(ctx, "rini", phrase, office)
		ok(t, err)
		after, err := h.db.Account(ctx, "rini")
		ok(t, err)
		if before.PasswordHash == after.PasswordHash || !strings.HasPrefix(after.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
			t.Errorf("hash is now %s", after.PasswordHash[:40])
		}
		if !after.PasswordAt.Equal(before.PasswordAt) {
			t.Error("a renewed hash counts as a new password")
		}
		_, err = h.SignIn(ctx, "rini", phrase, office)
		ok(t, err)
	})
}

func TestStaffRules(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin := h.as("sari")
		cases := []struct {
			name  string
			new   auth.NewStaff
			field string
		}{
			{"NIK as a name", auth.NewStaff{User: "3509190101900001", Name: "A", Role: auth.Auditor, Password: phrase}, "user"},
			{"no name", auth.NewStaff{User: "joko", Role: auth.Auditor, Password: phrase}, "name"},
			{"unknown role", auth.NewStaff{User: "joko", Name: "Joko", Role: "bupati", Password: phrase}, "role"},
			{"operator is no role of an account", auth.NewStaff{User: "joko", Name: "Joko", Role: auth.Operator, Password: phrase}, "role"},
			{"desk without a unit", auth.NewStaff{User: "joko", Name: "Joko", Role: auth.Puskesmas, Password: phrase}, "unit"},
			{"unit that does not exist", auth.NewStaff{User: "joko", Name: "Joko", Role: auth.Puskesmas, Unit: "X", Password: phrase}, "unit"},
			{"short password", auth.NewStaff{User: "joko", Name: "Joko", Role: auth.Auditor, Password: "pendek"}, "password"},
			{"name taken", auth.NewStaff{User: "rini", Name: "Joko", Role: auth.Auditor, Password: phrase}, "user"},
		}
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				_, err := h.AddStaff(admin, c.new)
				f := fault.As(err)
				if f == nil || len(f.Fields) == 0 || f.Fields[0].Name != c.field {
					t.Errorf("got %v with fields %v, want a word beside %s", err, f, c.field)
				}
			})
		}
		for _, who := range []string{"rini", "budi"} {
			_, err := h.AddStaff(h.as(who), auth.NewStaff{User: "joko", Name: "Joko", Role: auth.Auditor, Password: phrase})
			code(t, err, fault.Forbidden, "not_allowed")
			code(t, h.Disable(h.as(who), "sari"), fault.Forbidden, "not_allowed")
			code(t, h.AddUnit(h.as(who), auth.Unit{Code: "X"}), fault.Forbidden, "not_allowed")
		}
		code(t, h.Disable(admin, "siapa"), fault.NotFound, "staff_not_found")
		code(t, h.AddUnit(admin, auth.Unit{Code: "PKM-SILO", Name: "Lain", Kind: "opd", Areas: []area.Code{"35.09"}}), fault.Conflict, "unit_exists")
		h.Home = "35.09"
		for _, outside := range []area.Code{"35.10", "35.1", "32.73.01"} {
			u := auth.Unit{Code: "U-LUAR", Name: "Luar", Kind: "opd", Areas: []area.Code{"35.09", outside}}
			code(t, h.AddUnit(admin, u), fault.Invalid, "unit_invalid")
			u.Code = "PKM-SILO"
			code(t, h.ChangeUnit(admin, u), fault.Invalid, "unit_invalid")
		}
		ok(t, h.AddUnit(admin, auth.Unit{Code: "U-DALAM", Name: "Dalam", Kind: "opd", Areas: []area.Code{"35.09", "35.09.19.1001"}}))
		list, err := h.Staff(admin)
		ok(t, err)
		if len(list) != 3 || list[0].User != "budi" || list[0].PasswordHash != "" {
			t.Errorf("list: %+v", list)
		}
	})
}

func TestUnitRules(t *testing.T) {
	good := auth.Unit{Code: "KEC-SILO", Name: "Kecamatan Silo", Kind: "kecamatan", Areas: []area.Code{"35.09.30", "35.09.30"}}
	ok(t, good.Validate())
	if len(good.Areas) != 1 {
		t.Errorf("areas named twice: %v", good.Areas)
	}
	for field, spoil := range map[string]func(*auth.Unit){
		"code":  func(u *auth.Unit) { u.Code = "kode dengan spasi" },
		"name":  func(u *auth.Unit) { u.Name = "  " },
		"kind":  func(u *auth.Unit) { u.Kind = "warung" },
		"areas": func(u *auth.Unit) { u.Areas = nil },
	} {
		u := good
		spoil(&u)
		if f := fault.As(u.Validate()); f == nil || f.Fields[0].Name != field {
			t.Errorf("%s: %v", field, f)
		}
	}
	for _, c := range []area.Code{"35", "99.99", "35.09.99", "3509"} {
		u := good
		u.Areas = []area.Code{c}
		if u.Validate() == nil {
			t.Errorf("area %s accepted", c)
		}
	}
}

// TestHandedOutPassword: who got a password from an administrator can only change it.
func TestHandedOutPassword(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		_, err := h.AddStaff(h.as("sari"), auth.NewStaff{User: "joko", Name: "Joko", Role: auth.Kelurahan, Unit: "KEL-MANGLI", Password: phrase})
		ok(t, err)
		a, err := h.SignIn(ctx, "joko", phrase, office)
		ok(t, err)
		code(t, a.Require(auth.CheckPerson), fault.Forbidden, "password_change_needed")
		own := auth.With(ctx, a)
		code(t, h.ChangePassword(own, "bukan yang lama itu", another), fault.Invalid, "password_wrong")
		code(t, h.ChangePassword(own, phrase, phrase), fault.Invalid, "password_same")
		code(t, h.ChangePassword(own, phrase, "pendek"), fault.Invalid, "password_weak")
		ok(t, h.ChangePassword(own, phrase, another))
		a, err = h.SignIn(ctx, "joko", another, office)
		ok(t, err)
		ok(t, a.Require(auth.CheckPerson))
		if auth.From(h.as("rini")).MustChange {
			t.Error("an account made at the command line must change its password")
		}
	})
}

func TestLastAdministratorStays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin := h.as("sari")
		code(t, h.Disable(admin, "sari"), fault.Conflict, "last_administrator")
		code(t, h.ChangeRole(admin, "sari", auth.Auditor, ""), fault.Conflict, "last_administrator")
		ok(t, h.Disable(admin, "rini")) // somebody else is no matter
		h.add("yuli", auth.Administrator, "")
		// Two administrators disable each other at the same moment: one of them stays.
		other := h.as("yuli")
		errs := make([]error, 2)
		var wg sync.WaitGroup
		wg.Go(func() { errs[0] = h.Disable(admin, "yuli") })
		wg.Go(func() { errs[1] = h.Disable(other, "sari") })
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("both or none: %v", errs)
		}
		ok(t, h.Disable(operator(), "sari"))
		ok(t, h.Disable(operator(), "yuli")) // the command line may
	})
}

func TestSetUp(t *testing.T) {
	testkit.BothLike(t, "migrated", migrated, func(t *testing.T, address string) {
		db, err := storage.Open(context.Background(), address, storage.Config{Regency: "35.09"})
		ok(t, err)
		t.Cleanup(func() { ok(t, db.Close()) })
		h := (&auth.Accounts{Store: db}).Cheap()
		ctx := context.Background()
		system := auth.With(ctx, auth.System())
		first, err := h.NewSetup(system)
		ok(t, err)
		token, err := h.NewSetup(system)
		ok(t, err)
		_, err = h.NewSetup(ctx)
		code(t, err, fault.Forbidden, "not_allowed")
		_, err = h.SetUp(ctx, first, "sari", "Sari", phrase)
		code(t, err, fault.Forbidden, "setup_refused") // a newer one was printed
		_, err = h.SetUp(ctx, token, "sari", "Sari", "pendek")
		code(t, err, fault.Invalid, "password_weak") // and the token is still good
		won := make([]error, 8)
		var wg sync.WaitGroup
		for i := range won {
			wg.Go(func() { _, won[i] = h.SetUp(ctx, token, fmt.Sprint("sari", i), "Sari", phrase) })
		}
		wg.Wait()
		winners := 0
		for _, err := range won {
			if err == nil {
				winners++
			} else {
				code(t, err, fault.Forbidden, "setup_refused")
			}
		}
		list, err := h.Staff(system)
		ok(t, err)
		if winners != 1 || len(list) != 1 || list[0].Role != auth.Administrator {
			t.Errorf("%d winners, accounts %+v", winners, list)
		}
		_, err = h.NewSetup(system)
		code(t, err, fault.Forbidden, "setup_refused")
	})
}

// TestEveryWriteIsRecorded drives the service and looks at the trail.
func TestEveryWriteIsRecorded(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin := h.as("sari")
		steps := []struct {
			want string
			do   func() error
		}{
			{"sari unit.create U1", func() error {
				return h.AddUnit(admin, auth.Unit{Code: "U1", Name: "U", Kind: "opd", Areas: []area.Code{"35.09"}})
			}},
			{"sari staff.create joko", func() error {
				_, err := h.AddStaff(admin, auth.NewStaff{User: "joko", Name: "Joko", Role: auth.Auditor, Password: phrase})
				return err
			}},
			{"sari staff.role joko", func() error { return h.ChangeRole(admin, "joko", auth.PolicyOfficer, "") }},
			{"sari staff.password joko", func() error { return h.SetPassword(admin, "joko", another) }},
			{"sari staff.disable joko", func() error { return h.Disable(admin, "joko") }},
			{"sari staff.enable joko", func() error { return h.Enable(admin, "joko") }},
			{"sari session.end_all joko", func() error { return h.EndSessionsOf(admin, "joko") }},
			{"sari session.end_others sari", func() error { return h.EndOtherSessions(admin) }},
			{"sari session.end sari", func() error { return h.SignedOut(admin) }},
		}
		for _, s := range steps {
			h.pass(time.Second)
			ok(t, s.do())
			if got := h.acts(1)[0]; got != s.want {
				t.Errorf("trail says %q, want %q", got, s.want)
			}
		}
		report, err := h.db.AuditVerify(context.Background())
		ok(t, err)
		if !report.Whole() {
			t.Errorf("%v", report.Problems)
		}
	})
}
