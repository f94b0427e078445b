-- +goose Up
-- A desk asks for its open cases. Among the thousands that it has filed over the years they are few, and were
-- found by joining with the open cases of the whole regency.
DROP INDEX complaint_filed_by;
CREATE INDEX complaint_filed_by ON complaint (regency_code, filed_by, state, id);
DROP INDEX complaint_filed_unit;
CREATE INDEX complaint_filed_unit ON complaint (regency_code, filed_unit, state, id);
-- Of the deadlines that climbed, a desk sees its own; they are told from the index alone.
DROP INDEX complaint_escalated;
CREATE INDEX complaint_escalated ON complaint (regency_code, due_at, id, escalated, unit, filed_unit, filed_by) WHERE escalated > 0;
-- What a case holds is read in the order of its ids. SQLite, which keeps no figures, took the key of the whole
-- table for that order and read past the decisions of all cases.
DROP INDEX complaint_resolution_case;
CREATE INDEX complaint_resolution_case ON complaint_resolution (regency_code, complaint_id, id);
DROP INDEX attachment_case;
CREATE INDEX attachment_case ON attachment (regency_code, complaint_id, id);
