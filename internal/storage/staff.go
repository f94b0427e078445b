package storage

import (
	"context"
	"database/sql"
	"time"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

var (
	_ auth.Store = (*DB)(nil)

	errNoStaff   = fault.New(fault.NotFound, "staff_not_found", "Akun dengan nama pengguna itu tidak ada.")
	errLastAdmin = fault.New(fault.Conflict, "last_administrator",
		"Ini administrator terakhir yang aktif. Angkat administrator lain dulu.")
	errSetupRefused = fault.New(fault.Forbidden, "setup_refused", "Tautan penyiapan ini tidak berlaku.")
)

const staffColumns = `user_name, name, role, unit, password_hash, must_change, disabled, created_at, password_at`

type staffRow struct {
	User         string         `db:"user_name"`
	Name         string         `db:"name"`
	Role         string         `db:"role"`
	Unit         sql.NullString `db:"unit"`
	PasswordHash string         `db:"password_hash"`
	MustChange   bool           `db:"must_change"`
	Disabled     bool           `db:"disabled"`
	CreatedAt    stamp          `db:"created_at"`
	PasswordAt   stamp          `db:"password_at"`
}

func (r staffRow) staff() auth.Staff {
	return auth.Staff{
		User: r.User, Name: r.Name, Role: auth.Role(r.Role), Unit: r.Unit.String, PasswordHash: r.PasswordHash,
		MustChange: r.MustChange, Disabled: r.Disabled, CreatedAt: r.CreatedAt.time(), PasswordAt: r.PasswordAt.time(),
	}
}

// AddStaff keeps auth.Store.
func (db *DB) AddStaff(ctx context.Context, s auth.Staff, e audit.Entry) error {
	err := db.write(ctx, func(t *tx) error {
		err := t.insertStaff(ctx, s)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
	return taken(err, "staff_exists", "user", "Nama pengguna itu sudah dipakai. Pilih nama lain.")
}

func (t *tx) insertStaff(ctx context.Context, s auth.Staff) error {
	_, err := t.exec(ctx, `INSERT INTO staff (regency_code, `+staffColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.db.regency, s.User, s.Name, string(s.Role), orNull(s.Unit), s.PasswordHash, s.MustChange, s.Disabled,
		at(s.CreatedAt), at(s.PasswordAt))
	return err
}

// ChangeStaff keeps auth.Store.
func (db *DB) ChangeStaff(ctx context.Context, user string, c auth.StaffChange, e audit.Entry) error {
	defer db.accounts.forget()
	return db.write(ctx, func(t *tx) error {
		err := t.changeStaff(ctx, user, c)
		if err != nil {
			return err
		}
		if c.EndSessions {
			err = t.endSessions(ctx, user, c.KeepSession)
			if err != nil {
				return err
			}
		}
		if c.RevokeTokens {
			_, err = t.exec(ctx, `UPDATE token SET revoked_at = ? WHERE regency_code = ? AND user_name = ? AND revoked_at IS NULL`,
				at(t.now), db.regency, user)
			if err != nil {
				return err
			}
		}
		return t.record(ctx, e)
	})
}

// changeStaff reads and writes the account under a lock. Administrators are locked together and
// first, so that two who disable each other at the same moment meet here.
func (t *tx) changeStaff(ctx context.Context, user string, c auth.StaffChange) error {
	_, err := t.exec(ctx, `UPDATE staff SET role = role WHERE regency_code = ? AND (role = ? OR user_name = ?)`,
		t.db.regency, string(auth.Administrator), user)
	if err != nil {
		return err
	}
	var r staffRow
	err = t.get(ctx, &r, `SELECT `+staffColumns+` FROM staff WHERE regency_code = ? AND user_name = ?`, t.db.regency, user)
	if err != nil {
		return missing(err, errNoStaff.Code, errNoStaff.Message)
	}
	was := r.staff()
	s := was
	set(&s.Role, c.Role)
	set(&s.Unit, c.Unit)
	set(&s.PasswordHash, c.PasswordHash)
	set(&s.PasswordAt, c.PasswordAt)
	set(&s.MustChange, c.MustChange)
	set(&s.Disabled, c.Disabled)
	if s.Unit != "" && s.Unit != was.Unit {
		var n int
		err = t.get(ctx, &n, `SELECT COUNT(*) FROM unit WHERE regency_code = ? AND code = ?`, t.db.regency, s.Unit)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Invalid, "staff_invalid", "Data akun belum benar.").At("unit", errNoUnit.Message)
		}
	}
	_, err = t.exec(ctx, `UPDATE staff SET role = ?, unit = ?, password_hash = ?, password_at = ?, must_change = ?, disabled = ?
		WHERE regency_code = ? AND user_name = ?`,
		string(s.Role), orNull(s.Unit), s.PasswordHash, at(s.PasswordAt), s.MustChange, s.Disabled, t.db.regency, user)
	if err != nil || !c.KeepAdministrator || !administers(was) || administers(s) {
		return err
	}
	var left int
	err = t.get(ctx, &left, `SELECT COUNT(*) FROM staff WHERE regency_code = ? AND role = ? AND NOT disabled`,
		t.db.regency, string(auth.Administrator))
	if err == nil && left == 0 {
		return errLastAdmin
	}
	return err
}

func administers(s auth.Staff) bool { return s.Role == auth.Administrator && !s.Disabled }

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// accountRow is an account with one area of its unit; a unit of several areas gives several rows.
type accountRow struct {
	staffRow
	officeRow
}

// officeRow is a unit that may be absent, with one of its areas.
type officeRow struct {
	UnitName sql.NullString `db:"unit_name"`
	UnitKind sql.NullString `db:"unit_kind"`
	Area     sql.NullString `db:"area"`
}

func (r officeRow) unit(code string) *auth.Unit {
	if !r.UnitName.Valid {
		return nil
	}
	return &auth.Unit{Code: code, Name: r.UnitName.String, Kind: auth.UnitKind(r.UnitKind.String)}
}

// Account keeps auth.Store, in one query because every request of a signed-in person asks.
func (db *DB) Account(ctx context.Context, user string) (auth.Account, error) {
	var rows []accountRow
	err := db.reads().list(ctx, &rows, `SELECT s.user_name, s.name, s.role, s.unit, s.password_hash, s.must_change,
		s.disabled, s.created_at, s.password_at, u.name AS unit_name, u.kind AS unit_kind, a.area
		FROM staff s
		LEFT JOIN unit u ON u.regency_code = s.regency_code AND u.code = s.unit
		LEFT JOIN unit_area a ON a.regency_code = u.regency_code AND a.unit = u.code
		WHERE s.regency_code = ? AND s.user_name = ? ORDER BY a.area`, db.regency, user)
	if err != nil {
		return auth.Account{}, err
	}
	if len(rows) == 0 {
		return auth.Account{}, errNoStaff
	}
	return accountOf(rows), nil
}

// accountOf joins the rows of one account.
func accountOf(rows []accountRow) auth.Account {
	acc := auth.Account{Staff: rows[0].staff(), Office: rows[0].unit(rows[0].Unit.String)}
	for _, r := range rows {
		if r.Area.Valid {
			acc.Office.Areas = append(acc.Office.Areas, area.Code(r.Area.String))
		}
	}
	return acc
}

// Staff keeps auth.Store.
func (db *DB) Staff(ctx context.Context) ([]auth.Staff, error) {
	var rows []staffRow
	err := db.reads().list(ctx, &rows, `SELECT `+staffColumns+` FROM staff WHERE regency_code = ? ORDER BY user_name`, db.regency)
	out := make([]auth.Staff, len(rows))
	for i, r := range rows {
		out[i] = r.staff()
	}
	return out, err
}

// AnyStaff keeps auth.Store.
func (db *DB) AnyStaff(ctx context.Context) (bool, error) {
	var n int
	err := db.reads().get(ctx, &n, `SELECT COUNT(*) FROM (SELECT user_name FROM staff WHERE regency_code = ? LIMIT 1) AS one`, db.regency)
	return n > 0, err
}

// SaveSetup keeps auth.Store.
func (db *DB) SaveSetup(ctx context.Context, hash string, expires time.Time, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO setup_token (regency_code, hash, expires_at) VALUES (?, ?, ?)
			ON CONFLICT (regency_code) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at`,
			db.regency, hash, at(expires))
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

// FirstStaff keeps auth.Store. Deleting the token is the lock: of two who use it only one finds it.
func (db *DB) FirstStaff(ctx context.Context, hash string, s auth.Staff, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM setup_token WHERE regency_code = ? AND hash = ? AND expires_at > ?`,
			db.regency, hash, at(t.now))
		if err != nil {
			return err
		}
		var accounts int
		err = t.get(ctx, &accounts, `SELECT COUNT(*) FROM staff WHERE regency_code = ?`, db.regency)
		if err != nil {
			return err
		}
		if n == 0 || accounts > 0 {
			return errSetupRefused
		}
		err = t.insertStaff(ctx, s)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

func orNull(s string) sql.NullString { return sql.NullString{String: s, Valid: s != ""} }
