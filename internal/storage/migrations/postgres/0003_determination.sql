-- +goose Up
-- What was decided about whom, with everything needed to decide it again. Never updated.
CREATE TABLE determination (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	nik text COLLATE "C" NOT NULL, -- "" when the subject has none
	outcome text COLLATE "C" NOT NULL,
	service_advice text COLLATE "C" NOT NULL,
	revision text COLLATE "C" NOT NULL,
	engine text COLLATE "C" NOT NULL,
	decided_at timestamptz NOT NULL,
	decided_by text COLLATE "C" NOT NULL,
	purpose text COLLATE "C" NOT NULL,
	subject text COLLATE "C" NOT NULL, -- JSON, like the four below
	decision text COLLATE "C" NOT NULL,
	facts text COLLATE "C" NOT NULL,
	registry text COLLATE "C" NOT NULL,
	warnings text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX determination_nik ON determination (regency_code, nik, decided_at);
CREATE INDEX determination_decided ON determination (regency_code, decided_at);

-- The rule sets: bytes that never change, and how far each has come.
CREATE TABLE policy_revision (
	regency_code text COLLATE "C" NOT NULL,
	hash text COLLATE "C" NOT NULL,
	number bigint NOT NULL,
	status text COLLATE "C" NOT NULL,
	bundle bytea NOT NULL,
	note text COLLATE "C" NOT NULL,
	created_at timestamptz NOT NULL,
	created_by text COLLATE "C" NOT NULL,
	approved_at timestamptz,
	approved_by text COLLATE "C" NOT NULL,
	activated_at timestamptz,
	activated_by text COLLATE "C" NOT NULL,
	retired_at timestamptz,
	PRIMARY KEY (regency_code, hash),
	UNIQUE (regency_code, number)
);
-- At most one revision decides.
CREATE UNIQUE INDEX policy_revision_active ON policy_revision (regency_code) WHERE status = 'active';
