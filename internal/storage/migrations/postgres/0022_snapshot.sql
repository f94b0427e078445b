-- +goose Up
-- The compact copy of one revision of the registry, for scans over everybody. It is made from the
-- registry and may be thrown away.
CREATE TABLE registry_snapshot (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	revision bigint NOT NULL, -- of the registry
	people bigint NOT NULL,
	bytes bigint NOT NULL,
	made_at timestamptz NOT NULL,
	seconds double precision NOT NULL,
	PRIMARY KEY (regency_code, id)
);

CREATE TABLE registry_snapshot_chunk (
	regency_code text COLLATE "C" NOT NULL,
	snapshot_id text COLLATE "C" NOT NULL,
	no bigint NOT NULL,
	bytes bytea NOT NULL,
	PRIMARY KEY (regency_code, snapshot_id, no)
);
