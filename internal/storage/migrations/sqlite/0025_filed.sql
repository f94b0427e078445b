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
