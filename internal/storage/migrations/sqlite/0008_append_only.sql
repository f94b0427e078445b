-- +goose Up
-- What was decided is never changed and, until retention has a rule for it, never removed. And
-- because REPLACE deletes without asking the triggers of DELETE, a row that would take the place of
-- another one is refused before it is written.
-- +goose StatementBegin
CREATE TRIGGER determination_no_update BEFORE UPDATE ON determination
BEGIN
	SELECT RAISE(ABORT, 'determination is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER determination_no_delete BEFORE DELETE ON determination
BEGIN
	SELECT RAISE(ABORT, 'determination is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER determination_no_replace BEFORE INSERT ON determination
WHEN EXISTS (SELECT 1 FROM determination WHERE rowid = NEW.rowid)
	OR EXISTS (SELECT 1 FROM determination WHERE regency_code = NEW.regency_code AND id = NEW.id)
BEGIN
	SELECT RAISE(ABORT, 'determination is append-only: the key exists');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry WHERE rowid = NEW.rowid)
	OR EXISTS (SELECT 1 FROM audit_entry WHERE regency_code = NEW.regency_code AND id = NEW.id)
BEGIN
	SELECT RAISE(ABORT, 'audit_entry is append-only: the key exists');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER trail_block_no_replace BEFORE INSERT ON trail_block
WHEN EXISTS (SELECT 1 FROM trail_block WHERE rowid = NEW.rowid)
	OR EXISTS (SELECT 1 FROM trail_block WHERE regency_code = NEW.regency_code AND seq = NEW.seq)
BEGIN
	SELECT RAISE(ABORT, 'trail_block is append-only: the key exists');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER complaint_event_no_replace BEFORE INSERT ON complaint_event
WHEN EXISTS (SELECT 1 FROM complaint_event WHERE rowid = NEW.rowid)
	OR EXISTS (SELECT 1 FROM complaint_event WHERE regency_code = NEW.regency_code AND id = NEW.id)
	OR EXISTS (SELECT 1 FROM complaint_event WHERE regency_code = NEW.regency_code AND complaint_id = NEW.complaint_id AND seq = NEW.seq)
BEGIN
	SELECT RAISE(ABORT, 'complaint_event is append-only: the key exists');
END;
-- +goose StatementEnd
