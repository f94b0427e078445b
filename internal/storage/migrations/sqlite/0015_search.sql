-- +goose Up
-- The words by which a case is found, each once, made by complaints.SearchText. doc orders the cases
-- by when they were stored; it is a key of its own because the index of words names cases by it.
CREATE TABLE complaint_text (
	regency_code TEXT NOT NULL,
	complaint_id TEXT NOT NULL,
	words TEXT NOT NULL,
	doc INTEGER PRIMARY KEY,
	UNIQUE (regency_code, complaint_id),
	FOREIGN KEY (regency_code, complaint_id) REFERENCES complaint (regency_code, id)
);
CREATE VIRTUAL TABLE complaint_find USING fts5 (words, content='', contentless_delete=1, detail=none, tokenize='unicode61 remove_diacritics 2');
-- +goose StatementBegin
CREATE TRIGGER complaint_text_added AFTER INSERT ON complaint_text BEGIN
	INSERT INTO complaint_find (rowid, words) VALUES (new.doc, new.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER complaint_text_changed AFTER UPDATE OF words ON complaint_text BEGIN
	DELETE FROM complaint_find WHERE rowid = old.doc;
	INSERT INTO complaint_find (rowid, words) VALUES (new.doc, new.words);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER complaint_text_gone AFTER DELETE ON complaint_text BEGIN
	DELETE FROM complaint_find WHERE rowid = old.doc;
END;
-- +goose StatementEnd
INSERT INTO complaint_text (regency_code, complaint_id, words)
	SELECT c.regency_code, c.id, LOWER(REPLACE(c.ticket, '-', ' ') || ' ' || c.source_number || ' ' || c.title || ' ' || c.reporter_name || ' ' ||
		COALESCE((SELECT GROUP_CONCAT(p.name, ' ') FROM complaint_patient p WHERE p.regency_code = c.regency_code AND p.complaint_id = c.id), '') ||
		' ' || c.body)
	FROM complaint c ORDER BY c.id;

-- Cases that climbed the ladder; a list of them must not read all the others.
CREATE INDEX complaint_escalated ON complaint (regency_code, due_at, id) WHERE escalated > 0;

-- Lists that somebody saved under a name.
CREATE TABLE saved_view (
	regency_code TEXT NOT NULL,
	owner TEXT NOT NULL, -- user name
	id TEXT NOT NULL,
	name TEXT NOT NULL,
	query TEXT NOT NULL, -- filter of the list as its address writes it; never words of a search
	saved_at TEXT NOT NULL,
	PRIMARY KEY (regency_code, owner, id),
	UNIQUE (regency_code, owner, name)
);
