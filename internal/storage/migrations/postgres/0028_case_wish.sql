-- +goose Up
-- What a draft goes on from: the hash of a revision or the id of a draft; '' when it began with the rules in force.
ALTER TABLE policy_draft ADD COLUMN origin text COLLATE "C" NOT NULL DEFAULT '';
-- Determinations that a desk would like to see as tests of the rules, without the person.
CREATE TABLE policy_case_wish (
	regency_code text COLLATE "C" NOT NULL,
	check_id text COLLATE "C" NOT NULL, -- the determination
	outcome text COLLATE "C" NOT NULL,
	codes text COLLATE "C" NOT NULL, -- JSON list of finding codes
	note text COLLATE "C" NOT NULL, -- what it shows
	made_at timestamptz NOT NULL,
	made_by text COLLATE "C" NOT NULL,
	closed_at timestamptz,
	closed_by text COLLATE "C" NOT NULL DEFAULT '',
	PRIMARY KEY (regency_code, check_id)
);
