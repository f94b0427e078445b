-- +goose Up
-- The full life of a case: what the routing rules said, clocks, merging, refunds. clocks and refund
-- are JSON, computed from the events; lists ask only for the columns beside them.
ALTER TABLE complaint ADD COLUMN class text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN priority text COLLATE "C" NOT NULL DEFAULT 'normal';
ALTER TABLE complaint ADD COLUMN element text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN attention boolean NOT NULL DEFAULT FALSE;
ALTER TABLE complaint ADD COLUMN deceased boolean NOT NULL DEFAULT FALSE;
ALTER TABLE complaint ADD COLUMN accused text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN source text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN source_number text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN title text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN reporter_email text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN reporter_handle text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN merged_into text COLLATE "C" NOT NULL DEFAULT ''; -- id of a complaint
ALTER TABLE complaint ADD COLUMN rating bigint NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN clocks text COLLATE "C" NOT NULL DEFAULT '[]';
ALTER TABLE complaint ADD COLUMN refund text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN due_at timestamptz; -- earliest deadline that runs
ALTER TABLE complaint ADD COLUMN due_kind text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN look_at timestamptz; -- when the sweep of the clocks has to look at the case next
ALTER TABLE complaint ADD COLUMN acted_at timestamptz; -- last act of the office
ALTER TABLE complaint ADD COLUMN escalated bigint NOT NULL DEFAULT 0;
UPDATE complaint SET acted_at = updated_at;
CREATE INDEX complaint_look ON complaint (regency_code, look_at) WHERE look_at IS NOT NULL;
CREATE INDEX complaint_due ON complaint (regency_code, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX complaint_unit_due ON complaint (regency_code, unit, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX complaint_merged ON complaint (regency_code, merged_into) WHERE merged_into <> '';
CREATE UNIQUE INDEX complaint_source ON complaint (regency_code, source, source_number) WHERE source_number <> '';

-- What several units do at once inside a case.
CREATE TABLE complaint_task (
	regency_code text COLLATE "C" NOT NULL,
	complaint_id text COLLATE "C" NOT NULL,
	no bigint NOT NULL,
	unit text COLLATE "C" NOT NULL,
	act text COLLATE "C" NOT NULL,
	given_at timestamptz NOT NULL,
	given_by text COLLATE "C" NOT NULL,
	due_at timestamptz,
	seen_at timestamptz,
	result text COLLATE "C" NOT NULL, -- "" while it is open
	note text COLLATE "C" NOT NULL,
	proof text COLLATE "C" NOT NULL, -- id of an attachment or ""
	done_at timestamptz,
	done_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, complaint_id, no),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_task_open ON complaint_task (regency_code, unit, due_at) WHERE result = '';

-- Keyed hashes by which cases of the same person or reporter find each other; no clear number.
CREATE TABLE complaint_mark (
	regency_code text COLLATE "C" NOT NULL,
	hash text COLLATE "C" NOT NULL,
	complaint_id text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL, -- nik | kk | phone | handle
	PRIMARY KEY (regency_code, hash, complaint_id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_mark_case ON complaint_mark (regency_code, complaint_id);
