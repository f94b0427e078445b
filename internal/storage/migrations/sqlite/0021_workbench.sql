-- +goose Up
-- Rules that are being written.
CREATE TABLE policy_draft (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	base TEXT NOT NULL, -- hash of the revision it started from
	version INTEGER NOT NULL,
	state TEXT NOT NULL,
	note TEXT NOT NULL,
	editors TEXT NOT NULL, -- JSON list, the author first
	revision TEXT NOT NULL, -- hash it was proposed as, or ""
	created_at TEXT NOT NULL,
	created_by TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE TABLE policy_draft_file (
	regency_code TEXT NOT NULL,
	draft_id TEXT NOT NULL,
	path TEXT NOT NULL,
	content BLOB NOT NULL,
	PRIMARY KEY (regency_code, draft_id, path),
	FOREIGN KEY (regency_code, draft_id) REFERENCES policy_draft (regency_code, id)
);
-- What was known about a revision when it was proposed, and what was decided about it.
CREATE TABLE policy_proposal (
	regency_code TEXT NOT NULL,
	hash TEXT NOT NULL,
	draft_id TEXT NOT NULL,
	base TEXT NOT NULL,
	editors TEXT NOT NULL, -- JSON list
	report TEXT NOT NULL, -- JSON
	proposed_at TEXT NOT NULL,
	proposed_by TEXT NOT NULL,
	rejected_at TEXT,
	rejected_by TEXT NOT NULL,
	reason TEXT NOT NULL,
	activate_at TEXT,
	scheduled_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, hash),
	FOREIGN KEY (regency_code, hash) REFERENCES policy_revision (regency_code, hash)
);
CREATE INDEX policy_proposal_due ON policy_proposal (regency_code, activate_at) WHERE activate_at IS NOT NULL;
CREATE TABLE policy_comment (
	regency_code TEXT NOT NULL,
	hash TEXT NOT NULL,
	id TEXT NOT NULL,
	path TEXT NOT NULL,
	line INTEGER NOT NULL,
	body TEXT NOT NULL,
	made_at TEXT NOT NULL,
	made_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, hash, id)
);
-- Every change of the rules in force. Never updated.
CREATE TABLE policy_switch (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	hash TEXT NOT NULL,
	previous TEXT NOT NULL,
	kind TEXT NOT NULL,
	reason TEXT NOT NULL,
	impact TEXT NOT NULL, -- id of a preview, or ""
	made_at TEXT NOT NULL,
	made_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);
-- Times in which no other rules come into force.
CREATE TABLE policy_freeze (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	from_day TEXT NOT NULL,
	until_day TEXT NOT NULL,
	reason TEXT NOT NULL,
	made_at TEXT NOT NULL,
	made_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);
