-- +goose Up
-- Queues of the whole regency: deadlines are counted in the index alone, and what waits is read and counted in
-- the order of the queue. The order is queueOrder in complaint_list.go.
DROP INDEX complaint_due;
CREATE INDEX complaint_due ON complaint (regency_code, due_at, id, due_kind) WHERE due_at IS NOT NULL;
DROP INDEX complaint_unit_due;
CREATE INDEX complaint_unit_due ON complaint (regency_code, unit, due_at, id, due_kind) WHERE due_at IS NOT NULL;
CREATE INDEX complaint_queue ON complaint (regency_code, state,
	(CASE WHEN need = 'emergency' OR priority = 'emergency' THEN 0 ELSE 1 END),
	(CASE WHEN staff = '' THEN 0 ELSE 1 END), (COALESCE(due_at, filed_at)), id, due_at, due_kind);
