-- +goose Up
-- Statistics. number_case holds what is counted of one case, number_cell the sums of it by month and
-- one dimension, for the whole regency (unit ''), for parts of it (slice) and for each unit. counts
-- are names with numbers, "n=3 open=1"; no query looks inside. Both are rebuilt from the cases.
CREATE TABLE number_case (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	last_seq INTEGER NOT NULL, -- of the events that are counted
	month TEXT NOT NULL, -- YYYY-MM in which it was filed
	unit TEXT NOT NULL,
	class TEXT NOT NULL,
	channel TEXT NOT NULL,
	district TEXT NOT NULL,
	matter TEXT NOT NULL,
	element TEXT NOT NULL,
	next_at TEXT, -- when the counts change though nobody acts
	counts TEXT NOT NULL,
	PRIMARY KEY (regency_code, complaint_id)
);
CREATE INDEX number_case_month ON number_case (regency_code, month);
CREATE INDEX number_case_unit ON number_case (regency_code, unit, month);
CREATE INDEX number_case_district ON number_case (regency_code, district, month);
CREATE INDEX number_case_next ON number_case (regency_code, next_at) WHERE next_at IS NOT NULL;

CREATE TABLE number_cell (
	regency_code TEXT NOT NULL,
	unit TEXT NOT NULL, -- '' is the whole regency
	slice TEXT NOT NULL, -- '' or what narrows beside unit and month: "class:complaint"
	month TEXT NOT NULL,
	dimension TEXT NOT NULL, -- '' is the whole
	value TEXT NOT NULL,
	counts TEXT NOT NULL,
	PRIMARY KEY (regency_code, unit, slice, month, dimension, value)
);

CREATE INDEX complaint_updated ON complaint (regency_code, updated_at);
