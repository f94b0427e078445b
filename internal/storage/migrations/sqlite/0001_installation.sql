-- +goose Up
-- What is known about the database as a whole: when it was made, whether it holds training data.
CREATE TABLE installation (
	regency_code TEXT NOT NULL,
	name TEXT NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (regency_code, name)
);
