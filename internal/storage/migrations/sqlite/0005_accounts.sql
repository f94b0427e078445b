-- +goose Up
-- Offices and the areas whose lists and cases their staff may see.
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

-- Accounts are never deleted, only disabled: their names stand in the trail.
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

-- API tokens: only the SHA-256 of the secret is kept.
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

-- Signed-in browsers: id is the SHA-256 of the cookie, address a keyed hash.
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
CREATE INDEX session_owner ON session (regency_code, user_name, created_at);
CREATE INDEX session_expires ON session (regency_code, expires_at);

-- Counters that slow down guessing of passwords.
CREATE TABLE throttle (
	regency_code TEXT NOT NULL,
	name TEXT NOT NULL,
	failures INTEGER NOT NULL,
	last_at TEXT NOT NULL,
	until_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, name)
);
CREATE INDEX throttle_last ON throttle (regency_code, last_at);

-- The one-time token of the first administrator.
CREATE TABLE setup_token (
	regency_code TEXT NOT NULL,
	hash TEXT NOT NULL,
	expires_at TEXT NOT NULL,
	PRIMARY KEY (regency_code)
);
