-- +goose Up
-- One case. Its number for people is the ticket; id orders the cases by the time of filing.
CREATE TABLE complaint (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	ticket text COLLATE "C" NOT NULL,
	state text COLLATE "C" NOT NULL,
	states_before text COLLATE "C" NOT NULL, -- JSON: what a reply or an unmerging leads back to
	version bigint NOT NULL,
	last_seq bigint NOT NULL, -- of its events; raising it locks the case
	channel text COLLATE "C" NOT NULL,
	matter text COLLATE "C" NOT NULL,
	need text COLLATE "C" NOT NULL,
	body text COLLATE "C" NOT NULL,
	reporter_name text COLLATE "C" NOT NULL,
	reporter_phone text COLLATE "C" NOT NULL,
	reporter_relation text COLLATE "C" NOT NULL,
	unit text COLLATE "C" NOT NULL, -- "" when no unit has it
	staff text COLLATE "C" NOT NULL,
	village text COLLATE "C" NOT NULL,
	filed_by text COLLATE "C" NOT NULL,
	filed_unit text COLLATE "C" NOT NULL,
	filed_at timestamptz NOT NULL,
	updated_at timestamptz NOT NULL,
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
	regency_code text COLLATE "C" NOT NULL,
	complaint_id text COLLATE "C" NOT NULL,
	no bigint NOT NULL,
	nik text COLLATE "C" NOT NULL,
	subject text COLLATE "C", -- JSON; null when there is a NIK or nothing
	name text COLLATE "C" NOT NULL,
	village text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, complaint_id, no),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_patient_nik ON complaint_patient (regency_code, nik);

-- Every area that a case touches, each with those around it, so that a scope is asked by equality.
CREATE TABLE complaint_area (
	regency_code text COLLATE "C" NOT NULL,
	complaint_id text COLLATE "C" NOT NULL,
	area text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, complaint_id, area),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_area_area ON complaint_area (regency_code, area, complaint_id);

-- The story: rows are added, never changed.
CREATE TABLE complaint_event (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	complaint_id text COLLATE "C" NOT NULL,
	seq bigint NOT NULL,
	type text COLLATE "C" NOT NULL,
	at timestamptz NOT NULL,
	actor text COLLATE "C" NOT NULL,
	title text COLLATE "C" NOT NULL,
	unit text COLLATE "C" NOT NULL,
	from_state text COLLATE "C" NOT NULL,
	to_state text COLLATE "C" NOT NULL,
	public boolean NOT NULL,
	note text COLLATE "C" NOT NULL,
	data text COLLATE "C" NOT NULL, -- JSON by type, "" for none
	PRIMARY KEY (regency_code, id),
	UNIQUE (regency_code, complaint_id, seq),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

-- Determinations made in a case.
CREATE TABLE complaint_check (
	regency_code text COLLATE "C" NOT NULL,
	complaint_id text COLLATE "C" NOT NULL,
	determination_id text COLLATE "C" NOT NULL,
	patient bigint NOT NULL,
	nik text COLLATE "C" NOT NULL,
	outcome text COLLATE "C" NOT NULL,
	service_advice text COLLATE "C" NOT NULL,
	summary text COLLATE "C" NOT NULL,
	decided_at timestamptz NOT NULL,
	event_seq bigint NOT NULL,
	PRIMARY KEY (regency_code, complaint_id, event_seq),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

-- What was done at the offices outside.
CREATE TABLE complaint_registration (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	complaint_id text COLLATE "C" NOT NULL,
	patient bigint NOT NULL,
	through text COLLATE "C" NOT NULL,
	reference text COLLATE "C" NOT NULL,
	sent_at timestamptz NOT NULL,
	sent_by text COLLATE "C" NOT NULL,
	result text COLLATE "C" NOT NULL,
	active_on text COLLATE "C" NOT NULL, -- YYYY-MM-DD or ""
	refused_why text COLLATE "C" NOT NULL,
	proof text COLLATE "C" NOT NULL, -- id of an attachment or ""
	updated_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_registration_case ON complaint_registration (regency_code, complaint_id, patient);
CREATE INDEX complaint_registration_pending ON complaint_registration (regency_code, sent_at) WHERE result = 'pending';

-- What officials decided; the last one of a case holds.
CREATE TABLE complaint_resolution (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	complaint_id text COLLATE "C" NOT NULL,
	event_id text COLLATE "C" NOT NULL,
	decision text COLLATE "C" NOT NULL,
	reason text COLLATE "C" NOT NULL,
	advice text COLLATE "C" NOT NULL,
	unregistered boolean NOT NULL,
	checks text COLLATE "C" NOT NULL, -- JSON list of determination ids
	evidence text COLLATE "C" NOT NULL, -- JSON list
	decided_by text COLLATE "C" NOT NULL,
	decided_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX complaint_resolution_case ON complaint_resolution (regency_code, complaint_id);

-- Photos and papers, their bytes in parts.
CREATE TABLE attachment (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	complaint_id text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL,
	size bigint NOT NULL,
	sha256 text COLLATE "C" NOT NULL,
	width bigint NOT NULL,
	height bigint NOT NULL,
	added_at timestamptz NOT NULL,
	added_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX attachment_case ON attachment (regency_code, complaint_id);
CREATE TABLE attachment_chunk (
	regency_code text COLLATE "C" NOT NULL,
	attachment_id text COLLATE "C" NOT NULL,
	no bigint NOT NULL,
	bytes bytea NOT NULL,
	PRIMARY KEY (regency_code, attachment_id, no),
	FOREIGN KEY (regency_code, attachment_id) REFERENCES attachment (regency_code, id)
);

-- Keys that make a repeated filing harmless.
CREATE TABLE idempotency (
	regency_code text COLLATE "C" NOT NULL,
	actor text COLLATE "C" NOT NULL,
	key text COLLATE "C" NOT NULL,
	body_hash text COLLATE "C" NOT NULL,
	ticket text COLLATE "C" NOT NULL,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code, actor, key)
);
CREATE INDEX idempotency_created ON idempotency (regency_code, created_at);

-- +goose StatementBegin
CREATE FUNCTION complaint_event_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'complaint_event is append-only';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER complaint_event_no_update BEFORE UPDATE ON complaint_event
	FOR EACH ROW EXECUTE FUNCTION complaint_event_append_only();
