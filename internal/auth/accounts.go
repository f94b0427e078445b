package auth

import (
	"context"
	"strings"
	"sync"
	"time"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/fault"
)

// Store keeps accounts; package storage implements it. What writes takes its audit entry and
// commits it in the same transaction. Users and unit codes are exact.
type Store interface {
	AddUnit(ctx context.Context, u Unit, e audit.Entry) error    // Conflict when the code is taken
	ChangeUnit(ctx context.Context, u Unit, e audit.Entry) error // NotFound
	Unit(ctx context.Context, code string) (Unit, error)         // NotFound
	Units(ctx context.Context) ([]Unit, error)                   // by code

	AddStaff(ctx context.Context, s Staff, e audit.Entry) error // Conflict when the name is taken
	// ChangeStaff applies the change; NotFound, or Conflict as StaffChange says.
	ChangeStaff(ctx context.Context, user string, c StaffChange, e audit.Entry) error
	Account(ctx context.Context, user string) (Account, error) // NotFound
	Staff(ctx context.Context) ([]Staff, error)                // by user name
	AnyStaff(ctx context.Context) (bool, error)

	// SaveSetup replaces the one-time token of the first administrator.
	SaveSetup(ctx context.Context, tokenHash string, expires time.Time, e audit.Entry) error
	// FirstStaff stores the first account and uses the token up; Forbidden when the token is
	// another, expired or used, or when an account exists already.
	FirstStaff(ctx context.Context, tokenHash string, s Staff, e audit.Entry) error

	AddToken(ctx context.Context, t Token, e audit.Entry) error
	TokenAccount(ctx context.Context, hash string) (TokenAccount, error) // NotFound
	Tokens(ctx context.Context, user string) ([]Token, error)            // the newest first
	RevokeToken(ctx context.Context, user, id string, e audit.Entry) error

	Sessions(ctx context.Context, user string) ([]Session, error) // those that have not expired
	EndSession(ctx context.Context, user, id string, e audit.Entry) error
	EndSessions(ctx context.Context, user, except string, e audit.Entry) error

	// Throttle reads the counters under the keys, lets fn decide, and stores what it returns (a
	// zero value deletes), in one transaction that no other on the same keys overlaps. fn may run
	// more than once.
	Throttle(ctx context.Context, keys []string, fn func(map[string]Attempts) map[string]Attempts, e ...audit.Entry) error

	Record(ctx context.Context, e audit.Entry) error
}

// Accounts is the service of accounts. Store must be set; the zero value of the rest is usable.
// Whoever acts is taken from the context.
type Accounts struct {
	Store  Store
	Clock  func() time.Time                  // nil is the clock of the machine
	Limits *Limits                           // nil is DefaultLimits
	Keyed  func(domain, value string) string // keyed hash for throttle keys (audit.Keyring.Keyed)
	Home   area.Code                         // regency in which every unit works; "" asks nothing
	Idle   time.Duration                     // how long a session lives without a request, as in web; 0 is an hour

	cheap          bool // hashes cost next to nothing; for this package's own tests
	gates          sync.Once
	running, queue chan struct{}
}

var (
	errSignIn = fault.New(fault.Forbidden, "sign_in_refused",
		"Nama pengguna atau kata sandi tidak cocok. Periksa huruf besar dan kecil, lalu coba lagi.")
	errDisabled = fault.New(fault.Forbidden, "account_disabled",
		"Akun ini dinonaktifkan. Hubungi administrator.")
)

// SignIn checks a password. Forbidden when it is wrong, with the same words and in the same time
// whether the account exists or not; Unavailable when one must wait. Success and failure go into
// the trail; a try during a wait does not, because the failures that led to it already did.
func (a *Accounts) SignIn(ctx context.Context, user, password, address string) (Actor, error) {
	user = strings.ToLower(strings.TrimSpace(user))
	keys := a.throttleKeys(user, address)
	err := a.reserve(ctx, keys)
	if err != nil {
		return Actor{}, err
	}
	acc, err := a.Store.Account(ctx, user)
	known := err == nil
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Actor{}, err
	}
	if len(password) > maxPassword {
		password = "" // too long for any account; an empty one fails in the same time
	}
	ok, outdated, err := a.verify(ctx, password, acc.PasswordHash)
	if err != nil {
		return Actor{}, err
	}
	switch {
	case !known:
		return Actor{}, a.refused(ctx, "", "unknown_user", errSignIn)
	case !ok:
		return Actor{}, a.refused(ctx, user, "wrong_password", errSignIn)
	case acc.Disabled:
		return Actor{}, a.refused(ctx, user, "disabled", errDisabled)
	}
	entry := audit.Entry{Actor: acc.User, Act: "session.start", Object: "staff", ObjectID: acc.User}
	err = a.Store.Throttle(ctx, keys.all(), a.settled(keys), entry)
	if err != nil {
		return Actor{}, err
	}
	if outdated {
		err = a.rehash(ctx, acc.Staff, password)
	}
	return acc.Actor(), err
}

