-- +goose Up
-- Fictional residents on whom rules are tried. Facts are the input of the rules, as a determination keeps it.
CREATE TABLE test_person (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL,
	note text COLLATE "C" NOT NULL,
	facts text COLLATE "C" NOT NULL, -- JSON
	updated_at timestamptz NOT NULL,
	updated_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, id)
);
