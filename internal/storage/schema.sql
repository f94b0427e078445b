-- Written by: go test ./internal/storage -run SchemaFile -update
-- The tables as the SQLite migrations build them.

CREATE TABLE attachment (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	size INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	width INTEGER NOT NULL,
	height INTEGER NOT NULL,
	added_at TEXT NOT NULL,
	added_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

CREATE INDEX attachment_case ON attachment (regency_code, complaint_id, id);

CREATE TABLE attachment_chunk (
	regency_code TEXT NOT NULL,
	attachment_id TEXT NOT NULL,
	no INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (regency_code, attachment_id, no),
	FOREIGN KEY (regency_code, attachment_id) REFERENCES attachment (regency_code, id)
);

CREATE TABLE audit_entry (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	at TEXT NOT NULL,
	actor TEXT NOT NULL,
	act TEXT NOT NULL,
	object TEXT NOT NULL,
	object_id TEXT NOT NULL,
	person_hash TEXT NOT NULL,
	purpose TEXT NOT NULL,
	payload_hash TEXT NOT NULL,
	block INTEGER, -- number of the block that seals it; null until then
	PRIMARY KEY (regency_code, id)
);

CREATE INDEX audit_entry_actor ON audit_entry (regency_code, actor, at, id);

CREATE INDEX audit_entry_at ON audit_entry (regency_code, at, id);

CREATE INDEX audit_entry_block ON audit_entry (regency_code, block, id);

CREATE INDEX audit_entry_person ON audit_entry (regency_code, person_hash, at, id) WHERE person_hash <> '';

CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
BEGIN
	SELECT RAISE(ABORT, 'audit_entry is append-only');
END;

CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry WHERE rowid = NEW.rowid)
	OR EXISTS (SELECT 1 FROM audit_entry WHERE regency_code = NEW.regency_code AND id = NEW.id)
BEGIN
	SELECT RAISE(ABORT, 'audit_entry is append-only: the key exists');
END;

CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
WHEN OLD.block IS NOT NULL OR NEW.block IS NULL
	OR OLD.regency_code IS NOT NEW.regency_code
	OR OLD.id IS NOT NEW.id
	OR OLD.at IS NOT NEW.at
	OR OLD.actor IS NOT NEW.actor
	OR OLD.act IS NOT NEW.act
	OR OLD.object IS NOT NEW.object
	OR OLD.object_id IS NOT NEW.object_id
	OR OLD.person_hash IS NOT NEW.person_hash
	OR OLD.purpose IS NOT NEW.purpose
	OR OLD.payload_hash IS NOT NEW.payload_hash
BEGIN
	SELECT RAISE(ABORT, 'audit_entry is append-only');
END;

CREATE TABLE column_mapping (
	regency_code TEXT NOT NULL,
	headers_hash TEXT NOT NULL,
	columns_json TEXT NOT NULL,
	saved_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, headers_hash)
);

CREATE TABLE complaint (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	ticket TEXT NOT NULL,
	state TEXT NOT NULL,
	states_before TEXT NOT NULL, -- JSON: what a reply or an unmerging leads back to
	version INTEGER NOT NULL,
	last_seq INTEGER NOT NULL, -- of its events; raising it locks the case
	channel TEXT NOT NULL,
	matter TEXT NOT NULL,
	need TEXT NOT NULL,
	body TEXT NOT NULL,
	reporter_name TEXT NOT NULL,
	reporter_phone TEXT NOT NULL,
	reporter_relation TEXT NOT NULL,
	unit TEXT NOT NULL, -- "" when no unit has it
	staff TEXT NOT NULL,
	village TEXT NOT NULL,
	filed_by TEXT NOT NULL,
	filed_unit TEXT NOT NULL,
	filed_at TEXT NOT NULL,
	updated_at TEXT NOT NULL, class TEXT NOT NULL DEFAULT '', priority TEXT NOT NULL DEFAULT 'normal', element TEXT NOT NULL DEFAULT '', attention BOOLEAN NOT NULL DEFAULT FALSE, deceased BOOLEAN NOT NULL DEFAULT FALSE, accused TEXT NOT NULL DEFAULT '', source TEXT NOT NULL DEFAULT '', source_number TEXT NOT NULL DEFAULT '', title TEXT NOT NULL DEFAULT '', reporter_email TEXT NOT NULL DEFAULT '', reporter_handle TEXT NOT NULL DEFAULT '', merged_into TEXT NOT NULL DEFAULT '', rating INTEGER NOT NULL DEFAULT 0, clocks TEXT NOT NULL DEFAULT '[]', refund TEXT NOT NULL DEFAULT '', due_at TEXT, due_kind TEXT NOT NULL DEFAULT '', look_at TEXT, acted_at TEXT, escalated INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (regency_code, id),
	UNIQUE (regency_code, ticket)
);

