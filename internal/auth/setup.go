package auth

import (
	"context"
	"time"

	"layak/internal/audit"
	"layak/internal/fault"
)

// setupLasts is how long a set-up link is good for; another start of the program prints a new one.
const setupLasts = 24 * time.Hour

// NeedsSetup tells whether no account exists yet.
func (a *Accounts) NeedsSetup(ctx context.Context) (bool, error) {
	any, err := a.Store.AnyStaff(ctx)
	return !any && err == nil, err
}

// NewSetup makes the one-time token with which the first administrator signs up, and makes any
// earlier one worthless. Only the system or the command line may, and only while no account exists.
func (a *Accounts) NewSetup(ctx context.Context) (token string, err error) {
	actor := From(ctx)
	err = actor.Require(StaffManage)
	if err != nil {
		return "", err
	}
	needed, err := a.NeedsSetup(ctx)
	if err != nil {
		return "", err
	}
	if !needed || actor.Role != Operator {
		return "", errSetup
	}
	token = randomToken("")
	err = a.Store.SaveSetup(ctx, tokenHash(token), a.now().Add(setupLasts), audit.Entry{
		Actor: actor.Name, Act: "setup.offer", Object: "staff",
	})
	return token, err
}

// SetUp makes the first administrator with the one-time token.
func (a *Accounts) SetUp(ctx context.Context, token, user, name, password string) (Actor, error) {
	needed, err := a.NeedsSetup(ctx)
	if err != nil {
		return Actor{}, err
	}
	if !needed || len(token) > 100 {
		return Actor{}, errSetup
	}
	s := Staff{User: user, Name: name, Role: Administrator}
	err = a.prepare(ctx, &s, password)
	if err != nil {
		return Actor{}, err
	}
	err = a.Store.FirstStaff(ctx, tokenHash(token), s, audit.Entry{
		Actor: s.User, Act: "staff.create", Object: "staff", ObjectID: s.User, Purpose: "setup", Payload: payload(s),
	})
	if fault.Is(err, fault.Forbidden) {
		return Actor{}, errSetup
	}
	if err != nil {
		return Actor{}, err
	}
	return Account{Staff: s}.Actor(), nil
}

var errSetup = fault.New(fault.Forbidden, "setup_refused",
	"Tautan penyiapan ini sudah dipakai atau kedaluwarsa. Jalankan ulang program untuk mendapat tautan baru, atau masuk dengan akun yang sudah ada.")
