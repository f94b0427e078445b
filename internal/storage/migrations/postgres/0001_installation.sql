-- +goose Up
-- What is known about the database as a whole: when it was made, whether it holds training data.
CREATE TABLE installation (
	regency_code text COLLATE "C" NOT NULL,
	name text COLLATE "C" NOT NULL,
	value text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, name)
);