CREATE INDEX complaint_due ON complaint (regency_code, due_at, id, due_kind) WHERE due_at IS NOT NULL;

CREATE INDEX complaint_escalated ON complaint (regency_code, due_at, id, escalated, unit, filed_unit, filed_by) WHERE escalated > 0;

CREATE INDEX complaint_filed ON complaint (regency_code, filed_at);

CREATE INDEX complaint_filed_by ON complaint (regency_code, filed_by, state, id);

CREATE INDEX complaint_filed_unit ON complaint (regency_code, filed_unit, state, id);

CREATE INDEX complaint_look ON complaint (regency_code, look_at) WHERE look_at IS NOT NULL;

CREATE INDEX complaint_merged ON complaint (regency_code, merged_into) WHERE merged_into <> '';

CREATE INDEX complaint_queue ON complaint (regency_code, state,
	(CASE WHEN need = 'emergency' OR priority = 'emergency' THEN 0 ELSE 1 END),
	(CASE WHEN staff = '' THEN 0 ELSE 1 END), (COALESCE(due_at, filed_at)), id, due_at, due_kind);

CREATE INDEX complaint_refund ON complaint (regency_code, updated_at) WHERE refund <> '';

CREATE UNIQUE INDEX complaint_source ON complaint (regency_code, source, source_number) WHERE source_number <> '';

CREATE INDEX complaint_staff ON complaint (regency_code, staff, state);

CREATE INDEX complaint_state ON complaint (regency_code, state, id);

CREATE INDEX complaint_unit ON complaint (regency_code, unit, state, id);

CREATE INDEX complaint_unit_due ON complaint (regency_code, unit, due_at, id, due_kind) WHERE due_at IS NOT NULL;

CREATE INDEX complaint_updated ON complaint (regency_code, updated_at);

