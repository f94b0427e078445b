-- +goose Up
-- The full life of a case: what the routing rules said, clocks, merging, refunds. clocks and refund
-- are JSON, computed from the events; lists ask only for the columns beside them.
ALTER TABLE complaint ADD COLUMN class TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE complaint ADD COLUMN element TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN attention BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE complaint ADD COLUMN deceased BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE complaint ADD COLUMN accused TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN source_number TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN reporter_email TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN reporter_handle TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN merged_into TEXT NOT NULL DEFAULT ''; -- id of a complaint
ALTER TABLE complaint ADD COLUMN rating INTEGER NOT NULL DEFAULT 0;
ALTER TABLE complaint ADD COLUMN clocks TEXT NOT NULL DEFAULT '[]';
ALTER TABLE complaint ADD COLUMN refund TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN due_at TEXT; -- earliest deadline that runs
ALTER TABLE complaint ADD COLUMN due_kind TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint ADD COLUMN look_at TEXT; -- when the sweep of the clocks has to look at the case next
ALTER TABLE complaint ADD COLUMN acted_at TEXT; -- last act of the office
ALTER TABLE complaint ADD COLUMN escalated INTEGER NOT NULL DEFAULT 0;
UPDATE complaint SET acted_at = updated_at;
CREATE INDEX complaint_look ON complaint (regency_code, look_at) WHERE look_at IS NOT NULL;
CREATE INDEX complaint_due ON complaint (regency_code, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX complaint_unit_due ON complaint (regency_code, unit, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX complaint_merged ON complaint (regency_code, merged_into) WHERE merged_into <> '';
CREATE UNIQUE INDEX complaint_source ON complaint (regency_code, source, source_number) WHERE source_number <> '';

-- What several units do at once inside a case.
CREATE TABLE complaint_task (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	no INTEGER NOT NULL,
	unit TEXT NOT NULL,
	act TEXT NOT NULL,
	given_at TEXT NOT NULL,
	given_by TEXT NOT NULL,
	due_at TEXT,
	seen_at TEXT,
	result TEXT NOT NULL, -- "" while it is open
	note TEXT NOT NULL,
	proof TEXT NOT NULL, -- id of an attachment or ""
	done_at TEXT,
	done_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, complaint_id, no),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_task_open ON complaint_task (regency_code, unit, due_at) WHERE result = '';

-- Keyed hashes by which cases of the same person or reporter find each other; no clear number.
CREATE TABLE complaint_mark (
	regency_code TEXT NOT NULL,
	hash TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	kind TEXT NOT NULL, -- nik | kk | phone | handle
	PRIMARY KEY (regency_code, hash, complaint_id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_mark_case ON complaint_mark (regency_code, complaint_id);
