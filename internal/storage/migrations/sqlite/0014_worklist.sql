-- +goose Up
-- A register of another system that came through the pages. Its bytes are destroyed when it is taken
-- over, given up, or forgotten.
CREATE TABLE register_upload (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	size INTEGER NOT NULL,
	stage TEXT NOT NULL,
	options TEXT NOT NULL, -- JSON
	columns_json TEXT NOT NULL, -- JSON: columns named by hand
	result TEXT NOT NULL, -- JSON: figures of the last run
	created_at TEXT NOT NULL,
	created_by TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE TABLE register_chunk (
	regency_code TEXT NOT NULL,
	register_id TEXT NOT NULL,
	no INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (regency_code, register_id, no),
	FOREIGN KEY (regency_code, register_id) REFERENCES register_upload (regency_code, id)
);
CREATE TABLE register_reject (
	regency_code TEXT NOT NULL,
	register_id TEXT NOT NULL,
	position INTEGER NOT NULL,
	file TEXT NOT NULL,
	sheet TEXT NOT NULL,
	row_number INTEGER NOT NULL,
	column_name TEXT NOT NULL,
	value TEXT NOT NULL,
	code TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (regency_code, register_id, position),
	FOREIGN KEY (regency_code, register_id) REFERENCES register_upload (regency_code, id)
);
-- How the office wants the sheet of registrations, by the way it is sent.
CREATE TABLE worklist_layout (
	regency_code TEXT NOT NULL,
	through TEXT NOT NULL,
	columns_json TEXT NOT NULL, -- JSON list of header and field
	saved_at TEXT NOT NULL,
	saved_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, through)
);
-- What the office pays for one person and month, from a day on.
CREATE TABLE worklist_premium (
	regency_code TEXT NOT NULL,
	valid_from TEXT NOT NULL, -- YYYY-MM-DD
	rupiah INTEGER NOT NULL,
	source TEXT NOT NULL,
	saved_at TEXT NOT NULL,
	saved_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, valid_from)
);
-- The newest look over the registry for people whom the office pays wrongly.
CREATE TABLE paid_scan (
	regency_code TEXT NOT NULL,
	revision INTEGER NOT NULL, -- of the registry that was looked at
	paid INTEGER NOT NULL, -- people whom the office pays
	scanned_at TEXT NOT NULL,
	PRIMARY KEY (regency_code)
);
CREATE TABLE paid_finding (
	regency_code TEXT NOT NULL,
	nik TEXT NOT NULL,
	reason TEXT NOT NULL,
	other_nik TEXT NOT NULL, -- of the same person, or ""
	place TEXT NOT NULL, -- the narrowest area known
	basis TEXT NOT NULL, -- print of the data it rests on
	PRIMARY KEY (regency_code, nik)
);
-- Findings that an official dealt with: not listed again until the data change.
CREATE TABLE paid_aside (
	regency_code TEXT NOT NULL,
	nik TEXT NOT NULL,
	basis TEXT NOT NULL,
	note TEXT NOT NULL,
	made_at TEXT NOT NULL,
	made_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, nik)
);
CREATE INDEX paid_finding_place ON paid_finding (regency_code, place, nik);
-- Everybody's own log of work.
CREATE INDEX complaint_event_actor ON complaint_event (regency_code, actor, at);
-- What came in during a week, and money that goes back.
CREATE INDEX complaint_filed ON complaint (regency_code, filed_at);
CREATE INDEX complaint_refund ON complaint (regency_code, updated_at) WHERE refund <> '';
