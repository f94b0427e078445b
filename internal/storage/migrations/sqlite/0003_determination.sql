-- +goose Up
-- What was decided about whom, with everything needed to decide it again. Never updated.
CREATE TABLE determination (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	nik TEXT NOT NULL, -- "" when the subject has none
	outcome TEXT NOT NULL,
	service_advice TEXT NOT NULL,
	revision TEXT NOT NULL,
	engine TEXT NOT NULL,
	decided_at TEXT NOT NULL,
	decided_by TEXT NOT NULL,
	purpose TEXT NOT NULL,
	subject TEXT NOT NULL, -- JSON, like the four below
	decision TEXT NOT NULL,
	facts TEXT NOT NULL,
	registry TEXT NOT NULL,
	warnings TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX determination_nik ON determination (regency_code, nik, decided_at);
CREATE INDEX determination_decided ON determination (regency_code, decided_at);

-- The rule sets: bytes that never change, and how far each has come.
CREATE TABLE policy_revision (
	regency_code TEXT NOT NULL,
	hash TEXT NOT NULL,
	number INTEGER NOT NULL,
	status TEXT NOT NULL,
	bundle BLOB NOT NULL,
	note TEXT NOT NULL,
	created_at TEXT NOT NULL,
	created_by TEXT NOT NULL,
	approved_at TEXT,
	approved_by TEXT NOT NULL,
	activated_at TEXT,
	activated_by TEXT NOT NULL,
	retired_at TEXT,
	PRIMARY KEY (regency_code, hash),
	UNIQUE (regency_code, number)
);
-- At most one revision decides.
CREATE UNIQUE INDEX policy_revision_active ON policy_revision (regency_code) WHERE status = 'active';
