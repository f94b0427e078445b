-- +goose Up
-- What an office says of itself: working time, head, unit above, letterhead. Unit "" is the office
-- that owns the records. week and works are JSON.
CREATE TABLE unit_setting (
	regency_code TEXT NOT NULL,
	unit TEXT NOT NULL,
	own BOOLEAN NOT NULL, -- has working time of its own
	zone TEXT NOT NULL,
	week TEXT NOT NULL,
	works TEXT NOT NULL,
	head TEXT NOT NULL, -- user name or ""
	above TEXT NOT NULL, -- unit or ""
	address TEXT NOT NULL,
	phone TEXT NOT NULL,
	open_text TEXT NOT NULL,
	updated_at TEXT NOT NULL,
	updated_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, unit)
);

CREATE TABLE holiday (
	regency_code TEXT NOT NULL,
	day TEXT NOT NULL, -- YYYY-MM-DD
	name TEXT NOT NULL,
	kind TEXT NOT NULL, -- national | leave | local
	source TEXT NOT NULL,
	loaded_at TEXT NOT NULL,
	loaded_by TEXT NOT NULL,
	PRIMARY KEY (regency_code, day)
);

-- Years of which a whole list of holidays was loaded.
CREATE TABLE holiday_year (
	regency_code TEXT NOT NULL,
	year INTEGER NOT NULL,
	loaded_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, year)
);

-- Grows with every change of the tables above, so that everybody sees that he has to read again.
CREATE TABLE working_time (
	regency_code TEXT NOT NULL,
	version INTEGER NOT NULL,
	PRIMARY KEY (regency_code)
);
