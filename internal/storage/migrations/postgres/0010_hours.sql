-- +goose Up
-- What an office says of itself: working time, head, unit above, letterhead. Unit "" is the office
-- that owns the records. week and works are JSON.
CREATE TABLE unit_setting (
	regency_code text COLLATE "C" NOT NULL,
	unit text COLLATE "C" NOT NULL,
	own boolean NOT NULL, -- has working time of its own
	zone text COLLATE "C" NOT NULL,
	week text COLLATE "C" NOT NULL,
	works text COLLATE "C" NOT NULL,
	head text COLLATE "C" NOT NULL, -- user name or ""
	above text COLLATE "C" NOT NULL, -- unit or ""
	address text COLLATE "C" NOT NULL,
	phone text COLLATE "C" NOT NULL,
	open_text text COLLATE "C" NOT NULL,
	updated_at timestamptz NOT NULL,
	updated_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, unit)
);

CREATE TABLE holiday (
	regency_code text COLLATE "C" NOT NULL,
	day text COLLATE "C" NOT NULL, -- YYYY-MM-DD
	name text COLLATE "C" NOT NULL,
	kind text COLLATE "C" NOT NULL, -- national | leave | local
	source text COLLATE "C" NOT NULL,
	loaded_at timestamptz NOT NULL,
	loaded_by text COLLATE "C" NOT NULL,
	PRIMARY KEY (regency_code, day)
);

-- Years of which a whole list of holidays was loaded.
CREATE TABLE holiday_year (
	regency_code text COLLATE "C" NOT NULL,
	year bigint NOT NULL,
	loaded_at timestamptz NOT NULL,
	PRIMARY KEY (regency_code, year)
);

-- Grows with every change of the tables above, so that everybody sees that he has to read again.
CREATE TABLE working_time (
	regency_code text COLLATE "C" NOT NULL,
	version bigint NOT NULL,
	PRIMARY KEY (regency_code)
);
