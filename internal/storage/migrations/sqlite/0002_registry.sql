-- +goose Up
-- One load of one kind of registry file. Every publish and every rollback makes a new revision of
-- the registry; visible_from and visible_until of this one row decide in which revisions, past
-- ones included, the versions that carry its seq are seen. The largest bigint means never.
CREATE TABLE registry_import (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	seq INTEGER NOT NULL,
	kind TEXT NOT NULL,
	status TEXT NOT NULL,
	mode TEXT NOT NULL,
	area TEXT NOT NULL,
	as_of TEXT NOT NULL,
	files TEXT NOT NULL, -- JSON list of base names
	file_hash TEXT NOT NULL,
	rows_read INTEGER NOT NULL,
	accepted INTEGER NOT NULL,
	new_rows INTEGER NOT NULL,
	changed INTEGER NOT NULL,
	unchanged INTEGER NOT NULL,
	gone INTEGER NOT NULL,
	rejected INTEGER NOT NULL,
	duplicates INTEGER NOT NULL,
	older INTEGER NOT NULL,
	skipped INTEGER NOT NULL,
	warnings INTEGER NOT NULL,
	seconds REAL NOT NULL,
	started_at TEXT NOT NULL,
	started_by TEXT NOT NULL,
	finished_at TEXT,
	published_at TEXT,
	rolled_back_at TEXT,
	visible_from INTEGER NOT NULL,
	visible_until INTEGER NOT NULL,
	message TEXT NOT NULL,
	PRIMARY KEY (regency_code, id),
	UNIQUE (regency_code, seq)
);
CREATE INDEX registry_import_kind ON registry_import (regency_code, kind, seq);

-- Rows of the three kinds: immutable versions, the newest visible one counts.
CREATE TABLE resident_version (
	regency_code TEXT NOT NULL,
	row_key TEXT NOT NULL, -- the NIK
	import_seq INTEGER NOT NULL,
	gone BOOLEAN NOT NULL, -- the file no longer lists the row; the values are those it had
	nik TEXT NOT NULL,
	kk TEXT NOT NULL,
	name TEXT NOT NULL,
	sex TEXT NOT NULL,
	birth_place TEXT NOT NULL,
	birth_date TEXT NOT NULL,
	relation TEXT NOT NULL,
	marital TEXT NOT NULL,
	address TEXT NOT NULL,
	rt TEXT NOT NULL,
	rw TEXT NOT NULL,
	village TEXT NOT NULL,
	district TEXT NOT NULL,
	regency TEXT NOT NULL,
	province TEXT NOT NULL,
	life_status TEXT NOT NULL,
	moved_in_on TEXT NOT NULL,
	mother_nik TEXT NOT NULL,
	place TEXT NOT NULL, -- the narrowest area known: lists are a range of it
	PRIMARY KEY (regency_code, row_key, import_seq)
);

CREATE TABLE welfare_version (
	regency_code TEXT NOT NULL,
	row_key TEXT NOT NULL, -- the NIK, or "kk:" and the KK of a family row
	import_seq INTEGER NOT NULL,
	gone BOOLEAN NOT NULL, -- the file no longer lists the row; the values are those it had
	nik TEXT NOT NULL,
	kk TEXT NOT NULL,
	desil INTEGER NOT NULL, -- 0 is unknown
	PRIMARY KEY (regency_code, row_key, import_seq)
);

CREATE TABLE membership_version (
	regency_code TEXT NOT NULL,
	row_key TEXT NOT NULL, -- the NIK
	import_seq INTEGER NOT NULL,
	gone BOOLEAN NOT NULL, -- the file no longer lists the row; the values are those it had
	nik TEXT NOT NULL,
	kk TEXT NOT NULL,
	segment TEXT NOT NULL,
	member_status TEXT NOT NULL,
	member_reason TEXT NOT NULL,
	member_since TEXT NOT NULL,
	inactive_since TEXT NOT NULL,
	class TEXT NOT NULL,
	jkn_number TEXT NOT NULL,
	facility TEXT NOT NULL,
	PRIMARY KEY (regency_code, row_key, import_seq)
);

CREATE INDEX resident_version_kk ON resident_version (regency_code, kk, row_key);
CREATE INDEX resident_version_place ON resident_version (regency_code, place);
CREATE INDEX resident_version_born ON resident_version (regency_code, birth_date);

-- The areas that an import vouches for: how fresh the rows are that it did not change.
CREATE TABLE coverage (
	regency_code TEXT NOT NULL,
	kind TEXT NOT NULL,
	area TEXT NOT NULL,
	import_seq INTEGER NOT NULL,
	as_of TEXT NOT NULL,
	snapshot BOOLEAN NOT NULL, -- the import listed everybody of the area
	PRIMARY KEY (regency_code, area, kind, import_seq)
);

CREATE TABLE import_reject (
	regency_code TEXT NOT NULL,
	import_id TEXT NOT NULL,
	position INTEGER NOT NULL,
	file TEXT NOT NULL,
	sheet TEXT NOT NULL,
	row_number INTEGER NOT NULL,
	column_name TEXT NOT NULL,
	value TEXT NOT NULL,
	code TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (regency_code, import_id, position)
);

-- Columns that somebody named by hand, by the hash of the headers of the workbook.
CREATE TABLE column_mapping (
	regency_code TEXT NOT NULL,
	headers_hash TEXT NOT NULL,
	columns_json TEXT NOT NULL,
	saved_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, headers_hash)
);
