-- +goose Up
-- The trail: append-only. Only the number of the sealing block is ever set, once.
CREATE TABLE audit_entry (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	at timestamptz NOT NULL,
	actor text COLLATE "C" NOT NULL,
	act text COLLATE "C" NOT NULL,
	object text COLLATE "C" NOT NULL,
	object_id text COLLATE "C" NOT NULL,
	person_hash text COLLATE "C" NOT NULL,
	purpose text COLLATE "C" NOT NULL,
	payload_hash text COLLATE "C" NOT NULL,
	block bigint, -- number of the block that seals it; null until then
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX audit_entry_block ON audit_entry (regency_code, block, id);
CREATE INDEX audit_entry_at ON audit_entry (regency_code, at, id);
CREATE INDEX audit_entry_actor ON audit_entry (regency_code, actor, at, id);
CREATE INDEX audit_entry_person ON audit_entry (regency_code, person_hash, at, id) WHERE person_hash <> '';

-- Blocks seal entries: ids and hashes in order, the block before, a signature.
CREATE TABLE trail_block (
	regency_code text COLLATE "C" NOT NULL,
	seq bigint NOT NULL,
	prev_hash text COLLATE "C" NOT NULL,
	sealed_at timestamptz NOT NULL,
	total bigint NOT NULL, -- entries sealed so far
	entry_count bigint NOT NULL,
	entries bytea NOT NULL, -- 16 bytes of id and 32 of hash for each
	key_id text COLLATE "C" NOT NULL,
	hash text COLLATE "C" NOT NULL,
	signature text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, seq)
);

-- +goose StatementBegin
CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'audit_entry is append-only';
END
$$;
-- +goose StatementEnd
-- The condition stands here and not in the function: sealing passes it for every entry, and so
-- never has to call the function.
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
	FOR EACH ROW WHEN (OLD.block IS NOT NULL OR NEW.block IS NULL
		OR (OLD.regency_code, OLD.id, OLD.at, OLD.actor, OLD.act, OLD.object, OLD.object_id, OLD.person_hash, OLD.purpose, OLD.payload_hash)
		IS DISTINCT FROM (NEW.regency_code, NEW.id, NEW.at, NEW.actor, NEW.act, NEW.object, NEW.object_id, NEW.person_hash, NEW.purpose, NEW.payload_hash))
	EXECUTE FUNCTION audit_entry_append_only();
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
	FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
	FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only();

-- +goose StatementBegin
CREATE FUNCTION trail_block_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'trail_block is append-only';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER trail_block_no_change BEFORE UPDATE OR DELETE ON trail_block
	FOR EACH ROW EXECUTE FUNCTION trail_block_append_only();
CREATE TRIGGER trail_block_no_truncate BEFORE TRUNCATE ON trail_block
	FOR EACH STATEMENT EXECUTE FUNCTION trail_block_append_only();
