package storage

import (
	"context"
	"strings"

	"layak/complaints"
)

var _ complaints.FinderStore = (*DB)(nil)

// rareWords is how many cases a search may find before it counts as one for common words.
const rareWords = 3_000

// shortestStem is the shortest word that also finds longer ones; shorter ones find themselves.
const shortestStem = 3

// saveWords stores the words by which the case is found.
func (t *tx) saveWords(ctx context.Context, c complaints.Complaint) error {
	_, err := t.exec(ctx, `INSERT INTO complaint_text (regency_code, complaint_id, words) VALUES (?, ?, ?)
		ON CONFLICT (regency_code, complaint_id) DO UPDATE SET words = excluded.words WHERE complaint_text.words <> excluded.words`,
		t.db.regency, c.ID, c.SearchText())
	return err
}

// FindComplaints lists the cases in the scope that hold every word. The index of words is asked
// first. A narrow scope and common words together would make it read nearly every case of the
// regency to find the few of the desk; then the words of the desk's own cases are read instead.
func (db *DB) FindComplaints(ctx context.Context, words []string, f complaints.Filter, s complaints.Scope) ([]complaints.Line, error) {
	from, match, order := db.dialect.search()
	term := db.dialect.searchTerm(words, shortestStem)
	where, args := []string{match}, []any{term}
	if !s.All {
		var n int
		err := db.reads().get(ctx, &n, `SELECT COUNT(*) FROM (SELECT 1 FROM `+from+` WHERE `+match+` LIMIT ?) AS found`, term, rareWords+1)
		if err != nil {
			return nil, err
		}
		if n > rareWords {
			from, order, where, args = `complaint_text x`, `x.doc`, nil, nil
			for _, w := range words {
				like := `% ` + w + `%`
				if len([]rune(w)) < shortestStem {
					like = `% ` + w + ` %`
				}
				where, args = append(where, `' ' || x.words || ' ' LIKE ?`), append(args, like)
			}
		}
	}
	clause, more := db.filterClause(f, s)
	args = append(more, args...)
	if f.After != "" {
		where = append(where, order+` < (SELECT k.doc FROM complaint_text k JOIN complaint a ON a.regency_code = k.regency_code AND a.id = k.complaint_id
			WHERE a.regency_code = ? AND a.ticket = ?)`)
		args = append(args, db.regency, f.After)
	}
	var rows []lineRow
	err := db.reads().list(ctx, &rows, `SELECT `+lineColumns+` FROM `+from+`
		JOIN complaint c ON c.regency_code = x.regency_code AND c.id = x.complaint_id
		LEFT JOIN complaint_patient p ON p.regency_code = c.regency_code AND p.complaint_id = c.id AND p.no = 1
		`+clause+` AND x.regency_code = c.regency_code AND `+strings.Join(where, ` AND `)+`
		ORDER BY `+order+` DESC LIMIT ?`, append(args, f.Limit)...)
	if err != nil {
		return nil, err
	}
	return linesOf(rows), nil
}

// search is how SQLite walks its index of words, the newest case first.
func (*sqliteDialect) search() (from, match, order string) {
	return `complaint_find CROSS JOIN complaint_text x ON x.doc = complaint_find.rowid`, `complaint_find MATCH ?`, `complaint_find.rowid`
}

func (*sqliteDialect) searchTerm(words []string, stem int) string {
	terms := make([]string, len(words))
	for i, w := range words {
		terms[i] = `"` + w + `"`
		if len([]rune(w)) >= stem {
			terms[i] += `*`
		}
	}
	return strings.Join(terms, ` AND `)
}

func (postgresDialect) search() (from, match, order string) {
	return `complaint_text x`, `array_to_tsvector(string_to_array(x.words, ' ')) @@ CAST(? AS tsquery)`, `x.doc`
}

func (postgresDialect) searchTerm(words []string, stem int) string {
	terms := make([]string, len(words))
	for i, w := range words {
		terms[i] = `'` + w + `'`
		if len([]rune(w)) >= stem {
			terms[i] += `:*`
		}
	}
	return strings.Join(terms, ` & `)
}
