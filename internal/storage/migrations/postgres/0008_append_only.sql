-- +goose Up
-- What was decided is never changed and, until retention has a rule for it, never removed.
-- +goose StatementBegin
CREATE FUNCTION determination_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'determination is append-only';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER determination_no_change BEFORE UPDATE OR DELETE ON determination
	FOR EACH ROW EXECUTE FUNCTION determination_append_only();
CREATE TRIGGER determination_no_truncate BEFORE TRUNCATE ON determination
	FOR EACH STATEMENT EXECUTE FUNCTION determination_append_only();