// refused records a failed sign-in. A name that is no account's is not written down: people type
// passwords and NIKs into the wrong field.
func (a *Accounts) refused(ctx context.Context, user, why string, answer error) error {
	err := a.Store.Record(ctx, audit.Entry{
		Actor: "visitor", Act: "session.refuse", Object: "staff", ObjectID: user, Purpose: why,
	})
	if err != nil {
		return err
	}
	return answer
}

// rehash stores the same password at today's cost.
func (a *Accounts) rehash(ctx context.Context, s Staff, password string) error {
	hash, err := a.hash(ctx, password)
	if err != nil {
		return err
	}
	return a.Store.ChangeStaff(ctx, s.User, StaffChange{PasswordHash: &hash}, audit.Entry{
		Actor: "system", Act: "staff.rehash", Object: "staff", ObjectID: s.User,
	})
}

// Actor gives the account of a session as it is now, so that a changed role or area counts at the
// next request. NotFound when it is gone, Forbidden when it was disabled.
func (a *Accounts) Actor(ctx context.Context, user string) (Actor, error) {
	acc, err := a.Store.Account(ctx, user)
	if err != nil {
		return Actor{}, err
	}
	if acc.Disabled {
		return Actor{}, errDisabled
	}
	return acc.Actor(), nil
}

// SignedOut records the end of a session at the person's own wish.
func (a *Accounts) SignedOut(ctx context.Context) error {
	actor := From(ctx)
	if actor.User == "" {
		return nil
	}
	return a.Store.Record(ctx, audit.Entry{Actor: actor.Name, Act: "session.end", Object: "staff", ObjectID: actor.User})
}

// ChangePassword changes the caller's own password and ends the other sessions. Guessing the old
// one is slowed down like signing in.
func (a *Accounts) ChangePassword(ctx context.Context, old, fresh string) error {
	actor := From(ctx)
	err := actor.Require(AccountOwn)
	if err != nil {
		return err
	}
	keys := a.throttleKeys(actor.User, ClientFrom(ctx).Address)
	err = a.reserve(ctx, keys)
	if err != nil {
		return err
	}
	acc, err := a.Store.Account(ctx, actor.User)
	if err != nil {
		return err
	}
	ok, _, err := a.verify(ctx, old, acc.PasswordHash)
	if err != nil {
		return err
	}
	if !ok {
		return a.refused(ctx, actor.User, "wrong_old_password",
			fault.New(fault.Invalid, "password_wrong", "Kata sandi lama tidak cocok.").At("old", "Kata sandi lama tidak cocok."))
	}
	err = a.Store.Throttle(ctx, keys.all(), a.settled(keys))
	if err != nil {
		return err
	}
	if old == fresh {
		const same = "Kata sandi baru sama dengan yang lama. Pilih yang lain."
		return fault.New(fault.Invalid, "password_same", same).At("password", same)
	}
	err = CheckPassword(fresh, acc.User, acc.Name)
	if err != nil {
		return err
	}
	hash, err := a.hash(ctx, fresh)
	if err != nil {
		return err
	}
	off, now := false, a.now()
	return a.Store.ChangeStaff(ctx, acc.User,
		StaffChange{PasswordHash: &hash, PasswordAt: &now, MustChange: &off, EndSessions: true, KeepSession: ClientFrom(ctx).Session},
		audit.Entry{Actor: actor.Name, Act: "staff.password", Object: "staff", ObjectID: acc.User})
}

func (a *Accounts) now() time.Time {
	if a.Clock == nil {
		return time.Now()
	}
	return a.Clock()
}

func (a *Accounts) limits() Limits {
	if a.Limits == nil {
		return DefaultLimits()
	}
	return *a.Limits
}

func (a *Accounts) keyed(domain, value string) string {
	if a.Keyed == nil {
		return tokenHash(domain + "\x00" + value)
	}
	return a.Keyed(domain, value)
}
