package storage

import (
	"context"
	"errors"
	"time"

	"database/sql"

	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Sessions of signed-in browsers. Web keeps what a session holds in one value that nobody here
// looks into; beside it stand the columns by which its owner recognises it. The cookie's value is
// nowhere stored, only its SHA-256, so a stolen copy of the database opens no session.

var errNoSession = fault.New(fault.NotFound, "session_not_found", "Sesi itu sudah berakhir.")

// SessionStore is the store behind the session manager of package web (scs.CtxStore).
type SessionStore struct{ db *DB }

// SessionStore gives the store.
func (db *DB) SessionStore() SessionStore { return SessionStore{db} }

// FindCtx gives what the session holds, unless it has expired.
func (s SessionStore) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := s.db.reads().get(ctx, &data, `SELECT data FROM session WHERE regency_code = ? AND id = ? AND expires_at > ?`,
		s.db.regency, auth.SessionID(token), at(s.db.now()))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, err
}

// CommitCtx stores what the session holds. Who it belongs to and where it comes from are taken
// from the actor and the client in ctx. The session that the request came with is only changed,
// never made anew: it may have been ended while the request was on its way.
func (s SessionStore) CommitCtx(ctx context.Context, token string, data []byte, expires time.Time) error {
	actor, client := auth.From(ctx), auth.ClientFrom(ctx)
	place := ""
	if client.Address != "" {
		place = s.db.keys.Keyed("session address", client.Address)
	}
	id := auth.SessionID(token)
	return s.db.write(ctx, func(t *tx) error {
		if client.Session == id {
			_, err := t.exec(ctx, `UPDATE session SET user_name = ?, unit = ?, data = ?, last_seen = ?, expires_at = ?
				WHERE regency_code = ? AND id = ?`, actor.User, actor.Unit, data, at(t.now), at(expires), s.db.regency, id)
			return err
		}
		_, err := t.exec(ctx, `INSERT INTO session
			(regency_code, id, user_name, unit, data, created_at, last_seen, expires_at, address_hash, agent)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (regency_code, id) DO UPDATE SET user_name = excluded.user_name, unit = excluded.unit,
			data = excluded.data, last_seen = excluded.last_seen, expires_at = excluded.expires_at`,
			s.db.regency, id, actor.User, actor.Unit, data, at(t.now), at(t.now), at(expires),
			place, auth.ShortAgent(client.Agent))
		return err
	})
}

// DeleteCtx ends the session; one that is gone already is no error.
func (s SessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM session WHERE regency_code = ? AND id = ?`, s.db.regency, auth.SessionID(token))
		return err
	})
}

// Find is FindCtx without a context.
func (s SessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx without a context; the session then belongs to nobody.
func (s SessionStore) Commit(token string, data []byte, expires time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expires)
}

// Delete is DeleteCtx without a context.
func (s SessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }

type sessionRow struct {
	ID        string `db:"id"`
	User      string `db:"user_name"`
	Unit      string `db:"unit"`
	CreatedAt stamp  `db:"created_at"`
	LastSeen  stamp  `db:"last_seen"`
	ExpiresAt stamp  `db:"expires_at"`
	Address   string `db:"address_hash"`
	Agent     string `db:"agent"`
}

// Sessions keeps auth.Store.
func (db *DB) Sessions(ctx context.Context, user string) ([]auth.Session, error) {
	var rows []sessionRow
	err := db.reads().list(ctx, &rows, `SELECT id, user_name, unit, created_at, last_seen, expires_at, address_hash, agent
		FROM session WHERE regency_code = ? AND user_name = ? AND expires_at > ? ORDER BY last_seen DESC, id`,
		db.regency, user, at(db.now()))
	out := make([]auth.Session, len(rows))
	for i, r := range rows {
		out[i] = auth.Session{
			ID: r.ID, User: r.User, Unit: r.Unit, CreatedAt: r.CreatedAt.time(), LastSeen: r.LastSeen.time(),
			ExpiresAt: r.ExpiresAt.time(), Address: r.Address, Agent: r.Agent,
		}
	}
	return out, err
}

// EndSession keeps auth.Store.
func (db *DB) EndSession(ctx context.Context, user, id string, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM session WHERE regency_code = ? AND user_name = ? AND id = ?`, db.regency, user, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return errNoSession
		}
		return t.record(ctx, e)
	})
}

// EndSessions keeps auth.Store.
func (db *DB) EndSessions(ctx context.Context, user, except string, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		err := t.endSessions(ctx, user, except)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}

func (t *tx) endSessions(ctx context.Context, user, except string) error {
	_, err := t.exec(ctx, `DELETE FROM session WHERE regency_code = ? AND user_name = ? AND id <> ?`, t.db.regency, user, except)
	return err
}
