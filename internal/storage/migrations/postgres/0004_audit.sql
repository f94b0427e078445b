-- +goose Up
-- The trail: append-only. Only the two sealing columns are ever set, once.
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
	block_id bigint,
	block_position bigint,
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX audit_entry_unsealed ON audit_entry (regency_code, id) WHERE block_id IS NULL;

-- +goose StatementBegin
CREATE FUNCTION audit_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND OLD.block_id IS NULL AND NEW.block_id IS NOT NULL
		AND (OLD.regency_code, OLD.id, OLD.at, OLD.actor, OLD.act, OLD.object, OLD.object_id, OLD.person_hash, OLD.purpose, OLD.payload_hash)
		IS NOT DISTINCT FROM (NEW.regency_code, NEW.id, NEW.at, NEW.actor, NEW.act, NEW.object, NEW.object_id, NEW.person_hash, NEW.purpose, NEW.payload_hash) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'audit_entry is append-only';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
	FOR EACH ROW EXECUTE FUNCTION audit_entry_append_only();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
	FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_append_only();