CREATE TABLE complaint_area (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	area TEXT NOT NULL,
	PRIMARY KEY (regency_code, complaint_id, area),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

CREATE INDEX complaint_area_area ON complaint_area (regency_code, area, complaint_id);

CREATE TABLE complaint_check (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	determination_id TEXT NOT NULL,
	patient INTEGER NOT NULL,
	nik TEXT NOT NULL,
	outcome TEXT NOT NULL,
	service_advice TEXT NOT NULL,
	summary TEXT NOT NULL,
	decided_at TEXT NOT NULL,
	event_seq INTEGER NOT NULL,
	PRIMARY KEY (regency_code, complaint_id, event_seq),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

CREATE INDEX complaint_check_determination ON complaint_check (regency_code, determination_id);

CREATE TABLE complaint_event (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	seq INTEGER NOT NULL,
	type TEXT NOT NULL,
	at TEXT NOT NULL,
	actor TEXT NOT NULL,
	title TEXT NOT NULL,
	unit TEXT NOT NULL,
	from_state TEXT NOT NULL,
	to_state TEXT NOT NULL,
	public BOOLEAN NOT NULL,
	note TEXT NOT NULL,
	data TEXT NOT NULL, -- JSON by type, "" for none
	PRIMARY KEY (regency_code, id),
	UNIQUE (regency_code, complaint_id, seq),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

CREATE INDEX complaint_event_actor ON complaint_event (regency_code, actor, at);

CREATE TRIGGER complaint_event_no_replace BEFORE INSERT ON complaint_event
WHEN EXISTS (SELECT 1 FROM complaint_event WHERE rowid = NEW.rowid)
	OR EXISTS (SELECT 1 FROM complaint_event WHERE regency_code = NEW.regency_code AND id = NEW.id)
	OR EXISTS (SELECT 1 FROM complaint_event WHERE regency_code = NEW.regency_code AND complaint_id = NEW.complaint_id AND seq = NEW.seq)
BEGIN
	SELECT RAISE(ABORT, 'complaint_event is append-only: the key exists');
END;

CREATE TRIGGER complaint_event_no_update BEFORE UPDATE ON complaint_event
BEGIN
	SELECT RAISE(ABORT, 'complaint_event is append-only');
END;

CREATE VIRTUAL TABLE complaint_find USING fts5 (words, content='', contentless_delete=1, detail=none, tokenize='unicode61 remove_diacritics 2');

CREATE TABLE 'complaint_find_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'complaint_find_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'complaint_find_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'complaint_find_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE complaint_mark (
	regency_code TEXT NOT NULL,
	hash TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	kind TEXT NOT NULL, -- nik | kk | phone | handle
	PRIMARY KEY (regency_code, hash, complaint_id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

CREATE INDEX complaint_mark_case ON complaint_mark (regency_code, complaint_id);

CREATE TABLE complaint_patient (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	no INTEGER NOT NULL,
	nik TEXT NOT NULL,
	subject TEXT, -- JSON; null when there is a NIK or nothing
	name TEXT NOT NULL,
	village TEXT NOT NULL,
	PRIMARY KEY (regency_code, complaint_id, no),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

CREATE INDEX complaint_patient_nik ON complaint_patient (regency_code, nik);

CREATE TABLE complaint_registration (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	patient INTEGER NOT NULL,
	through TEXT NOT NULL,
	reference TEXT NOT NULL,
	sent_at TEXT NOT NULL,
	sent_by TEXT NOT NULL,
	result TEXT NOT NULL,
	active_on TEXT NOT NULL, -- YYYY-MM-DD or ""
	refused_why TEXT NOT NULL,
	proof TEXT NOT NULL, -- id of an attachment or ""
	updated_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

CREATE INDEX complaint_registration_case ON complaint_registration (regency_code, complaint_id, patient);

CREATE INDEX complaint_registration_pending ON complaint_registration (regency_code, sent_at) WHERE result = 'pending';

CREATE TABLE complaint_resolution (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	event_id TEXT NOT NULL,
	decision TEXT NOT NULL,
	reason TEXT NOT NULL,
	advice TEXT NOT NULL,
	unregistered BOOLEAN NOT NULL,
	checks TEXT NOT NULL, -- JSON list of determination ids
	evidence TEXT NOT NULL, -- JSON list
	decided_by TEXT NOT NULL,
	decided_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

CREATE INDEX complaint_resolution_case ON complaint_resolution (regency_code, complaint_id, id);

CREATE TABLE complaint_task (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	no INTEGER NOT NULL,
	unit TEXT NOT NULL,
	act TEXT NOT NULL,
	given_at TEXT NOT NULL,
	given_by TEXT NOT NULL,
	due_at TEXT,
	seen_at TEXT,
	result TEXT NOT NULL, -- "" while it is open
	note TEXT NOT NULL,
	proof TEXT NOT NULL, -- id of an attachment or ""
	done_at TEXT,
	done_by TEXT NOT NULL, role TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (regency_code, complaint_id, no),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

CREATE INDEX complaint_task_open ON complaint_task (regency_code, unit, due_at) WHERE result = '';

CREATE INDEX complaint_task_unit ON complaint_task (regency_code, unit, complaint_id);

CREATE TABLE complaint_text (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	words TEXT NOT NULL,
	doc INTEGER PRIMARY KEY,
	UNIQUE (regency_code, complaint_id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

CREATE TRIGGER complaint_text_added AFTER INSERT ON complaint_text BEGIN
	INSERT INTO complaint_find (rowid, words) VALUES (new.doc, new.words);
END;

CREATE TRIGGER complaint_text_changed AFTER UPDATE OF words ON complaint_text BEGIN
	DELETE FROM complaint_find WHERE rowid = old.doc;
	INSERT INTO complaint_find (rowid, words) VALUES (new.doc, new.words);
END;

CREATE TRIGGER complaint_text_gone AFTER DELETE ON complaint_text BEGIN
	DELETE FROM complaint_find WHERE rowid = old.doc;
END;

CREATE TABLE coverage (
	regency_code TEXT NOT NULL,
	kind TEXT NOT NULL,
	area TEXT NOT NULL,
	import_seq INTEGER NOT NULL,
	as_of TEXT NOT NULL,
	snapshot BOOLEAN NOT NULL, -- the import listed everybody of the area
	PRIMARY KEY (regency_code, area, kind, import_seq)
);

CREATE TABLE coverage_gap (
	regency_code TEXT NOT NULL,
	row_key TEXT NOT NULL,
	kind TEXT NOT NULL,
	import_seq INTEGER NOT NULL,
	PRIMARY KEY (regency_code, row_key, kind, import_seq)
);

CREATE INDEX coverage_gap_import ON coverage_gap (regency_code, import_seq);

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

CREATE INDEX determination_decided ON determination (regency_code, decided_at);

CREATE INDEX determination_nik ON determination (regency_code, nik, decided_at);

CREATE INDEX determination_refused ON determination (regency_code, id) WHERE outcome IN ('not_eligible', 'needs_information');

CREATE TRIGGER determination_no_delete BEFORE DELETE ON determination
BEGIN
	SELECT RAISE(ABORT, 'determination is append-only');
END;

CREATE TRIGGER determination_no_replace BEFORE INSERT ON determination
WHEN EXISTS (SELECT 1 FROM determination WHERE rowid = NEW.rowid)
	OR EXISTS (SELECT 1 FROM determination WHERE regency_code = NEW.regency_code AND id = NEW.id)
BEGIN
	SELECT RAISE(ABORT, 'determination is append-only: the key exists');
END;

CREATE TRIGGER determination_no_update BEFORE UPDATE ON determination
BEGIN
	SELECT RAISE(ABORT, 'determination is append-only');
END;

CREATE TABLE holiday (
	regency_code TEXT NOT NULL,
	day TEXT NOT NULL, -- YYYY-MM-DD
	name TEXT NOT NULL,
	kind TEXT NOT NULL, -- national | leave | local
	source TEXT NOT NULL,
	loaded_at TEXT NOT NULL,
	loaded_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, day)
);

CREATE TABLE holiday_year (
	regency_code TEXT NOT NULL,
	year INTEGER NOT NULL,
	loaded_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, year)
);

CREATE TABLE idempotency (
	regency_code TEXT NOT NULL,
	actor TEXT NOT NULL,
	key TEXT NOT NULL,
	body_hash TEXT NOT NULL,
	ticket TEXT NOT NULL,
	created_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, actor, key)
);

CREATE INDEX idempotency_created ON idempotency (regency_code, created_at);

CREATE TABLE import_reject (
	regency_code TEXT NOT NULL,
	import_id TEXT NOT NULL,
	position INTEGER NOT NULL,
	file TEXT NOT NULL,
	sheet TEXT NOT NULL,
	row_number INTEGER NOT NULL,
	column_name TEXT NOT NULL,
	value TEXT NOT NULL,
	code TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (regency_code, import_id, position)
);

CREATE TABLE installation (
	regency_code TEXT NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (regency_code, name)
);

CREATE TABLE job (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	kind TEXT NOT NULL,
	job_key TEXT NOT NULL,
	payload BLOB NOT NULL, -- ids only, never personal data
	run_at TEXT NOT NULL,
	attempts INTEGER NOT NULL, -- grows with every claim, so that a late runner is not heard
	last_error TEXT NOT NULL,
	lease_until TEXT,
	buried_at TEXT,
	created_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);

CREATE INDEX job_due ON job (regency_code, run_at, id) WHERE buried_at IS NULL;

CREATE UNIQUE INDEX job_waiting ON job (regency_code, kind, job_key) WHERE lease_until IS NULL AND buried_at IS NULL;

CREATE TABLE membership_version (
	regency_code TEXT NOT NULL,
	row_key TEXT NOT NULL, -- the NIK
	import_seq INTEGER NOT NULL,
	gone BOOLEAN NOT NULL, -- the file no longer lists the row; the values are those it had
	nik TEXT NOT NULL,
	kk TEXT NOT NULL,
	segment TEXT NOT NULL,
	member_status TEXT NOT NULL,
	member_reason TEXT NOT NULL,
	member_since TEXT NOT NULL,
	inactive_since TEXT NOT NULL,
	class TEXT NOT NULL,
	jkn_number TEXT NOT NULL,
	facility TEXT NOT NULL,
	PRIMARY KEY (regency_code, row_key, import_seq)
);

CREATE TABLE number_case (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	last_seq INTEGER NOT NULL, -- of the events that are counted
	month TEXT NOT NULL, -- YYYY-MM in which it was filed
	unit TEXT NOT NULL,
	class TEXT NOT NULL,
	channel TEXT NOT NULL,
	district TEXT NOT NULL,
	matter TEXT NOT NULL,
	element TEXT NOT NULL,
	next_at TEXT, -- when the counts change though nobody acts
	counts TEXT NOT NULL,
	PRIMARY KEY (regency_code, complaint_id)
);

CREATE INDEX number_case_district ON number_case (regency_code, district, month);

CREATE INDEX number_case_month ON number_case (regency_code, month);

CREATE INDEX number_case_next ON number_case (regency_code, next_at) WHERE next_at IS NOT NULL;

CREATE INDEX number_case_unit ON number_case (regency_code, unit, month);

CREATE TABLE number_cell (
	regency_code TEXT NOT NULL,
	unit TEXT NOT NULL, -- '' is the whole regency
	slice TEXT NOT NULL, -- '' or what narrows beside unit and month: "class:complaint"
	month TEXT NOT NULL,
	dimension TEXT NOT NULL, -- '' is the whole
	value TEXT NOT NULL,
	counts TEXT NOT NULL,
	PRIMARY KEY (regency_code, unit, slice, month, dimension, value)
);

CREATE TABLE outbox_message (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	event_id TEXT NOT NULL,
	through TEXT NOT NULL, -- email | whatsapp | letter | spoken
	recipient TEXT NOT NULL,
	name TEXT NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	state TEXT NOT NULL, -- queued | sending | sent | copied | failed | cancelled
	attempts INTEGER NOT NULL,
	last_error TEXT NOT NULL, -- without personal data
	next_at TEXT,
	created_at TEXT NOT NULL,
	created_by TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	sent_at TEXT,
	PRIMARY KEY (regency_code, id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);

CREATE INDEX outbox_case ON outbox_message (regency_code, complaint_id, id);

CREATE INDEX outbox_open ON outbox_message (regency_code, state, id) WHERE state IN ('queued', 'sending', 'failed');

CREATE TABLE paid_aside (
	regency_code TEXT NOT NULL,
	nik TEXT NOT NULL,
	basis TEXT NOT NULL,
	note TEXT NOT NULL,
	made_at TEXT NOT NULL,
	made_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, nik)
);

CREATE TABLE paid_finding (
	regency_code TEXT NOT NULL,
	nik TEXT NOT NULL,
	reason TEXT NOT NULL,
	other_nik TEXT NOT NULL, -- of the same person, or ""
	place TEXT NOT NULL, -- the narrowest area known
	basis TEXT NOT NULL, -- print of the data it rests on
	PRIMARY KEY (regency_code, nik)
);

CREATE INDEX paid_finding_place ON paid_finding (regency_code, place, nik);

CREATE TABLE paid_scan (
	regency_code TEXT NOT NULL,
	revision INTEGER NOT NULL, -- of the registry that was looked at
	paid INTEGER NOT NULL, -- people whom the office pays
	scanned_at TEXT NOT NULL,
	PRIMARY KEY (regency_code)
);

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
	updated_by TEXT NOT NULL, origin TEXT NOT NULL DEFAULT '',
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

CREATE UNIQUE INDEX policy_revision_active ON policy_revision (regency_code) WHERE status = 'active';

CREATE TABLE policy_signer (
	regency_code TEXT NOT NULL,
	fingerprint TEXT NOT NULL, -- SHA-256 of the key
	name TEXT NOT NULL,
	pem TEXT NOT NULL,
	made_at TEXT NOT NULL,
	made_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, fingerprint)
);

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

CREATE INDEX recheck_item_case ON recheck_item (regency_code, complaint_id) WHERE complaint_id <> '';

CREATE INDEX recheck_item_new ON recheck_item (regency_code, new_determination);

CREATE UNIQUE INDEX recheck_item_open ON recheck_item (regency_code, person, need) WHERE status = 'open';

CREATE INDEX recheck_item_status ON recheck_item (regency_code, status, outcome_to, id);

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

CREATE TABLE register_chunk (
	regency_code TEXT NOT NULL,
	register_id TEXT NOT NULL,
	no INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (regency_code, register_id, no),
	FOREIGN KEY (regency_code, register_id) REFERENCES register_upload (regency_code, id)
);

CREATE TABLE register_reject (
	regency_code TEXT NOT NULL,
	register_id TEXT NOT NULL,
	position INTEGER NOT NULL,
	file TEXT NOT NULL,
	sheet TEXT NOT NULL,
	row_number INTEGER NOT NULL,
	column_name TEXT NOT NULL,
	value TEXT NOT NULL,
	code TEXT NOT NULL,
	reason TEXT NOT NULL,
	PRIMARY KEY (regency_code, register_id, position),
	FOREIGN KEY (regency_code, register_id) REFERENCES register_upload (regency_code, id)
);

CREATE TABLE register_upload (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	size INTEGER NOT NULL,
	stage TEXT NOT NULL,
	options TEXT NOT NULL, -- JSON
	columns_json TEXT NOT NULL, -- JSON: columns named by hand
	result TEXT NOT NULL, -- JSON: figures of the last run
	created_at TEXT NOT NULL,
	created_by TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);

CREATE TABLE registry_import (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	seq INTEGER NOT NULL,
	kind TEXT NOT NULL,
	status TEXT NOT NULL,
	mode TEXT NOT NULL,
	area TEXT NOT NULL,
	as_of TEXT NOT NULL,
	files TEXT NOT NULL, -- JSON list of base names
	file_hash TEXT NOT NULL,
	rows_read INTEGER NOT NULL,
	accepted INTEGER NOT NULL,
	new_rows INTEGER NOT NULL,
	changed INTEGER NOT NULL,
	unchanged INTEGER NOT NULL,
	gone INTEGER NOT NULL,
	rejected INTEGER NOT NULL,
	duplicates INTEGER NOT NULL,
	older INTEGER NOT NULL,
	skipped INTEGER NOT NULL,
	warnings INTEGER NOT NULL,
	seconds REAL NOT NULL,
	started_at TEXT NOT NULL,
	started_by TEXT NOT NULL,
	finished_at TEXT,
	published_at TEXT,
	rolled_back_at TEXT,
	visible_from INTEGER NOT NULL,
	visible_until INTEGER NOT NULL,
	message TEXT NOT NULL,
	PRIMARY KEY (regency_code, id),
	UNIQUE (regency_code, seq)
);

CREATE INDEX registry_import_kind ON registry_import (regency_code, kind, seq);

CREATE TABLE registry_snapshot (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	revision INTEGER NOT NULL, -- of the registry
	people INTEGER NOT NULL,
	bytes INTEGER NOT NULL,
	made_at TEXT NOT NULL,
	seconds REAL NOT NULL,
	PRIMARY KEY (regency_code, id)
);

CREATE TABLE registry_snapshot_chunk (
	regency_code TEXT NOT NULL,
	snapshot_id TEXT NOT NULL,
	no INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (regency_code, snapshot_id, no)
);

CREATE TABLE reply_template (
	regency_code TEXT NOT NULL,
	code TEXT NOT NULL,
	version INTEGER NOT NULL,
	subject TEXT NOT NULL,
	body TEXT NOT NULL,
	shipped BOOLEAN NOT NULL,
	saved_at TEXT NOT NULL,
	saved_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, code, version)
);

CREATE TABLE resident_version (
	regency_code TEXT NOT NULL,
	row_key TEXT NOT NULL, -- the NIK
	import_seq INTEGER NOT NULL,
	gone BOOLEAN NOT NULL, -- the file no longer lists the row; the values are those it had
	nik TEXT NOT NULL,
	kk TEXT NOT NULL,
	name TEXT NOT NULL,
	sex TEXT NOT NULL,
	birth_place TEXT NOT NULL,
	birth_date TEXT NOT NULL,
	relation TEXT NOT NULL,
	marital TEXT NOT NULL,
	address TEXT NOT NULL,
	rt TEXT NOT NULL,
	rw TEXT NOT NULL,
	village TEXT NOT NULL,
	district TEXT NOT NULL,
	regency TEXT NOT NULL,
	province TEXT NOT NULL,
	life_status TEXT NOT NULL,
	moved_in_on TEXT NOT NULL,
	mother_nik TEXT NOT NULL,
	place TEXT NOT NULL, -- the narrowest area known: lists are a range of it
	PRIMARY KEY (regency_code, row_key, import_seq)
);

CREATE INDEX resident_version_born ON resident_version (regency_code, birth_date);

CREATE INDEX resident_version_kk ON resident_version (regency_code, kk, row_key);

CREATE INDEX resident_version_place ON resident_version (regency_code, place);

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
	result TEXT NOT NULL, service_on TEXT NOT NULL DEFAULT '', -- JSON, "" until it is done
	PRIMARY KEY (regency_code, id)
);

CREATE INDEX rule_impact_draft ON rule_impact (regency_code, draft, id);

CREATE TABLE saved_view (
	regency_code TEXT NOT NULL,
	owner TEXT NOT NULL, -- user name
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	query TEXT NOT NULL, -- filter of the list as its address writes it; never words of a search
	saved_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, owner, id),
	UNIQUE (regency_code, owner, name)
);

CREATE TABLE session (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	user_name TEXT NOT NULL, -- empty before sign-in
	unit TEXT NOT NULL,
	data BLOB NOT NULL,
	created_at TEXT NOT NULL,
	last_seen TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	address_hash TEXT NOT NULL,
	agent TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);

CREATE INDEX session_expires ON session (regency_code, expires_at);

CREATE INDEX session_owner ON session (regency_code, user_name, created_at);

CREATE TABLE setup_token (
	regency_code TEXT NOT NULL,
	hash TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	PRIMARY KEY (regency_code)
);

CREATE TABLE shift_reading (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	unit TEXT NOT NULL, -- of the reader, '' for the whole regency
	name TEXT NOT NULL, -- of the reader, as staff see it
	patients INTEGER NOT NULL, -- how many stood on the list
	read_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);

CREATE INDEX shift_reading_unit ON shift_reading (regency_code, unit, id);

CREATE TABLE staff (
	regency_code TEXT NOT NULL,
	user_name TEXT NOT NULL,
	name TEXT NOT NULL,
	role TEXT NOT NULL,
	unit TEXT,
	password_hash TEXT NOT NULL,
	must_change BOOLEAN NOT NULL,
	disabled BOOLEAN NOT NULL,
	created_at TEXT NOT NULL,
	password_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, user_name),
	FOREIGN KEY (regency_code, unit) REFERENCES unit (regency_code, code)
);

CREATE TABLE test_person (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	note TEXT NOT NULL,
	facts TEXT NOT NULL, -- JSON
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);

CREATE TABLE throttle (
	regency_code TEXT NOT NULL,
	name TEXT NOT NULL,
	failures INTEGER NOT NULL,
	last_at TEXT NOT NULL,
	until_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, name)
);

CREATE INDEX throttle_last ON throttle (regency_code, last_at);

CREATE TABLE token (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	user_name TEXT NOT NULL,
	label TEXT NOT NULL,
	hash TEXT NOT NULL,
	limited BOOLEAN NOT NULL,
	permissions TEXT NOT NULL, -- with blanks between
	unit TEXT,
	created_at TEXT NOT NULL,
	created_by TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	revoked_at TEXT,
	PRIMARY KEY (regency_code, id),
	UNIQUE (regency_code, hash),
	FOREIGN KEY (regency_code, user_name) REFERENCES staff (regency_code, user_name),
	FOREIGN KEY (regency_code, unit) REFERENCES unit (regency_code, code)
);

CREATE INDEX token_owner ON token (regency_code, user_name, created_at);

CREATE TABLE trail_block (
	regency_code TEXT NOT NULL,
	seq INTEGER NOT NULL,
	prev_hash TEXT NOT NULL,
	sealed_at TEXT NOT NULL,
	total INTEGER NOT NULL, -- entries sealed so far
	entry_count INTEGER NOT NULL,
	entries BLOB NOT NULL, -- 16 bytes of id and 32 of hash for each
	key_id TEXT NOT NULL,
	hash TEXT NOT NULL,
	signature TEXT NOT NULL,
	PRIMARY KEY (regency_code, seq)
);

CREATE TRIGGER trail_block_no_delete BEFORE DELETE ON trail_block
BEGIN
	SELECT RAISE(ABORT, 'trail_block is append-only');
END;

CREATE TRIGGER trail_block_no_replace BEFORE INSERT ON trail_block
WHEN EXISTS (SELECT 1 FROM trail_block WHERE rowid = NEW.rowid)
	OR EXISTS (SELECT 1 FROM trail_block WHERE regency_code = NEW.regency_code AND seq = NEW.seq)
BEGIN
	SELECT RAISE(ABORT, 'trail_block is append-only: the key exists');
END;

CREATE TRIGGER trail_block_no_update BEFORE UPDATE ON trail_block
BEGIN
	SELECT RAISE(ABORT, 'trail_block is append-only');
END;

CREATE TABLE unit (
	regency_code TEXT NOT NULL,
	code TEXT NOT NULL,
	name TEXT NOT NULL,
	kind TEXT NOT NULL,
	PRIMARY KEY (regency_code, code)
);

CREATE TABLE unit_area (
	regency_code TEXT NOT NULL,
	unit TEXT NOT NULL,
	area TEXT NOT NULL,
	PRIMARY KEY (regency_code, unit, area),
	FOREIGN KEY (regency_code, unit) REFERENCES unit (regency_code, code)
);

CREATE TABLE unit_setting (
	regency_code TEXT NOT NULL,
	unit TEXT NOT NULL,
	own BOOLEAN NOT NULL, -- has working time of its own
	zone TEXT NOT NULL,
	week TEXT NOT NULL,
	works TEXT NOT NULL,
	head TEXT NOT NULL, -- user name or ""
	above TEXT NOT NULL, -- unit or ""
	address TEXT NOT NULL,
	phone TEXT NOT NULL,
	open_text TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, unit)
);

CREATE TABLE upload (
	regency_code TEXT NOT NULL,
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	size INTEGER NOT NULL,
	kind TEXT NOT NULL,
	file_hash TEXT NOT NULL, -- as imports know files; "" while bytes are still coming in
	stage TEXT NOT NULL,
	settings TEXT NOT NULL, -- JSON: as-of date, mode, area, columns named by hand, consents
	progress TEXT NOT NULL, -- JSON
	summary TEXT NOT NULL, -- JSON: what the last run had to say
	run INTEGER NOT NULL, -- grows with every order to count or publish, so that a late runner is not heard
	beat_at TEXT NOT NULL, -- last sign of life of whoever runs it
	created_at TEXT NOT NULL,
	created_by TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, id)
);

