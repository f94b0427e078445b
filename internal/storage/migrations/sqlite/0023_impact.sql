-- +goose Up
-- What other rules would change: counts over everybody of the registry (preview), or over answers that
-- were given (replay). A run that is under way tells here how far it is, and is stopped here.
CREATE TABLE rule_impact (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	kind TEXT NOT NULL, -- preview | replay
	base TEXT NOT NULL, -- hash of the rules in force
	draft TEXT NOT NULL, -- hash of the other rules
	state TEXT NOT NULL, -- running | done | void | failed | cancelled
	stage TEXT NOT NULL,
	done INTEGER NOT NULL,
	total INTEGER NOT NULL,
	stop BOOLEAN NOT NULL,
	started_at TEXT NOT NULL,
	started_by TEXT NOT NULL,
	beat_at TEXT NOT NULL,
	finished_at TEXT,
	message TEXT NOT NULL,
	result TEXT NOT NULL, -- JSON, "" until it is done
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX rule_impact_draft ON rule_impact (regency_code, draft, id);
