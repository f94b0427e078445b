-- +goose Up
-- People whose answer changed since it was given, because other data or other rules came into force.

-- One pass over the refusals and the open cases. position says how far it came, so that a pass whose
-- process died goes on where it was.
CREATE TABLE recheck_run (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	reason text COLLATE "C" NOT NULL, -- Indonesian: what came into force
	registry_rev bigint NOT NULL, -- revision of the registry that it checks against
	revision text COLLATE "C" NOT NULL, -- hash of the rules
	started_at timestamptz NOT NULL,
	beat_at timestamptz NOT NULL,
	finished_at timestamptz,
	superseded boolean NOT NULL, -- newer data came before its end
	position text COLLATE "C" NOT NULL,
	total bigint NOT NULL, -- how many there were to check when it began
	checked bigint NOT NULL,
	changed bigint NOT NULL,
	failed bigint NOT NULL, -- could not be decided again
	PRIMARY KEY (regency_code, id)
);

CREATE TABLE recheck_item (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	run_id text COLLATE "C" NOT NULL,
	person text COLLATE "C" NOT NULL, -- the NIK; for a subject without one a hash of what is known
	nik text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL, -- masked
	need text COLLATE "C" NOT NULL,
	old_determination text COLLATE "C" NOT NULL,
	new_determination text COLLATE "C" NOT NULL,
	outcome_from text COLLATE "C" NOT NULL,
	outcome_to text COLLATE "C" NOT NULL,
	why text COLLATE "C" NOT NULL,
	causes text COLLATE "C" NOT NULL, -- codes with blanks between
	complaint_id text COLLATE "C" NOT NULL, -- "" when the check belonged to no case
	patient bigint NOT NULL,
	unit text COLLATE "C" NOT NULL, -- of the case, else of whoever checked
	asked_by text COLLATE "C" NOT NULL,
	village text COLLATE "C" NOT NULL,
	district text COLLATE "C" NOT NULL,
	regency text COLLATE "C" NOT NULL,
	old_decided_at timestamptz NOT NULL,
	listed_at timestamptz NOT NULL,
	status text COLLATE "C" NOT NULL, -- open | answered | dismissed | void: the answer went back by itself
	done_at timestamptz,
	done_by text COLLATE "C" NOT NULL,
	note text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, id)
);
-- Nobody is listed twice for one need.
CREATE UNIQUE INDEX recheck_item_open ON recheck_item (regency_code, person, need) WHERE status = 'open';
CREATE INDEX recheck_item_status ON recheck_item (regency_code, status, outcome_to, id);
CREATE INDEX recheck_item_new ON recheck_item (regency_code, new_determination);
CREATE INDEX recheck_item_case ON recheck_item (regency_code, complaint_id) WHERE complaint_id <> '';

CREATE INDEX determination_refused ON determination (regency_code, id) WHERE outcome IN ('not_eligible', 'needs_information');
CREATE INDEX complaint_check_determination ON complaint_check (regency_code, determination_id);
