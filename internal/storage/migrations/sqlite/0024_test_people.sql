-- +goose Up
-- Fictional residents on whom rules are tried. Facts are the input of the rules, as a determination keeps it.
CREATE TABLE test_person (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	note TEXT NOT NULL,
	facts TEXT NOT NULL, -- JSON
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);
