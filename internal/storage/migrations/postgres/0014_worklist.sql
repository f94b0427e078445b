-- +goose Up
-- A register of another system that came through the pages. Its bytes are destroyed when it is taken
-- over, given up, or forgotten.
CREATE TABLE register_upload (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL,
	size bigint NOT NULL,
	stage text COLLATE "C" NOT NULL,
	options text COLLATE "C" NOT NULL, -- JSON
	columns_json text COLLATE "C" NOT NULL, -- JSON: columns named by hand
	result text COLLATE "C" NOT NULL, -- JSON: figures of the last run
	created_at timestamptz NOT NULL,
	created_by text COLLATE "C" NOT NULL,
	expires_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE TABLE register_chunk (
	regency_code text COLLATE "C" NOT NULL,
	register_id text COLLATE "C" NOT NULL,
	no bigint NOT NULL,
	bytes bytea NOT NULL,
	PRIMARY KEY (regency_code, register_id, no),
	FOREIGN KEY (regency_code, register_id) REFERENCES register_upload (regency_code, id)
);
CREATE TABLE register_reject (
	regency_code text COLLATE "C" NOT NULL,
	register_id text COLLATE "C" NOT NULL,
	position bigint NOT NULL,
	file text COLLATE "C" NOT NULL,
	sheet text COLLATE "C" NOT NULL,
	row_number bigint NOT NULL,
	column_name text COLLATE "C" NOT NULL,
	value text COLLATE "C" NOT NULL,
	code text COLLATE "C" NOT NULL,
	reason text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, register_id, position),
	FOREIGN KEY (regency_code, register_id) REFERENCES register_upload (regency_code, id)
);
-- How the office wants the sheet of registrations, by the way it is sent.
CREATE TABLE worklist_layout (
	regency_code text COLLATE "C" NOT NULL,
	through text COLLATE "C" NOT NULL,
	columns_json text COLLATE "C" NOT NULL, -- JSON list of header and field
	saved_at timestamptz NOT NULL,
	saved_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, through)
);
-- What the office pays for one person and month, from a day on.
CREATE TABLE worklist_premium (
	regency_code text COLLATE "C" NOT NULL,
	valid_from text COLLATE "C" NOT NULL, -- YYYY-MM-DD
	rupiah bigint NOT NULL,
	source text COLLATE "C" NOT NULL,
	saved_at timestamptz NOT NULL,
	saved_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, valid_from)
);
-- The newest look over the registry for people whom the office pays wrongly.
CREATE TABLE paid_scan (
	regency_code text COLLATE "C" NOT NULL,
	revision bigint NOT NULL, -- of the registry that was looked at
	paid bigint NOT NULL, -- people whom the office pays
	scanned_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code)
);
CREATE TABLE paid_finding (
	regency_code text COLLATE "C" NOT NULL,
	nik text COLLATE "C" NOT NULL,
	reason text COLLATE "C" NOT NULL,
	other_nik text COLLATE "C" NOT NULL, -- of the same person, or ""
	place text COLLATE "C" NOT NULL, -- the narrowest area known
	basis text COLLATE "C" NOT NULL, -- print of the data it rests on
	PRIMARY KEY (regency_code, nik)
);
-- Findings that an official dealt with: not listed again until the data change.
CREATE TABLE paid_aside (
	regency_code text COLLATE "C" NOT NULL,
	nik text COLLATE "C" NOT NULL,
	basis text COLLATE "C" NOT NULL,
	note text COLLATE "C" NOT NULL,
	made_at timestamptz NOT NULL,
	made_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, nik)
);
CREATE INDEX paid_finding_place ON paid_finding (regency_code, place, nik);
-- Everybody's own log of work.
CREATE INDEX complaint_event_actor ON complaint_event (regency_code, actor, at);
-- What came in during a week, and money that goes back.
CREATE INDEX complaint_filed ON complaint (regency_code, filed_at);
CREATE INDEX complaint_refund ON complaint (regency_code, updated_at) WHERE refund <> '';
