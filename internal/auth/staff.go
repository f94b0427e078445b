package auth

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"

	"layak/internal/audit"
	"layak/internal/fault"
)

// Staff is one account.
type Staff struct {
	User         string    `json:"user"` // lower case, in the trail: never a NIK or NIP
	Name         string    `json:"name"` // as screens show it
	Role         Role      `json:"role"`
	Unit         string    `json:"unit,omitempty"` // code; desk roles must have one
	PasswordHash string    `json:"-"`              // argon2id with its parameters
	MustChange   bool      `json:"must_change"`    // the password was handed out by somebody else
	Disabled     bool      `json:"disabled"`
	CreatedAt    time.Time `json:"created_at"`
	PasswordAt   time.Time `json:"password_at"` // when the password was set last
}

// Account is a person's account together with the unit as it is now.
type Account struct {
	Staff
	Office *Unit // nil for an account without a unit
}

// Actor is who the account acts as. Desks see the areas of their unit, a supervisor those of the
// unit or, without one, everything; the other roles work for the whole regency.
func (a Account) Actor() Actor {
	actor := Actor{
		Name: a.User, User: a.User, Title: a.Name, Role: a.Role, Unit: a.Unit, MustChange: a.MustChange,
		All: !a.Role.Desk() && (a.Role != Supervisor || a.Office == nil),
	}
	if a.Office != nil {
		actor.Areas, actor.Place = a.Office.Areas, a.Office.Name
	}
	return actor
}

// Desk tells whether the role works in a unit on that unit's cases.
func (r Role) Desk() bool { return r == Puskesmas || r == Kelurahan }

var userName = regexp.MustCompile(`^[a-z][a-z0-9._-]{1,31}$`)

// Validate tidies the account and says everything that is wrong with it, field by field.
func (s *Staff) Validate() error {
	s.User, s.Name = strings.ToLower(strings.TrimSpace(s.User)), tidy(s.Name)
	s.Unit = strings.TrimSpace(s.Unit)
	bad := fault.New(fault.Invalid, "staff_invalid", "Data akun belum lengkap atau belum benar.")
	if !userName.MatchString(s.User) {
		bad = bad.At("user", "Nama pengguna 2–32 huruf kecil, angka, titik, atau tanda hubung, dimulai dengan huruf. Jangan memakai NIK atau NIP.")
	}
	if s.Name == "" || len(s.Name) > 200 {
		bad = bad.At("name", "Isi nama lengkap, paling panjang 200 huruf.")
	}
	if !slices.Contains(Roles, s.Role) {
		bad = bad.At("role", "Pilih peran: "+roleList()+".")
	}
	if s.Role.Desk() && s.Unit == "" {
		bad = bad.At("unit", "Petugas loket harus terikat pada satu unit kerja. Isi kode unitnya.")
	}
	return orNil(bad)
}

func roleList() string {
	var names []string
	for _, r := range Roles {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// NewStaff is what is needed for a new account.
type NewStaff struct {
	User, Name string
	Role       Role
	Unit       string
	Password   string
}

// AddStaff makes an account. A password typed by an administrator must be changed at the first
// sign-in; one that comes from the command line need not be, since there the person may type it
// alone or a script may have made it.
func (a *Accounts) AddStaff(ctx context.Context, n NewStaff) (Staff, error) {
	actor := From(ctx)
	err := actor.Require(StaffManage)
	if err != nil {
		return Staff{}, err
	}
	s := Staff{User: n.User, Name: n.Name, Role: n.Role, Unit: n.Unit, MustChange: actor.Role != Operator}
	err = a.prepare(ctx, &s, n.Password)
	if err != nil {
		return Staff{}, err
	}
	err = a.Store.AddStaff(ctx, s, audit.Entry{
		Actor: actor.Name, Act: "staff.create", Object: "staff", ObjectID: s.User, Payload: payload(s),
	})
	s.PasswordHash = ""
	return s, err
}

// prepare validates a new account and its password and hashes the password.
func (a *Accounts) prepare(ctx context.Context, s *Staff, password string) error {
	bad := fault.As(s.Validate())
	if err := CheckPassword(password, s.User, s.Name); err != nil {
		if bad == nil {
			bad = fault.As(err)
		} else {
			bad = bad.At("password", fault.As(err).Message)
		}
	}
	if bad != nil {
		return bad
	}
	if s.Unit != "" {
		_, err := a.Store.Unit(ctx, s.Unit)
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.Invalid, "staff_invalid", "Data akun belum benar.").
				At("unit", "Unit kerja dengan kode itu belum ada. Tambahkan unitnya dulu.")
		}
		if err != nil {
			return err
		}
	}
	hash, err := a.hash(ctx, password)
	if err != nil {
		return err
	}
	s.PasswordHash, s.CreatedAt = hash, a.now()
	s.PasswordAt = s.CreatedAt
	return nil
}

