-- +goose Up
-- Who read the list of registrations that a shift hands over.
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
