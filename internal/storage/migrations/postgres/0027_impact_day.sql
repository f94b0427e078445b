-- +goose Up
-- A preview looks at one day of service: numbers of a draft may begin on a later day than it was computed.
-- Runs of before looked at the day of their making, which nobody needs any more.
ALTER TABLE rule_impact ADD COLUMN service_on TEXT NOT NULL DEFAULT '';
