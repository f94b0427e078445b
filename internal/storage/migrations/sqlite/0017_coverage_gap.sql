-- +goose Up
-- People of whom an import says nothing although it vouches for their area: their row was rejected.
-- What is stored of them does not become fresh by that import.
CREATE TABLE coverage_gap (
	regency_code TEXT NOT NULL,
	row_key TEXT NOT NULL,
	kind TEXT NOT NULL,
	import_seq INTEGER NOT NULL,
	PRIMARY KEY (regency_code, row_key, kind, import_seq)
);
CREATE INDEX coverage_gap_import ON coverage_gap (regency_code, import_seq);
