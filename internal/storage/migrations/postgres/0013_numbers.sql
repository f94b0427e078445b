-- +goose Up
-- Statistics. number_case holds what is counted of one case, number_cell the sums of it by month and
-- one dimension, for the whole regency (unit ''), for parts of it (slice) and for each unit. counts
-- are names with numbers, "n=3 open=1"; no query looks inside. Both are rebuilt from the cases.
CREATE TABLE number_case (
	regency_code text COLLATE "C" NOT NULL,
	complaint_id text COLLATE "C" NOT NULL,
	last_seq integer NOT NULL, -- of the events that are counted
	month text COLLATE "C" NOT NULL, -- YYYY-MM in which it was filed
	unit text COLLATE "C" NOT NULL,
	class text COLLATE "C" NOT NULL,
	channel text COLLATE "C" NOT NULL,
	district text COLLATE "C" NOT NULL,
	matter text COLLATE "C" NOT NULL,
	element text COLLATE "C" NOT NULL,
	next_at timestamptz, -- when the counts change though nobody acts
	counts text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, complaint_id)
);
CREATE INDEX number_case_month ON number_case (regency_code, month);
CREATE INDEX number_case_unit ON number_case (regency_code, unit, month);
CREATE INDEX number_case_district ON number_case (regency_code, district, month);
CREATE INDEX number_case_next ON number_case (regency_code, next_at) WHERE next_at IS NOT NULL;

CREATE TABLE number_cell (
	regency_code text COLLATE "C" NOT NULL,
	unit text COLLATE "C" NOT NULL, -- '' is the whole regency
	slice text COLLATE "C" NOT NULL, -- '' or what narrows beside unit and month: "class:complaint"
	month text COLLATE "C" NOT NULL,
	dimension text COLLATE "C" NOT NULL, -- '' is the whole
	value text COLLATE "C" NOT NULL,
	counts text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, unit, slice, month, dimension, value)
);

CREATE INDEX complaint_updated ON complaint (regency_code, updated_at);
