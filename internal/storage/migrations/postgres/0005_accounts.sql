-- +goose Up
-- Offices and the areas whose lists and cases their staff may see.
CREATE TABLE unit (
	regency_code text COLLATE "C" NOT NULL,
	code text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, code)
);
CREATE TABLE unit_area (
	regency_code text COLLATE "C" NOT NULL,
	unit text COLLATE "C" NOT NULL,
	area text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, unit, area),
	FOREIGN KEY (regency_code, unit) REFERENCES unit (regency_code, code)
);

-- Accounts are never deleted, only disabled: their names stand in the trail.
CREATE TABLE staff (
	regency_code text COLLATE "C" NOT NULL,
	user_name text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL,
	role text COLLATE "C" NOT NULL,
	unit text COLLATE "C",
	password_hash text COLLATE "C" NOT NULL,
	must_change boolean NOT NULL,
	disabled boolean NOT NULL,
	created_at timestamptz NOT NULL,
	password_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code, user_name),
	FOREIGN KEY (regency_code, unit) REFERENCES unit (regency_code, code)
);

-- API tokens: only the SHA-256 of the secret is kept.
CREATE TABLE token (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	user_name text COLLATE "C" NOT NULL,
	label text COLLATE "C" NOT NULL,
	hash text COLLATE "C" NOT NULL,
	limited boolean NOT NULL,
	permissions text COLLATE "C" NOT NULL, -- with blanks between
	unit text COLLATE "C",
	created_at timestamptz NOT NULL,
	created_by text COLLATE "C" NOT NULL,
	expires_at timestamptz NOT NULL,
	revoked_at timestamptz,
	PRIMARY KEY (regency_code, id),
	UNIQUE (regency_code, hash),
	FOREIGN KEY (regency_code, user_name) REFERENCES staff (regency_code, user_name),
	FOREIGN KEY (regency_code, unit) REFERENCES unit (regency_code, code)
);
CREATE INDEX token_owner ON token (regency_code, user_name, created_at);

-- Signed-in browsers: id is the SHA-256 of the cookie, address a keyed hash.
CREATE TABLE session (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	user_name text COLLATE "C" NOT NULL, -- empty before sign-in
	unit text COLLATE "C" NOT NULL,
	data bytea NOT NULL,
	created_at timestamptz NOT NULL,
	last_seen timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	address_hash text COLLATE "C" NOT NULL,
	agent text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX session_owner ON session (regency_code, user_name, created_at);
CREATE INDEX session_expires ON session (regency_code, expires_at);

-- Counters that slow down guessing of passwords.
CREATE TABLE throttle (
	regency_code text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL,
	failures bigint NOT NULL,
	last_at timestamptz NOT NULL,
	until_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code, name)
);
CREATE INDEX throttle_last ON throttle (regency_code, last_at);

-- The one-time token of the first administrator.
CREATE TABLE setup_token (
	regency_code text COLLATE "C" NOT NULL,
	hash text COLLATE "C" NOT NULL,
	expires_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code)
);
