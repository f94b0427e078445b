-- +goose Up
-- Offices whose signature on a bundle of rules is trusted.
CREATE TABLE policy_signer (
	regency_code text COLLATE "C" NOT NULL,
	fingerprint text COLLATE "C" NOT NULL, -- SHA-256 of the key
	name text COLLATE "C" NOT NULL,
	pem text COLLATE "C" NOT NULL,
	made_at timestamptz NOT NULL,
	made_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, fingerprint)
);
