-- +goose Up
-- What other rules would change: counts over everybody of the registry (preview), or over answers that
-- were given (replay). A run that is under way tells here how far it is, and is stopped here.
CREATE TABLE rule_impact (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL, -- preview | replay
	base text COLLATE "C" NOT NULL, -- hash of the rules in force
	draft text COLLATE "C" NOT NULL, -- hash of the other rules
	state text COLLATE "C" NOT NULL, -- running | done | void | failed | cancelled
	stage text COLLATE "C" NOT NULL,
	done bigint NOT NULL,
	total bigint NOT NULL,
	stop boolean NOT NULL,
	started_at timestamptz NOT NULL,
	started_by text COLLATE "C" NOT NULL,
	beat_at timestamptz NOT NULL,
	finished_at timestamptz,
	message text COLLATE "C" NOT NULL,
	result text COLLATE "C" NOT NULL, -- JSON, "" until it is done
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX rule_impact_draft ON rule_impact (regency_code, draft, id);
