-- +goose Up
-- Background work. A job without a lease waits; with one it is being done, or whoever did it died
-- when the lease is over. A buried one failed too often and is kept to be looked at.
CREATE TABLE job (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL,
	job_key text COLLATE "C" NOT NULL,
	payload bytea NOT NULL, -- ids only, never personal data
	run_at timestamptz NOT NULL,
	attempts bigint NOT NULL, -- grows with every claim, so that a late runner is not heard
	last_error text COLLATE "C" NOT NULL,
	lease_until timestamptz,
	buried_at timestamptz,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE UNIQUE INDEX job_waiting ON job (regency_code, kind, job_key) WHERE lease_until IS NULL AND buried_at IS NULL;
CREATE INDEX job_due ON job (regency_code, run_at, id) WHERE buried_at IS NULL;

-- What leaves the office towards reporters. It holds names, addresses and text; the trail and the
-- events hold none of it.
CREATE TABLE outbox_message (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	complaint_id text COLLATE "C" NOT NULL,
	event_id text COLLATE "C" NOT NULL,
	through text COLLATE "C" NOT NULL, -- email | whatsapp | letter | spoken
	recipient text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL,
	subject text COLLATE "C" NOT NULL,
	body text COLLATE "C" NOT NULL,
	state text COLLATE "C" NOT NULL, -- queued | sending | sent | copied | failed | cancelled
	attempts bigint NOT NULL,
	last_error text COLLATE "C" NOT NULL, -- without personal data
	next_at timestamptz,
	created_at timestamptz NOT NULL,
	created_by text COLLATE "C" NOT NULL,
	updated_at timestamptz NOT NULL,
	sent_at timestamptz,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX outbox_open ON outbox_message (regency_code, state, id) WHERE state IN ('queued', 'sending', 'failed');
CREATE INDEX outbox_case ON outbox_message (regency_code, complaint_id, id);

-- The regency's own wording of replies. Versions are only added; the newest holds, and one that is
-- marked shipped gives the word back to the text of the program.
CREATE TABLE reply_template (
	regency_code text COLLATE "C" NOT NULL,
	code text COLLATE "C" NOT NULL,
	version bigint NOT NULL,
	subject text COLLATE "C" NOT NULL,
	body text COLLATE "C" NOT NULL,
	shipped boolean NOT NULL,
	saved_at timestamptz NOT NULL,
	saved_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, code, version)
);
