-- +goose Up
-- One case. Its number for people is the ticket; id orders the cases by the time of filing.
CREATE TABLE complaint (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	ticket TEXT NOT NULL,
	state TEXT NOT NULL,
	states_before TEXT NOT NULL, -- JSON: what a reply or an unmerging leads back to
	version INTEGER NOT NULL,
	last_seq INTEGER NOT NULL, -- of its events; raising it locks the case
	channel TEXT NOT NULL,
	matter TEXT NOT NULL,
	need TEXT NOT NULL,
	body TEXT NOT NULL,
	reporter_name TEXT NOT NULL,
	reporter_phone TEXT NOT NULL,
	reporter_relation TEXT NOT NULL,
	unit TEXT NOT NULL, -- "" when no unit has it
	staff TEXT NOT NULL,
	village TEXT NOT NULL,
	filed_by TEXT NOT NULL,
	filed_unit TEXT NOT NULL,
	filed_at TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id),
	UNIQUE (regency_code, ticket)
);
CREATE INDEX complaint_unit ON complaint (regency_code, unit, state, id);
CREATE INDEX complaint_staff ON complaint (regency_code, staff, state);
CREATE INDEX complaint_state ON complaint (regency_code, state, id);
CREATE INDEX complaint_filed_unit ON complaint (regency_code, filed_unit, id);
CREATE INDEX complaint_filed_by ON complaint (regency_code, filed_by, id);

-- Who the case is about. nik is "" when the person is known otherwise or not yet.
CREATE TABLE complaint_patient (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	no INTEGER NOT NULL,
	nik TEXT NOT NULL,
	subject TEXT, -- JSON; null when there is a NIK or nothing
	name TEXT NOT NULL,
	village TEXT NOT NULL,
	PRIMARY KEY (regency_code, complaint_id, no),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_patient_nik ON complaint_patient (regency_code, nik);

-- Every area that a case touches, each with those around it, so that a scope is asked by equality.
CREATE TABLE complaint_area (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	area TEXT NOT NULL,
	PRIMARY KEY (regency_code, complaint_id, area),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_area_area ON complaint_area (regency_code, area, complaint_id);

-- The story: rows are added, never changed.
CREATE TABLE complaint_event (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	seq INTEGER NOT NULL,
	type TEXT NOT NULL,
	at TEXT NOT NULL,
	actor TEXT NOT NULL,
	title TEXT NOT NULL,
	unit TEXT NOT NULL,
	from_state TEXT NOT NULL,
	to_state TEXT NOT NULL,
	public BOOLEAN NOT NULL,
	note TEXT NOT NULL,
	data TEXT NOT NULL, -- JSON by type, "" for none
	PRIMARY KEY (regency_code, id),
	UNIQUE (regency_code, complaint_id, seq),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

-- Determinations made in a case.
CREATE TABLE complaint_check (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	determination_id TEXT NOT NULL,
	patient INTEGER NOT NULL,
	nik TEXT NOT NULL,
	outcome TEXT NOT NULL,
	service_advice TEXT NOT NULL,
	summary TEXT NOT NULL,
	decided_at TEXT NOT NULL,
	event_seq INTEGER NOT NULL,
	PRIMARY KEY (regency_code, complaint_id, event_seq),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

-- What was done at the offices outside.
CREATE TABLE complaint_registration (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	patient INTEGER NOT NULL,
	through TEXT NOT NULL,
	reference TEXT NOT NULL,
	sent_at TEXT NOT NULL,
	sent_by TEXT NOT NULL,
	result TEXT NOT NULL,
	active_on TEXT NOT NULL, -- YYYY-MM-DD or ""
	refused_why TEXT NOT NULL,
	proof TEXT NOT NULL, -- id of an attachment or ""
	updated_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_registration_case ON complaint_registration (regency_code, complaint_id, patient);
CREATE INDEX complaint_registration_pending ON complaint_registration (regency_code, sent_at) WHERE result = 'pending';

-- What officials decided; the last one of a case holds.
CREATE TABLE complaint_resolution (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	event_id TEXT NOT NULL,
	decision TEXT NOT NULL,
	reason TEXT NOT NULL,
	advice TEXT NOT NULL,
	unregistered BOOLEAN NOT NULL,
	checks TEXT NOT NULL, -- JSON list of determination ids
	evidence TEXT NOT NULL, -- JSON list
	decided_by TEXT NOT NULL,
	decided_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_resolution_case ON complaint_resolution (regency_code, complaint_id);

-- Photos and papers, their bytes in parts.
CREATE TABLE attachment (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	size INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	added_at TEXT NOT NULL,
	added_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX attachment_case ON attachment (regency_code, complaint_id);
CREATE TABLE attachment_chunk (
	regency_code TEXT NOT NULL,
	attachment_id TEXT NOT NULL,
	no INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (regency_code, attachment_id, no),
	FOREIGN KEY (regency_code, attachment_id) REFERENCES attachment (regency_code, id)
);

-- Keys that make a repeated filing harmless.
CREATE TABLE idempotency (
	regency_code TEXT NOT NULL,
	actor TEXT NOT NULL,
	key TEXT NOT NULL,
	body_hash TEXT NOT NULL,
	ticket TEXT NOT NULL,
	created_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, actor, key)
);
CREATE INDEX idempotency_created ON idempotency (regency_code, created_at);

-- +goose StatementBegin
CREATE TRIGGER complaint_event_no_update BEFORE UPDATE ON complaint_event
BEGIN
	SELECT RAISE(ABORT, 'complaint_event is append-only');
END;
-- +goose StatementEnd
