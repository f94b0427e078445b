-- +goose Up
-- People whose answer changed since it was given, because other data or other rules came into force.

-- One pass over the refusals and the open cases. position says how far it came, so that a pass whose
-- process died goes on where it was.
CREATE TABLE recheck_run (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	reason TEXT NOT NULL, -- Indonesian: what came into force
	registry_rev INTEGER NOT NULL, -- revision of the registry that it checks against
	revision TEXT NOT NULL, -- hash of the rules
	started_at TEXT NOT NULL,
	beat_at TEXT NOT NULL,
	finished_at TEXT,
	superseded BOOLEAN NOT NULL, -- newer data came before its end
	position TEXT NOT NULL,
	total INTEGER NOT NULL, -- how many there were to check when it began
	checked INTEGER NOT NULL,
	changed INTEGER NOT NULL,
	failed INTEGER NOT NULL, -- could not be decided again
	PRIMARY KEY (regency_code, id)
);

CREATE TABLE recheck_item (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	run_id TEXT NOT NULL,
	person TEXT NOT NULL, -- the NIK; for a subject without one a hash of what is known
	nik TEXT NOT NULL,
	name TEXT NOT NULL, -- masked
	need TEXT NOT NULL,
	old_determination TEXT NOT NULL,
	new_determination TEXT NOT NULL,
	outcome_from TEXT NOT NULL,
	outcome_to TEXT NOT NULL,
	why TEXT NOT NULL,
	causes TEXT NOT NULL, -- codes with blanks between
	complaint_id TEXT NOT NULL, -- "" when the check belonged to no case
	patient INTEGER NOT NULL,
	unit TEXT NOT NULL, -- of the case, else of whoever checked
	asked_by TEXT NOT NULL,
	village TEXT NOT NULL,
	district TEXT NOT NULL,
	regency TEXT NOT NULL,
	old_decided_at TEXT NOT NULL,
	listed_at TEXT NOT NULL,
	status TEXT NOT NULL, -- open | answered | dismissed | void: the answer went back by itself
	done_at TEXT,
	done_by TEXT NOT NULL,
	note TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);
-- Nobody is listed twice for one need.
CREATE UNIQUE INDEX recheck_item_open ON recheck_item (regency_code, person, need) WHERE status = 'open';
CREATE INDEX recheck_item_status ON recheck_item (regency_code, status, outcome_to, id);
CREATE INDEX recheck_item_new ON recheck_item (regency_code, new_determination);
CREATE INDEX recheck_item_case ON recheck_item (regency_code, complaint_id) WHERE complaint_id <> '';

CREATE INDEX determination_refused ON determination (regency_code, id) WHERE outcome IN ('not_eligible', 'needs_information');
CREATE INDEX complaint_check_determination ON complaint_check (regency_code, determination_id);
