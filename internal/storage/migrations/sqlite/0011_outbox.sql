-- +goose Up
-- Background work. A job without a lease waits; with one it is being done, or whoever did it died
-- when the lease is over. A buried one failed too often and is kept to be looked at.
CREATE TABLE job (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	kind TEXT NOT NULL,
	job_key TEXT NOT NULL,
	payload BLOB NOT NULL, -- ids only, never personal data
	run_at TEXT NOT NULL,
	attempts INTEGER NOT NULL, -- grows with every claim, so that a late runner is not heard
	last_error TEXT NOT NULL,
	lease_until TEXT,
	buried_at TEXT,
	created_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE UNIQUE INDEX job_waiting ON job (regency_code, kind, job_key) WHERE lease_until IS NULL AND buried_at IS NULL;
CREATE INDEX job_due ON job (regency_code, run_at, id) WHERE buried_at IS NULL;

-- What leaves the office towards reporters. It holds names, addresses and text; the trail and the
-- events hold none of it.
CREATE TABLE outbox_message (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	event_id TEXT NOT NULL,
	through TEXT NOT NULL, -- email | whatsapp | letter | spoken
	recipient TEXT NOT NULL,
	name TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	state TEXT NOT NULL, -- queued | sending | sent | copied | failed | cancelled
	attempts INTEGER NOT NULL,
	last_error TEXT NOT NULL, -- without personal data
	next_at TEXT,
	created_at TEXT NOT NULL,
	created_by TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	sent_at TEXT,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE INDEX outbox_open ON outbox_message (regency_code, state, id) WHERE state IN ('queued', 'sending', 'failed');
CREATE INDEX outbox_case ON outbox_message (regency_code, complaint_id, id);

-- The regency's own wording of replies. Versions are only added; the newest holds, and one that is
-- marked shipped gives the word back to the text of the program.
CREATE TABLE reply_template (
	regency_code TEXT NOT NULL,
	code TEXT NOT NULL,
	version INTEGER NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	shipped BOOLEAN NOT NULL,
	saved_at TEXT NOT NULL,
	saved_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, code, version)
);
