-- +goose Up
-- A workbook that came through the pages, on its way to be counted and published. Its bytes are
-- destroyed when it is published, given up, or forgotten.
CREATE TABLE upload (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	size INTEGER NOT NULL,
	kind TEXT NOT NULL,
	file_hash TEXT NOT NULL, -- as imports know files; "" while bytes are still coming in
	stage TEXT NOT NULL,
	settings TEXT NOT NULL, -- JSON: as-of date, mode, area, columns named by hand, consents
	progress TEXT NOT NULL, -- JSON
	summary TEXT NOT NULL, -- JSON: what the last run had to say
	run INTEGER NOT NULL, -- grows with every order to count or publish, so that a late runner is not heard
	beat_at TEXT NOT NULL, -- last sign of life of whoever runs it
	created_at TEXT NOT NULL,
	created_by TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX upload_stage ON upload (regency_code, stage);
CREATE INDEX upload_expires ON upload (regency_code, expires_at);
CREATE TABLE upload_chunk (
	regency_code TEXT NOT NULL,
	upload_id TEXT NOT NULL,
	no INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (regency_code, upload_id, no),
	FOREIGN KEY (regency_code, upload_id) REFERENCES upload (regency_code, id)
);
