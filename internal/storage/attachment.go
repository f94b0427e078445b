package storage

import (
	"context"
	"slices"

	"layak/complaints"
)

const attachmentColumns = `f.id, f.name, f.kind, f.size, f.sha256, f.width, f.height, f.added_at, f.added_by`

type attachmentRow struct {
	ID      string `db:"id"`
	Name    string `db:"name"`
	Kind    string `db:"kind"`
	Size    int    `db:"size"`
	SHA256  string `db:"sha256"`
	Width   int    `db:"width"`
	Height  int    `db:"height"`
	AddedAt stamp  `db:"added_at"`
	AddedBy string `db:"added_by"`
}

func (r attachmentRow) attachment(t complaints.Ticket) complaints.Attachment {
	return complaints.Attachment{
		ID: r.ID, Ticket: t, Name: r.Name, Kind: r.Kind, Size: r.Size, SHA256: r.SHA256,
		Width: r.Width, Height: r.Height, AddedAt: r.AddedAt.time(), AddedBy: r.AddedBy,
	}
}

func (t *tx) readAttachments(ctx context.Context, c *complaints.Complaint) error {
	var rows []attachmentRow
	err := t.list(ctx, &rows, `SELECT `+attachmentColumns+` FROM attachment f
		WHERE f.regency_code = ? AND f.complaint_id = ? ORDER BY f.id`, t.db.regency, c.ID)
	if err != nil {
		return err
	}
	c.Attachments = make([]complaints.Attachment, len(rows))
	for i, r := range rows {
		c.Attachments[i] = r.attachment(c.Ticket)
	}
	return nil
}

// AddAttachment stores the content in parts with its event. It locks the case, but does not touch
// its version, so that a form that is open elsewhere stays good.
func (db *DB) AddAttachment(ctx context.Context, change complaints.Change, a complaints.Attachment, content []byte) error {
	c := change.Complaint
	return db.write(ctx, func(tx *tx) error {
		err := stale(tx.exec(ctx, `UPDATE complaint SET last_seq = last_seq + 1, updated_at = ?, acted_at = ?
			WHERE regency_code = ? AND id = ? AND state = ?`, at(c.UpdatedAt), at(c.UpdatedAt), db.regency, c.ID, c.State))
		if err != nil {
			return err
		}
		seq, err := tx.lastSeq(ctx, c.ID)
		if err != nil {
			return err
		}
		_, err = tx.exec(ctx, `INSERT INTO attachment (regency_code, id, complaint_id, name, kind, size, sha256, width, height,
				added_at, added_by)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			db.regency, a.ID, c.ID, a.Name, a.Kind, a.Size, a.SHA256, a.Width, a.Height, at(a.AddedAt), a.AddedBy)
		if err != nil {
			return err
		}
		no := 0
		for part := range slices.Chunk(content, complaints.AttachmentChunk) {
			err = attachmentChunks.add(ctx, tx, a.ID, no, part)
			if err != nil {
				return err
			}
			no++
		}
		return tx.insertEvent(ctx, change, seq)
	})
}

// Attachment finds one of a case in the scope.
func (db *DB) Attachment(ctx context.Context, id string, s complaints.Scope) (complaints.Attachment, error) {
	var a complaints.Attachment
	err := db.read(ctx, func(tx *tx) error {
		where, args := caseClause(s)
		var row struct {
			attachmentRow
			Ticket    complaints.Ticket `db:"ticket"`
			Complaint string            `db:"complaint_id"`
		}
		err := tx.get(ctx, &row, `SELECT `+attachmentColumns+`, f.complaint_id, c.ticket
			FROM attachment f JOIN complaint c ON c.regency_code = f.regency_code AND c.id = f.complaint_id
			WHERE f.regency_code = ? AND f.id = ?`+where, append([]any{db.regency, id}, args...)...)
		if err != nil {
			return missing(err, "attachment_unknown", "Berkas tidak ditemukan, atau aduannya milik unit lain.")
		}
		a = row.attachment(row.Ticket)
		of := complaints.Complaint{ID: row.Complaint}
		err = tx.readPatients(ctx, &of)
		if err != nil {
			return err
		}
		for _, p := range of.Patients {
			if nik := p.Person(); nik != "" {
				a.Persons = append(a.Persons, nik)
			}
		}
		return nil
	})
	return a, err
}

// AttachmentChunk reads one part; nil behind the last one. Whoever calls it has found the
// attachment in his scope before.
func (db *DB) AttachmentChunk(ctx context.Context, id string, no int) ([]byte, error) {
	return attachmentChunks.part(ctx, db, id, no)
}
