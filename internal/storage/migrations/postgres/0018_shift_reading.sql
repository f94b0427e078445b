-- +goose Up
-- Who read the list of registrations that a shift hands over.
CREATE TABLE shift_reading (
	regency_code text COLLATE "C" NOT NULL,
	id text COLLATE "C" NOT NULL,
	unit text COLLATE "C" NOT NULL, -- of the reader, '' for the whole regency
	name text COLLATE "C" NOT NULL, -- of the reader, as staff see it
	patients bigint NOT NULL, -- how many stood on the list
	read_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code, id)
);
CREATE INDEX shift_reading_unit ON shift_reading (regency_code, unit, id);
