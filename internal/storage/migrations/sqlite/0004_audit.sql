-- +goose Up
-- The trail: append-only. Only the number of the sealing block is ever set, once.
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
	block INTEGER, -- number of the block that seals it; null until then
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX audit_entry_block ON audit_entry (regency_code, block, id);
CREATE INDEX audit_entry_at ON audit_entry (regency_code, at, id);
CREATE INDEX audit_entry_actor ON audit_entry (regency_code, actor, at, id);
CREATE INDEX audit_entry_person ON audit_entry (regency_code, person_hash, at, id) WHERE person_hash <> '';

-- Blocks seal entries: ids and hashes in order, the block before, a signature.
CREATE TABLE trail_block (
	regency_code TEXT NOT NULL,
	seq INTEGER NOT NULL,
	prev_hash TEXT NOT NULL,
	sealed_at TEXT NOT NULL,
	total INTEGER NOT NULL, -- entries sealed so far
	entry_count INTEGER NOT NULL,
	entries BLOB NOT NULL, -- 16 bytes of id and 32 of hash for each
	key_id TEXT NOT NULL,
	hash TEXT NOT NULL,
	signature TEXT NOT NULL,
	PRIMARY KEY (regency_code, seq)
);

-- +goose StatementBegin
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
WHEN OLD.block IS NOT NULL OR NEW.block IS NULL
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
-- +goose StatementBegin
CREATE TRIGGER trail_block_no_update BEFORE UPDATE ON trail_block
BEGIN
	SELECT RAISE(ABORT, 'trail_block is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER trail_block_no_delete BEFORE DELETE ON trail_block
BEGIN
	SELECT RAISE(ABORT, 'trail_block is append-only');
END;
-- +goose StatementEnd
