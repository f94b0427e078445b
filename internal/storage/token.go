package storage

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

var errNoToken = fault.New(fault.NotFound, "token_not_found", "Token itu tidak ada.")

const tokenColumns = `id, user_name, label, hash, limited, permissions, unit, created_at, created_by, expires_at, revoked_at`

type tokenRow struct {
	ID          string         `db:"id"`
	User        string         `db:"user_name"`
	Label       string         `db:"label"`
	Hash        string         `db:"hash"`
	Limited     bool           `db:"limited"`
	Permissions string         `db:"permissions"`
	Unit        sql.NullString `db:"unit"`
	CreatedAt   stamp          `db:"created_at"`
	CreatedBy   string         `db:"created_by"`
	ExpiresAt   stamp          `db:"expires_at"`
	RevokedAt   *stamp         `db:"revoked_at"`
}

func (r tokenRow) token() auth.Token {
	t := auth.Token{
		ID: r.ID, User: r.User, Label: r.Label, Hash: r.Hash, Limited: r.Limited, Unit: r.Unit.String,
		CreatedAt: r.CreatedAt.time(), CreatedBy: r.CreatedBy, ExpiresAt: r.ExpiresAt.time(), RevokedAt: r.RevokedAt.timeOrNil(),
	}
	for _, p := range strings.Fields(r.Permissions) {
		t.Only = append(t.Only, auth.Permission(p))
	}
	return t
}

// AddToken keeps auth.Store.
func (db *DB) AddToken(ctx context.Context, tok auth.Token, e audit.Entry) error {
	only := make([]string, len(tok.Only))
	for i, p := range tok.Only {
		only[i] = string(p)
	}
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO token (regency_code, `+tokenColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			db.regency, tok.ID, tok.User, tok.Label, tok.Hash, tok.Limited, strings.Join(only, " "), orNull(tok.Unit),
			at(tok.CreatedAt), tok.CreatedBy, at(tok.ExpiresAt), atOrNull(tok.RevokedAt))
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

// tokenAccountRow is a token with its account and one area of the account's unit.
type tokenAccountRow struct {
	Token   tokenRow   `db:"t"`
	Account accountRow `db:"s"`
}

var tokenAccountSQL = `SELECT ` + under("t", tokenColumns) + `, ` + under("s", staffColumns) + `,
	u.name AS "s.unit_name", u.kind AS "s.unit_kind", a.area AS "s.area"
	FROM token t
	JOIN staff s ON s.regency_code = t.regency_code AND s.user_name = t.user_name
	LEFT JOIN unit u ON u.regency_code = s.regency_code AND u.code = s.unit
	LEFT JOIN unit_area a ON a.regency_code = u.regency_code AND a.unit = u.code
	WHERE t.regency_code = ? AND t.hash = ? ORDER BY a.area`

// under names columns the way sqlx fills a struct inside a struct: t.id AS "t.id".
func under(alias, columns string) string {
	list := strings.Split(columns, ", ")
	for i, c := range list {
		list[i] = alias + `.` + c + ` AS "` + alias + `.` + c + `"`
	}
	return strings.Join(list, ", ")
}

// TokenAccount keeps auth.Store, in one query because every call of a program asks, and at most once
// a second for one token (accountLife).
func (db *DB) TokenAccount(ctx context.Context, hash string) (auth.TokenAccount, error) {
	kept, ok, round := db.accounts.find(hash)
	if ok {
		return kept, nil
	}
	began := time.Now()
	account, err := db.tokenAccount(ctx, hash)
	if err == nil {
		db.accounts.put(hash, account, round, began)
	}
	return account, err
}

func (db *DB) tokenAccount(ctx context.Context, hash string) (auth.TokenAccount, error) {
	var rows []tokenAccountRow
	err := db.reads().list(ctx, &rows, tokenAccountSQL, db.regency, hash)
	if err != nil {
		return auth.TokenAccount{}, err
	}
	if len(rows) == 0 {
		return auth.TokenAccount{}, errNoToken
	}
	accounts := make([]accountRow, len(rows))
	for i, r := range rows {
		accounts[i] = r.Account
	}
	out := auth.TokenAccount{Token: rows[0].Token.token(), Account: accountOf(accounts)}
	if out.Token.Unit == "" {
		return out, nil
	}
	if out.Account.Office != nil && out.Account.Office.Code == out.Token.Unit {
		out.Office = out.Account.Office
		return out, nil
	}
	u, err := db.Unit(ctx, out.Token.Unit)
	if fault.Is(err, fault.NotFound) {
		return out, nil
	}
	out.Office = &u
	return out, err
}

// Tokens keeps auth.Store.
func (db *DB) Tokens(ctx context.Context, user string) ([]auth.Token, error) {
	var rows []tokenRow
	err := db.reads().list(ctx, &rows, `SELECT `+tokenColumns+` FROM token
		WHERE regency_code = ? AND user_name = ? ORDER BY created_at DESC, id DESC`, db.regency, user)
	out := make([]auth.Token, len(rows))
	for i, r := range rows {
		out[i] = r.token()
	}
	return out, err
}

// RevokeToken keeps auth.Store.
func (db *DB) RevokeToken(ctx context.Context, user, id string, e audit.Entry) error {
	defer db.accounts.forget()
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `UPDATE token SET revoked_at = COALESCE(revoked_at, ?) WHERE regency_code = ? AND user_name = ? AND id = ?`,
			at(t.now), db.regency, user, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return errNoToken
		}
		return t.record(ctx, e)
	})
}
