-- +goose Up
-- People of whom an import says nothing although it vouches for their area: their row was rejected.
-- What is stored of them does not become fresh by that import.
CREATE TABLE coverage_gap (
	regency_code text COLLATE "C" NOT NULL,
	row_key text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL,
	import_seq bigint NOT NULL,
	PRIMARY KEY (regency_code, row_key, kind, import_seq)
);
CREATE INDEX coverage_gap_import ON coverage_gap (regency_code, import_seq);