CREATE INDEX upload_expires ON upload (regency_code, expires_at);

CREATE INDEX upload_stage ON upload (regency_code, stage);

CREATE TABLE upload_chunk (
	regency_code TEXT NOT NULL,
	upload_id TEXT NOT NULL,
	no INTEGER NOT NULL,
	bytes BLOB NOT NULL,
	PRIMARY KEY (regency_code, upload_id, no),
	FOREIGN KEY (regency_code, upload_id) REFERENCES upload (regency_code, id)
);

CREATE TABLE welfare_version (
	regency_code TEXT NOT NULL,
	row_key TEXT NOT NULL, -- the NIK, or "kk:" and the KK of a family row
	import_seq INTEGER NOT NULL,
	gone BOOLEAN NOT NULL, -- the file no longer lists the row; the values are those it had
	nik TEXT NOT NULL,
	kk TEXT NOT NULL,
	desil INTEGER NOT NULL, -- 0 is unknown
	PRIMARY KEY (regency_code, row_key, import_seq)
);

CREATE TABLE working_time (
	regency_code TEXT NOT NULL,
	version INTEGER NOT NULL,
	PRIMARY KEY (regency_code)
);

CREATE TABLE worklist_layout (
	regency_code TEXT NOT NULL,
	through TEXT NOT NULL,
	columns_json TEXT NOT NULL, -- JSON list of header and field
	saved_at TEXT NOT NULL,
	saved_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, through)
);

CREATE TABLE worklist_premium (
	regency_code TEXT NOT NULL,
	valid_from TEXT NOT NULL, -- YYYY-MM-DD
	rupiah INTEGER NOT NULL,
	source TEXT NOT NULL,
	saved_at TEXT NOT NULL,
	saved_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, valid_from)
);
