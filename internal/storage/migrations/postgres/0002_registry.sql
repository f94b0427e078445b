-- +goose Up
-- One load of one kind of registry file. Every publish and every rollback makes a new revision of
-- the registry; visible_from and visible_until of this one row decide in which revisions, past
-- ones included, the versions that carry its seq are seen. The largest bigint means never.
CREATE TABLE registry_import (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	seq bigint NOT NULL,
	kind text COLLATE "C" NOT NULL,
	status text COLLATE "C" NOT NULL,
	mode text COLLATE "C" NOT NULL,
	area text COLLATE "C" NOT NULL,
	as_of text COLLATE "C" NOT NULL,
	files text COLLATE "C" NOT NULL, -- JSON list of base names
	file_hash text COLLATE "C" NOT NULL,
	rows_read bigint NOT NULL,
	accepted bigint NOT NULL,
	new_rows bigint NOT NULL,
	changed bigint NOT NULL,
	unchanged bigint NOT NULL,
	gone bigint NOT NULL,
	rejected bigint NOT NULL,
	duplicates bigint NOT NULL,
	older bigint NOT NULL,
	skipped bigint NOT NULL,
	warnings bigint NOT NULL,
	seconds double precision NOT NULL,
	started_at timestamptz NOT NULL,
	started_by text COLLATE "C" NOT NULL,
	finished_at timestamptz,
	published_at timestamptz,
	rolled_back_at timestamptz,
	visible_from bigint NOT NULL,
	visible_until bigint NOT NULL,
	message text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, id),
	UNIQUE (regency_code, seq)
);
CREATE INDEX registry_import_kind ON registry_import (regency_code, kind, seq);

-- Rows of the three kinds: immutable versions, the newest visible one counts.
CREATE TABLE resident_version (
	regency_code text COLLATE "C" NOT NULL,
	row_key text COLLATE "C" NOT NULL, -- the NIK
	import_seq bigint NOT NULL,
	gone boolean NOT NULL, -- the file no longer lists the row; the values are those it had
	nik text COLLATE "C" NOT NULL,
	kk text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL,
	sex text COLLATE "C" NOT NULL,
	birth_place text COLLATE "C" NOT NULL,
	birth_date text COLLATE "C" NOT NULL,
	relation text COLLATE "C" NOT NULL,
	marital text COLLATE "C" NOT NULL,
	address text COLLATE "C" NOT NULL,
	rt text COLLATE "C" NOT NULL,
	rw text COLLATE "C" NOT NULL,
	village text COLLATE "C" NOT NULL,
	district text COLLATE "C" NOT NULL,
	regency text COLLATE "C" NOT NULL,
	province text COLLATE "C" NOT NULL,
	life_status text COLLATE "C" NOT NULL,
	moved_in_on text COLLATE "C" NOT NULL,
	mother_nik text COLLATE "C" NOT NULL,
	place text COLLATE "C" NOT NULL, -- the narrowest area known: lists are a range of it
	PRIMARY KEY (regency_code, row_key, import_seq)
);

CREATE TABLE welfare_version (
	regency_code text COLLATE "C" NOT NULL,
	row_key text COLLATE "C" NOT NULL, -- the NIK, or "kk:" and the KK of a family row
	import_seq bigint NOT NULL,
	gone boolean NOT NULL, -- the file no longer lists the row; the values are those it had
	nik text COLLATE "C" NOT NULL,
	kk text COLLATE "C" NOT NULL,
	desil bigint NOT NULL, -- 0 is unknown
	PRIMARY KEY (regency_code, row_key, import_seq)
);

CREATE TABLE membership_version (
	regency_code text COLLATE "C" NOT NULL,
	row_key text COLLATE "C" NOT NULL, -- the NIK
	import_seq bigint NOT NULL,
	gone boolean NOT NULL, -- the file no longer lists the row; the values are those it had
	nik text COLLATE "C" NOT NULL,
	kk text COLLATE "C" NOT NULL,
	segment text COLLATE "C" NOT NULL,
	member_status text COLLATE "C" NOT NULL,
	member_reason text COLLATE "C" NOT NULL,
	member_since text COLLATE "C" NOT NULL,
	inactive_since text COLLATE "C" NOT NULL,
	class text COLLATE "C" NOT NULL,
	jkn_number text COLLATE "C" NOT NULL,
	facility text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, row_key, import_seq)
);

CREATE INDEX resident_version_kk ON resident_version (regency_code, kk, row_key);
CREATE INDEX resident_version_place ON resident_version (regency_code, place);
CREATE INDEX resident_version_born ON resident_version (regency_code, birth_date);

-- The areas that an import vouches for: how fresh the rows are that it did not change.
CREATE TABLE coverage (
	regency_code text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL,
	area text COLLATE "C" NOT NULL,
	import_seq bigint NOT NULL,
	as_of text COLLATE "C" NOT NULL,
	snapshot boolean NOT NULL, -- the import listed everybody of the area
	PRIMARY KEY (regency_code, area, kind, import_seq)
);

CREATE TABLE import_reject (
	regency_code text COLLATE "C" NOT NULL,
	import_id text COLLATE "C" NOT NULL,
	position bigint NOT NULL,
	file text COLLATE "C" NOT NULL,
	sheet text COLLATE "C" NOT NULL,
	row_number bigint NOT NULL,
	column_name text COLLATE "C" NOT NULL,
	value text COLLATE "C" NOT NULL,
	code text COLLATE "C" NOT NULL,
	reason text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, import_id, position)
);

-- Columns that somebody named by hand, by the hash of the headers of the workbook.
CREATE TABLE column_mapping (
	regency_code text COLLATE "C" NOT NULL,
	headers_hash text COLLATE "C" NOT NULL,
	columns_json text COLLATE "C" NOT NULL,
	saved_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code, headers_hash)
);
