-- +goose Up
-- Rules that are being written.
CREATE TABLE policy_draft (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL,
	base text COLLATE "C" NOT NULL, -- hash of the revision it started from
	version bigint NOT NULL,
	state text COLLATE "C" NOT NULL,
	note text COLLATE "C" NOT NULL,
	editors text COLLATE "C" NOT NULL, -- JSON list, the author first
	revision text COLLATE "C" NOT NULL, -- hash it was proposed as, or ""
	created_at timestamptz NOT NULL,
	created_by text COLLATE "C" NOT NULL,
	updated_at timestamptz NOT NULL,
	updated_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE TABLE policy_draft_file (
	regency_code text COLLATE "C" NOT NULL,
	draft_id text COLLATE "C" NOT NULL,
	path text COLLATE "C" NOT NULL,
	content bytea NOT NULL,
	PRIMARY KEY (regency_code, draft_id, path),
	FOREIGN KEY (regency_code, draft_id) REFERENCES policy_draft (regency_code, id)
);
-- What was known about a revision when it was proposed, and what was decided about it.
CREATE TABLE policy_proposal (
	regency_code text COLLATE "C" NOT NULL,
	hash text COLLATE "C" NOT NULL,
	draft_id text COLLATE "C" NOT NULL,
	base text COLLATE "C" NOT NULL,
	editors text COLLATE "C" NOT NULL, -- JSON list
	report text COLLATE "C" NOT NULL, -- JSON
	proposed_at timestamptz NOT NULL,
	proposed_by text COLLATE "C" NOT NULL,
	rejected_at timestamptz,
	rejected_by text COLLATE "C" NOT NULL,
	reason text COLLATE "C" NOT NULL,
	activate_at timestamptz,
	scheduled_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, hash),
	FOREIGN KEY (regency_code, hash) REFERENCES policy_revision (regency_code, hash)
);
CREATE INDEX policy_proposal_due ON policy_proposal (regency_code, activate_at) WHERE activate_at IS NOT NULL;
CREATE TABLE policy_comment (
	regency_code text COLLATE "C" NOT NULL,
	hash text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	path text COLLATE "C" NOT NULL,
	line bigint NOT NULL,
	body text COLLATE "C" NOT NULL,
	made_at timestamptz NOT NULL,
	made_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, hash, id)
);
-- Every change of the rules in force. Never updated.
CREATE TABLE policy_switch (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	hash text COLLATE "C" NOT NULL,
	previous text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL,
	reason text COLLATE "C" NOT NULL,
	impact text COLLATE "C" NOT NULL, -- id of a preview, or ""
	made_at timestamptz NOT NULL,
	made_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, id)
);
-- Times in which no other rules come into force.
CREATE TABLE policy_freeze (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	from_day text COLLATE "C" NOT NULL,
	until_day text COLLATE "C" NOT NULL,
	reason text COLLATE "C" NOT NULL,
	made_at timestamptz NOT NULL,
	made_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, id)
);
