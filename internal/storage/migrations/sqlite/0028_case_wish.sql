-- +goose Up
-- What a draft goes on from: the hash of a revision or the id of a draft; '' when it began with the rules in force.
ALTER TABLE policy_draft ADD COLUMN origin TEXT NOT NULL DEFAULT '';
-- Determinations that a desk would like to see as tests of the rules, without the person.
CREATE TABLE policy_case_wish (
	regency_code TEXT NOT NULL,
	check_id TEXT NOT NULL, -- the determination
	outcome TEXT NOT NULL,
	codes TEXT NOT NULL, -- JSON list of finding codes
	note TEXT NOT NULL, -- what it shows
	made_at TEXT NOT NULL,
	made_by TEXT NOT NULL,
	closed_at TEXT,
	closed_by TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (regency_code, check_id)
);
