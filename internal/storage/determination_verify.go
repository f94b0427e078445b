package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"layak/internal/audit"
)

// sealedDetermination is a stored determination as its columns hold it, beside what the trail says
// of it. The JSON stays text: every byte of it went into the hash, and a later program may know
// more fields than the one that wrote it.
type sealedDetermination struct {
	Entry       string   `db:"entry"`
	Block       int64    `db:"block"`
	PayloadHash string   `db:"payload_hash"`
	ID          string   `db:"id"`
	NIK         string   `db:"nik"`
	Outcome     string   `db:"outcome"`
	Advice      string   `db:"service_advice"`
	Revision    string   `db:"revision"`
	Engine      string   `db:"engine"`
	DecidedAt   anyStamp `db:"decided_at"`
	DecidedBy   string   `db:"decided_by"`
	Purpose     string   `db:"purpose"`
	Subject     string   `db:"subject"`
	Decision    string   `db:"decision"`
	Facts       string   `db:"facts"`
	Registry    string   `db:"registry"`
	Warnings    string   `db:"warnings"`
}

// verifyDeterminations names every stored determination that is not what its entry recorded. One
// that is no longer there is no problem here: retention may destroy what the trail remembers.
func (t *tx) verifyDeterminations(ctx context.Context, report *audit.Report) error {
	err := t.each(ctx, func(rows *sqlx.Rows) error {
		var d sealedDetermination
		err := rows.StructScan(&d)
		if err != nil {
			return err
		}
		if !d.intact() {
			report.Add(audit.Problem{Kind: audit.PayloadChanged, Block: d.Block, Entry: d.Entry, ObjectID: d.ID})
		}
		return nil
	}, `SELECT e.id AS entry, COALESCE(e.block, 0) AS block, e.payload_hash, d.id, d.nik, d.outcome, d.service_advice,
			d.revision, d.engine, d.decided_at, d.decided_by, d.purpose, d.subject, d.decision, d.facts, d.registry, d.warnings
		FROM audit_entry e JOIN determination d ON d.regency_code = e.regency_code AND d.id = e.object_id
		WHERE e.regency_code = ? AND e.act = 'determination.create' AND e.payload_hash <> ''
		ORDER BY e.id`, t.db.regency)
	if err != nil {
		return fmt.Errorf("verify determinations: %w", err)
	}
	return nil
}

// intact tells whether the columns still make the payload that was hashed, and whether the two that
// lists are made from agree with the decision.
func (d *sealedDetermination) intact() bool {
	payload, err := d.payload()
	if err != nil {
		return false
	}
	sum := sha256.Sum256(payload)
	if hex.EncodeToString(sum[:]) != d.PayloadHash {
		return false
	}
	var decision struct {
		Outcome string `json:"outcome"`
		Advice  string `json:"service_advice"`
	}
	err = json.Unmarshal([]byte(d.Decision), &decision)
	return err == nil && decision.Outcome == d.Outcome && decision.Advice == d.Advice
}

// payload is the JSON of eligibility.Determination, put together from its stored parts.
func (d *sealedDetermination) payload() ([]byte, error) {
	// The column keeps the moment; the clock it was read from is that of the facts.
	var facts struct {
		At time.Time `json:"at"`
	}
	err := json.Unmarshal([]byte(d.Facts), &facts)
	if err != nil {
		return nil, err
	}
	head, err := json.Marshal(struct {
		ID      string          `json:"id"`
		NIK     string          `json:"nik,omitempty"`
		Subject json.RawMessage `json:"subject"`
	}{d.ID, d.NIK, json.RawMessage(d.Subject)})
	if err != nil {
		return nil, err
	}
	rest := struct {
		Facts     json.RawMessage `json:"facts"`
		Revision  string          `json:"revision"`
		Engine    string          `json:"engine"`
		Registry  json.RawMessage `json:"registry"`
		DecidedAt time.Time       `json:"decided_at"`
		DecidedBy string          `json:"decided_by"`
		Purpose   string          `json:"purpose,omitempty"`
		Warnings  json.RawMessage `json:"warnings,omitempty"`
	}{json.RawMessage(d.Facts), d.Revision, d.Engine, json.RawMessage(d.Registry),
		d.DecidedAt.time().In(facts.At.Location()), d.DecidedBy, d.Purpose, nil}
	if d.Warnings != "null" && d.Warnings != "[]" {
		rest.Warnings = json.RawMessage(d.Warnings)
	}
	tail, err := json.Marshal(rest)
	if err != nil {
		return nil, err
	}
	if len(d.Decision) < 2 || !json.Valid([]byte(d.Decision)) {
		return nil, fmt.Errorf("decision of %s is no JSON object", d.ID)
	}
	inside := []byte(d.Decision[1 : len(d.Decision)-1])
	return bytes.Join([][]byte{head[:len(head)-1], inside, tail[1:]}, []byte(",")), nil
}
