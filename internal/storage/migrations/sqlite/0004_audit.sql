-- +goose Up
-- The trail: append-only. Only the two sealing columns are ever set, once.
CREATE TABLE audit_entry (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	at TEXT NOT NULL,
	actor TEXT NOT NULL,
	act TEXT NOT NULL,
	object TEXT NOT NULL,
	object_id TEXT NOT NULL,
	person_hash TEXT NOT NULL,
	purpose TEXT NOT NULL,
	payload_hash TEXT NOT NULL,
	block_id INTEGER,
	block_position INTEGER,
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX audit_entry_unsealed ON audit_entry (regency_code, id) WHERE block_id IS NULL;

-- +goose StatementBegin
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
WHEN OLD.block_id IS NOT NULL OR NEW.block_id IS NULL
	OR OLD.regency_code IS NOT NEW.regency_code
	OR OLD.id IS NOT NEW.id
	OR OLD.at IS NOT NEW.at
	OR OLD.actor IS NOT NEW.actor
	OR OLD.act IS NOT NEW.act
	OR OLD.object IS NOT NEW.object
	OR OLD.object_id IS NOT NEW.object_id
	OR OLD.person_hash IS NOT NEW.person_hash
	OR OLD.purpose IS NOT NEW.purpose
	OR OLD.payload_hash IS NOT NEW.payload_hash
BEGIN
	SELECT RAISE(ABORT, 'audit_entry is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
BEGIN
	SELECT RAISE(ABORT, 'audit_entry is append-only');
END;
-- +goose StatementEnd
