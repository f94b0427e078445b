-- +goose Up
-- A workbook that came through the pages, on its way to be counted and published. Its bytes are
-- destroyed when it is published, given up, or forgotten.
CREATE TABLE upload (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL,
	size bigint NOT NULL,
	kind text COLLATE "C" NOT NULL,
	file_hash text COLLATE "C" NOT NULL, -- as imports know files; "" while bytes are still coming in
	stage text COLLATE "C" NOT NULL,
	settings text COLLATE "C" NOT NULL, -- JSON: as-of date, mode, area, columns named by hand, consents
	progress text COLLATE "C" NOT NULL, -- JSON
	summary text COLLATE "C" NOT NULL, -- JSON: what the last run had to say
	run bigint NOT NULL, -- grows with every order to count or publish, so that a late runner is not heard
	beat_at timestamptz NOT NULL, -- last sign of life of whoever runs it
	created_at timestamptz NOT NULL,
	created_by text COLLATE "C" NOT NULL,
	expires_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX upload_stage ON upload (regency_code, stage);
CREATE INDEX upload_expires ON upload (regency_code, expires_at);
CREATE TABLE upload_chunk (
	regency_code text COLLATE "C" NOT NULL,
	upload_id text COLLATE "C" NOT NULL,
	no bigint NOT NULL,
	bytes bytea NOT NULL,
	PRIMARY KEY (regency_code, upload_id, no),
	FOREIGN KEY (regency_code, upload_id) REFERENCES upload (regency_code, id)
);