// Staff lists the accounts by user name, without their password hashes.
func (a *Accounts) Staff(ctx context.Context) ([]Staff, error) {
	err := From(ctx).Require(UnitRead)
	if err != nil {
		return nil, err
	}
	list, err := a.Store.Staff(ctx)
	for i := range list {
		list[i].PasswordHash = ""
	}
	return list, err
}

// Disable shuts an account at once: its sessions end and its tokens are revoked. The last
// administrator can only be disabled from the command line.
func (a *Accounts) Disable(ctx context.Context, user string) error {
	on := true
	return a.change(ctx, user, "staff.disable", StaffChange{Disabled: &on, EndSessions: true, RevokeTokens: true})
}

// Enable opens a disabled account again, with its old password.
func (a *Accounts) Enable(ctx context.Context, user string) error {
	off := false
	return a.change(ctx, user, "staff.enable", StaffChange{Disabled: &off})
}

// ChangeRole gives the account another role and unit; its sessions and tokens end, since both
// were made under the old one.
func (a *Accounts) ChangeRole(ctx context.Context, user string, role Role, unit string) error {
	acc, err := a.Store.Account(ctx, user)
	if err != nil {
		return err
	}
	s := acc.Staff
	s.Role, s.Unit = role, unit
	err = s.Validate()
	if err != nil {
		return err
	}
	return a.change(ctx, user, "staff.role", StaffChange{Role: &s.Role, Unit: &s.Unit, EndSessions: true, RevokeTokens: true})
}

// SetPassword gives somebody a new password, for one who forgot it or whose password is known to
// others: sessions and tokens end. Set by an administrator it must be changed at the next sign-in.
func (a *Accounts) SetPassword(ctx context.Context, user, password string) error {
	actor := From(ctx)
	err := actor.Require(StaffManage)
	if err != nil {
		return err
	}
	acc, err := a.Store.Account(ctx, user)
	if err != nil {
		return err
	}
	err = CheckPassword(password, acc.User, acc.Name)
	if err != nil {
		return err
	}
	hash, err := a.hash(ctx, password)
	if err != nil {
		return err
	}
	now := a.now()
	must := actor.Role != Operator && actor.User != acc.User
	return a.change(ctx, user, "staff.password", StaffChange{PasswordHash: &hash, PasswordAt: &now, MustChange: &must,
		EndSessions: true, RevokeTokens: true})
}

// change writes a change of somebody's account with its entry.
func (a *Accounts) change(ctx context.Context, user, act string, c StaffChange) error {
	actor := From(ctx)
	err := actor.Require(StaffManage)
	if err != nil {
		return err
	}
	user = strings.ToLower(strings.TrimSpace(user))
	c.KeepAdministrator = actor.Role != Operator
	return a.Store.ChangeStaff(ctx, user, c, audit.Entry{
		Actor: actor.Name, Act: act, Object: "staff", ObjectID: user, Payload: payload(c),
	})
}

// StaffChange is a change of an account; nil leaves a field as it is.
type StaffChange struct {
	Role         *Role      `json:"role,omitempty"`
	Unit         *string    `json:"unit,omitempty"`
	PasswordHash *string    `json:"-"`
	PasswordAt   *time.Time `json:"password_at,omitempty"`
	MustChange   *bool      `json:"must_change,omitempty"`
	Disabled     *bool      `json:"disabled,omitempty"`

	EndSessions  bool   `json:"end_sessions,omitempty"`
	KeepSession  string `json:"-"` // id of the one session that goes on
	RevokeTokens bool   `json:"revoke_tokens,omitempty"`

	// KeepAdministrator refuses, with Conflict, what would leave no enabled administrator.
	KeepAdministrator bool `json:"-"`
}

// payload is what of a value enters the trail as a hash.
func payload(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		// Only plain structs of this package come here; they always marshal.
		panic(err)
	}
	return b
}
