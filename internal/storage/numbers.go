package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"layak/complaints/numbers"
	"layak/internal/area"
)

var _ numbers.Store = (*DB)(nil)

// countedAt is the name under which the installation keeps up to when everything is counted.
const countedAt = "numbers.counted_at"

// Uncounted keeps numbers.Store. New cases are found by their ids as well, which grow, because one
// that is taken over from a register says that it changed long ago.
func (db *DB) Uncounted(ctx context.Context, since, now time.Time, limit int) ([]string, error) {
	var ids []string
	for _, q := range []statement{
		{`SELECT c.id FROM complaint c
			LEFT JOIN number_case n ON n.regency_code = c.regency_code AND n.complaint_id = c.id
			WHERE c.regency_code = ? AND c.updated_at >= ? AND (n.last_seq IS NULL OR n.last_seq <> c.last_seq) LIMIT ?`,
			[]any{db.regency, at(since)}},
		{`SELECT complaint_id FROM number_case WHERE regency_code = ? AND next_at < ? ORDER BY next_at LIMIT ?`,
			[]any{db.regency, at(now)}},
		{`SELECT c.id FROM complaint c WHERE c.regency_code = ?
			AND c.id > (SELECT COALESCE(MAX(n.complaint_id), '') FROM number_case n WHERE n.regency_code = ?) ORDER BY c.id LIMIT ?`,
			[]any{db.regency, db.regency}},
	} {
		var more []string
		err := db.reads().list(ctx, &more, q.query, append(q.args, limit)...)
		if err != nil {
			return nil, err
		}
		ids = append(ids, more...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	return ids[:min(len(ids), limit)], nil
}

// Missed keeps numbers.Store. It reads a stretch of ids, so that the search through a million cases
// never holds a snapshot for long: SQLite could not shorten its journal meanwhile.
func (db *DB) Missed(ctx context.Context, after string, limit int) (ids []string, last string, err error) {
	err = db.reads().get(ctx, &last, `SELECT id FROM complaint WHERE regency_code = ? AND id > ? ORDER BY id LIMIT 1 OFFSET ?`,
		db.regency, after, limit-1)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, "", err
	}
	end := last
	if last == "" {
		end = pastIDs
	}
	// The bounds stand on both tables, because PostgreSQL does not conclude one from the other.
	err = db.reads().list(ctx, &ids, `SELECT c.id FROM complaint c
		LEFT JOIN number_case n ON n.regency_code = c.regency_code AND n.complaint_id = c.id
			AND n.regency_code = ? AND n.complaint_id > ? AND n.complaint_id <= ?
		WHERE c.regency_code = ? AND c.id > ? AND c.id <= ? AND (n.last_seq IS NULL OR n.last_seq <> c.last_seq)
		ORDER BY c.id`, db.regency, after, end, db.regency, after, end)
	return ids, last, err
}

// pastIDs sorts behind every id.
const pastIDs = "~"

// CountedAt keeps numbers.Store.
func (db *DB) CountedAt(ctx context.Context) (time.Time, error) {
	var s stamp
	err := db.reads().get(ctx, &s, `SELECT value FROM installation WHERE regency_code = ? AND name = ?`, db.regency, countedAt)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	return s.time(), err
}

// SetCountedAt keeps numbers.Store.
func (db *DB) SetCountedAt(ctx context.Context, moment time.Time) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO installation (regency_code, name, value) VALUES (?, ?, ?)
			ON CONFLICT (regency_code, name) DO UPDATE SET value = excluded.value`, db.regency, countedAt, at(moment))
		return err
	})
}

// LockNumbers keeps numbers.Store.
func (db *DB) LockNumbers(ctx context.Context) (release func(), ok bool, err error) {
	return db.tryLock(ctx, "numbers")
}

// ForgetNumbers keeps numbers.Store.
func (db *DB) ForgetNumbers(ctx context.Context) error {
	return db.write(ctx, func(t *tx) error {
		for _, table := range []string{"number_case", "number_cell"} {
			_, err := t.exec(ctx, `DELETE FROM `+table+` WHERE regency_code = ?`, db.regency)
			if err != nil {
				return err
			}
		}
		_, err := t.exec(ctx, `DELETE FROM installation WHERE regency_code = ? AND name = ?`, db.regency, countedAt)
		return err
	})
}

type factRow struct {
	ID       string    `db:"complaint_id"`
	Month    string    `db:"month"`
	Unit     string    `db:"unit"`
	Class    string    `db:"class"`
	Channel  string    `db:"channel"`
	District area.Code `db:"district"`
	Matter   string    `db:"matter"`
	Element  string    `db:"element"`
	Counts   string    `db:"counts"`
}

func (r factRow) place() numbers.Place {
	return numbers.Place{Month: r.Month, Unit: r.Unit, Class: r.Class, Channel: r.Channel, District: r.District,
		Matter: r.Matter, Element: r.Element}
}

// numbersTurn is the name under which the installation counts the changes of cells.
const numbersTurn = "numbers.turn"

// errNumbersTurn means that another process counted between reading and writing, although only one
// may: its lock broke. The next look finds the same cases again.
var errNumbersTurn = errors.New("another process counts at the same time")

// SaveFacts keeps numbers.Store. What stands in the cells is read before the transaction, so that
// the writer is held only for the writes; the turn shows that nobody came in between.
func (db *DB) SaveFacts(ctx context.Context, facts []numbers.Fact) error {
	var turn int
	err := db.reads().get(ctx, &turn, `SELECT COALESCE(MAX(CAST(value AS INTEGER)), 0) FROM installation WHERE regency_code = ? AND name = ?`,
		db.regency, numbersTurn)
	if err != nil {
		return err
	}
	was, err := db.factsOf(ctx, facts)
	if err != nil {
		return err
	}
	changes := make([]numbers.Change, len(facts))
	for i, f := range facts {
		changes[i] = numbers.Change{Was: was[f.ID], Is: f}
	}
	cells, err := db.movedCells(ctx, numbers.Deltas(changes))
	if err != nil {
		return err
	}
	return db.write(ctx, func(t *tx) error {
		err := t.takeTurn(ctx, turn)
		if err != nil {
			return err
		}
		err = t.saveFactRows(ctx, facts)
		if err != nil {
			return err
		}
		return t.saveCells(ctx, cells)
	})
}

// takeTurn moves the turn on, or fails when it is not the one expected.
func (t *tx) takeTurn(ctx context.Context, turn int) error {
	err := t.setInstallation(ctx, numbersTurn, "0")
	if err != nil {
		return err
	}
	n, err := t.exec(ctx, `UPDATE installation SET value = ? WHERE regency_code = ? AND name = ? AND value = ?`,
		strconv.Itoa(turn+1), t.db.regency, numbersTurn, strconv.Itoa(turn))
	if err == nil && n != 1 {
		return errNumbersTurn
	}
	return err
}

// factsPerWrite keeps each transaction short while everything is counted for the first time.
const factsPerWrite = 500

// AddFacts keeps numbers.Store. What is stored of facts when it is cut off is found by the next look;
// so nobody waits for the disk.
func (db *DB) AddFacts(ctx context.Context, facts []numbers.Fact) error {
	for part := range slices.Chunk(facts, factsPerWrite) {
		err := db.writeLightly(ctx, func(t *tx) error { return t.saveFactRows(ctx, part) })
		if err != nil {
			return err
		}
	}
	return nil
}

// CountedMonths keeps numbers.Store.
func (db *DB) CountedMonths(ctx context.Context) ([]string, error) {
	var months []string
	err := db.reads().list(ctx, &months, `SELECT DISTINCT month FROM number_case WHERE regency_code = ? ORDER BY month`, db.regency)
	return months, err
}

// cellsPerWrite keeps each transaction short while a month is added up.
const cellsPerWrite = 500

// CountMonth keeps numbers.Store. Nobody reads cells before everything is counted, so it may take
// several transactions.
func (db *DB) CountMonth(ctx context.Context, month string) error {
	tally := numbers.NewTally()
	err := db.Facts(ctx, numbers.Filter{From: month, To: month}, tally.Add)
	if err != nil {
		return err
	}
	cells := tally.Cells()
	keys := slices.Collect(maps.Keys(cells))
	numbers.SortKeys(keys) // in the order of the table: neighbours share a page
	rows := make([][]any, len(keys))
	for i, k := range keys {
		rows[i] = db.cellRow(k, cells[k])
	}
	err = db.writeLightly(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `DELETE FROM number_cell WHERE regency_code = ? AND month = ?`, db.regency, month)
		return err
	})
	for part := range slices.Chunk(rows, cellsPerWrite) {
		if err == nil {
			err = db.writeLightly(ctx, func(t *tx) error { return t.saveCells(ctx, part) })
		}
	}
	return err
}

func (db *DB) factsOf(ctx context.Context, facts []numbers.Fact) (map[string]*numbers.Fact, error) {
	was := make(map[string]*numbers.Fact, len(facts))
	for part := range slices.Chunk(facts, idsPerQuery) {
		ids := make([]string, len(part))
		for i, f := range part {
			ids[i] = f.ID
		}
		var rows []factRow
		err := db.reads().list(ctx, &rows, `SELECT complaint_id, month, unit, class, channel, district, matter, element, counts
			FROM number_case WHERE regency_code = ? AND complaint_id IN (`+marks(idsPerQuery)+`)`, db.withIDs(ids)...)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			counts, err := numbers.ParseCounts(r.Counts)
			if err != nil {
				return nil, err
			}
			was[r.ID] = &numbers.Fact{ID: r.ID, Place: r.place(), Counts: counts}
		}
	}
	return was, nil
}

// idsPerQuery is fixed, so that one prepared statement serves every part; the last part repeats
// its last id.
const idsPerQuery = 100

func (db *DB) withIDs(ids []string) []any {
	args := make([]any, 1, idsPerQuery+1)
	args[0] = db.regency
	for i := range idsPerQuery {
		args = append(args, ids[min(i, len(ids)-1)])
	}
	return args
}

// rowsPerInsert is how many rows one statement writes.
const rowsPerInsert = 50

// upsert writes rows of a table in few statements; columns that are no key take the new value.
func (t *tx) upsert(ctx context.Context, table string, keys, columns []string, rows [][]any) error {
	all := slices.Concat(keys, columns)
	var sets []string
	for _, c := range columns {
		sets = append(sets, c+" = excluded."+c)
	}
	one := "(" + marks(len(all)) + ")"
	text := func(n int) string {
		return `INSERT INTO ` + table + ` (` + strings.Join(all, ", ") + `) VALUES ` + strings.TrimSuffix(strings.Repeat(one+",", n), ",") +
			` ON CONFLICT (` + strings.Join(keys, ", ") + `) DO UPDATE SET ` + strings.Join(sets, ", ")
	}
	ctx, err := t.context(ctx)
	if err != nil {
		return err
	}
	if len(rows) >= 2*rowsPerInsert { // reading so long a text costs as much as writing its rows
		full, err := t.tx.PreparexContext(ctx, t.db.dialect.rebind(text(rowsPerInsert)))
		if err != nil {
			return t.explain(fmt.Errorf("prepare insert into %s: %w", table, err))
		}
		defer full.Close()
		for ; len(rows) >= rowsPerInsert; rows = rows[rowsPerInsert:] {
			_, err = full.ExecContext(ctx, slices.Concat(rows[:rowsPerInsert]...)...)
			if err != nil {
				return t.explain(fmt.Errorf("insert into %s: %w", table, err))
			}
		}
	}
	for part := range slices.Chunk(rows, rowsPerInsert) {
		_, err = t.exec(ctx, text(len(part)), slices.Concat(part...)...)
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) saveFactRows(ctx context.Context, facts []numbers.Fact) error {
	rows := make([][]any, len(facts))
	for i, f := range facts {
		rows[i] = []any{t.db.regency, f.ID, f.LastSeq, f.Month, f.Unit, f.Class, f.Channel, string(f.District), f.Matter,
			f.Element, atOrNull(f.NextAt), f.Counts.String()}
	}
	return t.upsert(ctx, "number_case", []string{"regency_code", "complaint_id"}, []string{"last_seq", "month", "unit",
		"class", "channel", "district", "matter", "element", "next_at", "counts"}, rows)
}

type cellRow struct {
	Unit      string `db:"unit"`
	Slice     string `db:"slice"`
	Month     string `db:"month"`
	Dimension string `db:"dimension"`
	Value     string `db:"value"`
	Counts    string `db:"counts"`
}

func (r cellRow) key() numbers.Key {
	return numbers.Key{Unit: r.Unit, Slice: r.Slice, Month: r.Month, Dimension: numbers.Dimension(r.Dimension), Value: r.Value}
}

// movedCells are the rows of the cells as they are after the deltas.
func (db *DB) movedCells(ctx context.Context, deltas map[numbers.Key]numbers.Counts) ([][]any, error) {
	keys := make([]numbers.Key, 0, len(deltas))
	for k := range deltas {
		keys = append(keys, k)
	}
	numbers.SortKeys(keys)
	rows := make([][]any, 0, len(keys))
	for len(keys) > 0 {
		first := keys[0]
		n := slices.IndexFunc(keys, func(k numbers.Key) bool {
			return k.Unit != first.Unit || k.Slice != first.Slice || k.Month != first.Month
		})
		if n < 0 {
			n = len(keys)
		}
		was, err := db.cellsOf(ctx, first)
		if err != nil {
			return nil, err
		}
		for _, k := range keys[:n] {
			err = deltas[k].AddText(was[k])
			if err != nil {
				return nil, err
			}
			rows = append(rows, db.cellRow(k, deltas[k]))
		}
		keys = keys[n:]
	}
	return rows, nil
}

func (db *DB) cellRow(k numbers.Key, counts numbers.Counts) []any {
	return []any{db.regency, k.Unit, k.Slice, k.Month, string(k.Dimension), k.Value, counts.String()}
}

func (t *tx) saveCells(ctx context.Context, rows [][]any) error {
	return t.upsert(ctx, "number_cell", []string{"regency_code", "unit", "slice", "month", "dimension", "value"}, []string{"counts"}, rows)
}

// cellsOf reads what stands in the cells of the unit, slice and month of a key.
func (db *DB) cellsOf(ctx context.Context, k numbers.Key) (map[numbers.Key]string, error) {
	var rows []cellRow
	err := db.reads().list(ctx, &rows, `SELECT unit, slice, month, dimension, value, counts FROM number_cell
		WHERE regency_code = ? AND unit = ? AND slice = ? AND month = ?`, db.regency, k.Unit, k.Slice, k.Month)
	was := make(map[numbers.Key]string, len(rows))
	for _, r := range rows {
		was[r.key()] = r.Counts
	}
	return was, err
}

// Cells keeps numbers.Store.
func (db *DB) Cells(ctx context.Context, unit, slice, from, to string, yield func(numbers.Key, string) error) error {
	if to == "" {
		to = "9999"
	}
	return db.reads().each(ctx, func(rows *sqlx.Rows) error {
		r := cellRow{Unit: unit, Slice: slice}
		err := rows.Scan(&r.Month, &r.Dimension, &r.Value, &r.Counts)
		if err != nil {
			return err
		}
		return yield(r.key(), r.Counts)
	}, `SELECT month, dimension, value, counts FROM number_cell
		WHERE regency_code = ? AND unit = ? AND slice = ? AND month >= ? AND month <= ?`, db.regency, unit, slice, from, to)
}

// Facts keeps numbers.Store.
func (db *DB) Facts(ctx context.Context, f numbers.Filter, yield func(numbers.Place, string) error) error {
	where, args := ` WHERE regency_code = ?`, []any{db.regency}
	narrow := func(condition, value string) {
		if value != "" {
			where += " AND " + condition
			args = append(args, value)
		}
	}
	narrow(`unit = ?`, f.Unit)
	narrow(`district = ?`, string(f.District))
	narrow(`month >= ?`, f.From)
	narrow(`month <= ?`, f.To)
	narrow(`class = ?`, f.Class)
	narrow(`channel = ?`, f.Channel)
	return db.reads().each(ctx, func(rows *sqlx.Rows) error {
		var r factRow
		err := rows.Scan(&r.Month, &r.Unit, &r.Class, &r.Channel, &r.District, &r.Matter, &r.Element, &r.Counts)
		if err != nil {
			return err
		}
		return yield(r.place(), r.Counts)
	}, `SELECT month, unit, class, channel, district, matter, element, counts FROM number_case`+where, args...)
}
