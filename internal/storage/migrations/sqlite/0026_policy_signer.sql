-- +goose Up
-- Offices whose signature on a bundle of rules is trusted.
CREATE TABLE policy_signer (
	regency_code TEXT NOT NULL,
	fingerprint TEXT NOT NULL, -- SHA-256 of the key
	name TEXT NOT NULL,
	pem TEXT NOT NULL,
	made_at TEXT NOT NULL,
	made_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, fingerprint)
);
