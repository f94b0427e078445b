-- +goose Up
-- Who of the unit has to do a task ("" anybody, "head" the one who leads it), and the way from a
-- unit to the cases in which it has, or had, something to do.
ALTER TABLE complaint_task ADD COLUMN role TEXT NOT NULL DEFAULT '';
CREATE INDEX complaint_task_unit ON complaint_task (regency_code, unit, complaint_id);
