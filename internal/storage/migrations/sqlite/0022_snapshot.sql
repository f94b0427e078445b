-- +goose Up
-- The compact copy of one revision of the registry, for scans over everybody. It is made from the
-- registry and may be thrown away.
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
