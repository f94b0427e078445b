package storage

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"layak/complaints"
)

// TestFillingProcess is not a test: it is how cmd/bench stores many cases in a database in which the
// program stored a few before. LAYAK_TEST_FILL names it, LAYAK_TEST_CASES says how many.
func TestFillingProcess(t *testing.T) {
	address := os.Getenv("LAYAK_TEST_FILL")
	if address == "" {
		return
	}
	n, err := strconv.Atoi(os.Getenv("LAYAK_TEST_CASES"))
	must(t, err)
	f := filler{r: rand.New(rand.NewPCG(7, 7)), now: time.Now().UTC(), tickets: map[string]bool{}}
	db, err := Open(context.Background(), address, testConfig())
	must(t, err)
	f.read(t, db)
	f.regency = db.regency
	must(t, db.ForgetNumbers(context.Background()))
	must(t, db.Close())
	out, err := openOutlet(address)
	must(t, err)
	defer out.close()
	step := func(what string, began time.Time) { t.Logf("%s: %s", what, time.Since(began).Round(time.Second)) }
	began := time.Now()
	must(t, out.prepare())
	must(t, f.units(out))
	batches := make(chan map[string][][]any, 2)
	cast := (n + copies - 1) / copies
	go func() {
		defer close(batches)
		for from := 0; from < cast; from += castingsPerBatch {
			batches <- f.batch(from, min(from+castingsPerBatch, cast), cast)
		}
	}()
	for rows := range batches {
		for _, load := range mouldTables {
			must(t, out.insert("stage_"+load.table, f.columns[load.table], rows[load.table]))
		}
	}
	step("castings", began)
	began = time.Now()
	must(t, out.multiply(f.columns))
	step("copies of them", began)
	began = time.Now()
	must(t, out.finish())
	step("indexes", began)
}

// castingsPerBatch is how many cases are made and written at once.
const castingsPerBatch = 2000

// filler makes castings in the order in which they were filed, over a thousand days before now. Few
// of the old ones are open, many of those of the last days.
type filler struct {
	r           *rand.Rand
	now         time.Time
	regency     string
	open, ended []*mould
	columns     map[string][]string
	names       []string
	tickets     map[string]bool
}

func (f *filler) read(t testing.TB, db *DB) {
	t.Helper()
	var list []*mould
	list, f.columns = moulds(t, db, 600)
	for _, m := range list {
		if slices.Contains(complaints.OpenStates, m.state) {
			f.open = append(f.open, m)
		} else {
			f.ended = append(f.ended, m)
		}
	}
	if len(f.ended) == 0 {
		t.Fatal("nothing to multiply: the program has to store and end some cases first")
	}
	var names []string
	must(t, db.reads().list(context.Background(), &names, `SELECT name FROM resident_version LIMIT 2000`))
	for _, n := range names {
		f.names = append(f.names, strings.Fields(n)...)
	}
	slices.Sort(f.names)
	f.names = slices.Compact(f.names)
}

const (
	filledUnits     = 248
	filledDistricts = 31
	filledDays      = 1000
)

// unitOf names a unit; the first is that of the bench.
func unitOf(i int) string {
	if i == 0 {
		return "pkm-bench"
	}
	return fmt.Sprintf("kel-%03d", i)
}

func villageOf(i int) string {
	return fmt.Sprintf("35.09.%02d.%d", 1+i%filledDistricts, 2001+i/filledDistricts)
}

// units stores the units that work on the cases.
func (f *filler) units(out outlet) error {
	var units, areas [][]any
	for i := 1; i < filledUnits; i++ {
		units = append(units, []any{f.regency, unitOf(i), "Kelurahan Uji " + strconv.Itoa(i), "kelurahan"})
		areas = append(areas, []any{f.regency, unitOf(i), villageOf(i)})
	}
	err := out.insert("unit", []string{"regency_code", "code", "name", "kind"}, units)
	if err != nil {
		return err
	}
	return out.insert("unit_area", []string{"regency_code", "unit", "area"}, areas)
}

// batch makes the rows of the castings number from to until of n.
func (f *filler) batch(from, until, n int) map[string][][]any {
	rows := map[string][][]any{}
	for i := from; i < until; i++ {
		age := time.Duration((float64(n-i) - f.r.Float64()) / float64(n) * filledDays * 24 * float64(time.Hour))
		c := f.cast(f.pick(age), age)
		for table, moulded := range c.rows {
			for _, cells := range moulded {
				row := make([]any, len(cells))
				for k, v := range cells {
					row[k] = c.value(v)
				}
				if table == "complaint" {
					f.looked(row, c)
				}
				rows[table] = append(rows[table], row)
			}
		}
	}
	return rows
}

// pick chooses a mould by the age of the case.
func (f *filler) pick(age time.Duration) *mould {
	days, share := age.Hours()/24, 1
	switch {
	case days < 3:
		share = 60
	case days < 14:
		share = 25
	case days < 30:
		share = 5
	}
	list := f.ended
	if len(f.open) > 0 && f.r.IntN(100) < share {
		list = f.open
	}
	m := list[f.r.IntN(len(list))]
	if m.state != complaints.Closed && list[0].state != m.state && f.r.IntN(3) > 0 { // most cases end by being closed
		m = list[f.r.IntN(len(list))]
	}
	return m
}

func (f *filler) cast(m *mould, age time.Duration) *casting {
	unit := f.r.IntN(filledUnits)
	c := &casting{mould: m, r: f.r, filed: f.now.Add(-age), unit: unitOf(unit), village: villageOf(unit + filledUnits*f.r.IntN(2)/2),
		officer: fmt.Sprintf("petugas%d%c", unit, 'a'+f.r.IntN(4)), phone: fmt.Sprintf("0812%08d", f.r.IntN(100_000_000)),
		name: f.names[f.r.IntN(len(f.names))] + " " + f.names[f.r.IntN(len(f.names))]}
	if unit == 0 && f.r.IntN(2) == 0 {
		c.officer = "bench"
	}
	c.nik = fmt.Sprintf("3509%02d%02d%02d%02d9%d", 1+f.r.IntN(filledDistricts), 1+f.r.IntN(28), 1+f.r.IntN(12), f.r.IntN(100), f.r.IntN(10)) + castNIK
	for c.ticket == "" || f.tickets[c.ticket] {
		c.ticket = signed(string(complaints.NewTicket(jember)), 0)
	}
	f.tickets[c.ticket] = true
	life := min(age, time.Duration((0.1+f.r.Float64()*f.r.Float64()*12)*24*float64(time.Hour)))
	c.slow = 1
	if passed := m.last.Sub(m.began); passed > 0 {
		c.slow = float64(life) / float64(passed)
	}
	for _, made := range m.made {
		c.ids = append(c.ids, c.idAt(c.moment(made)))
	}
	return c
}

// looked lets the clocks of a casting have been looked at, as the program does every minute: what
// is overdue has climbed, and the next look lies ahead.
func (f *filler) looked(row []any, c *casting) {
	columns := f.columns["complaint"]
	look, climbed, due := slices.Index(columns, "look_at"), slices.Index(columns, "escalated"), slices.Index(columns, "due_at")
	if row[look] == nil {
		return
	}
	next := f.now.Add(time.Duration((1 + f.r.Float64()*240) * float64(time.Hour))).Truncate(time.Microsecond)
	moment, text, ok := momentOf(row[due])
	if ok && moment.Before(f.now) {
		row[climbed] = 1 + f.r.IntN(3)
	}
	if text {
		row[look] = fixedWidth(next)
	} else {
		row[look] = next
	}
}

// outlet writes many rows into a database that nobody else uses: without indexes, triggers and
// waiting for the disk, all of which finish brings back.
type outlet interface {
	prepare() error
	insert(table string, columns []string, rows [][]any) error
	multiply(columns map[string][]string) error
	finish() error
	close()
}

func openOutlet(address string) (outlet, error) {
	path, ok := strings.CutPrefix(address, "sqlite:")
	if !ok {
		db, err := sqlx.Open("postgres", address)
		if err != nil {
			return nil, err
		}
		db.SetMaxOpenConns(1)
		return &postgresOutlet{base{db: db, position: "strpos"}}, nil
	}
	db, err := sqlx.Open("sqlite", "file:"+path)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return &sqliteOutlet{base{db: db, position: "instr"}, map[string]*sql.Stmt{}}, nil
}

type base struct {
	db       *sqlx.DB
	again    []string // statements that finish runs
	position string   // the function that finds a text in another one
}

func (b *base) close() { _ = b.db.Close() }

func (b *base) run(statements ...string) error {
	for _, s := range statements {
		_, err := b.db.Exec(s)
		if err != nil {
			return fmt.Errorf("%.200s: %w", s, err)
		}
	}
	return nil
}

// aside drops what a query lists, name and text, and keeps the text for finish.
func (b *base) aside(kind, query string, args ...any) error {
	var list []struct {
		Name string `db:"name"`
		Text string `db:"text"`
	}
	err := b.db.Select(&list, query, args...)
	if err != nil {
		return err
	}
	for _, x := range list {
		b.again = append(b.again, x.Text)
		err = b.run(`DROP ` + kind + ` ` + x.Name)
		if err != nil {
			return err
		}
	}
	return nil
}

// stage makes tables without keys for the castings.
func (b *base) stage(unlogged string) error {
	for _, load := range mouldTables {
		err := b.run(`CREATE ` + unlogged + ` TABLE stage_` + load.table + ` AS SELECT * FROM ` + load.table + ` WHERE 1 = 0`)
		if err != nil {
			return err
		}
	}
	return nil
}

func tableNames() []string {
	var names []string
	for _, load := range mouldTables {
		names = append(names, load.table)
	}
	return names
}

type postgresOutlet struct{ base }

func (o *postgresOutlet) prepare() error {
	err := o.run(`SET synchronous_commit = off`, `SET maintenance_work_mem = '512MB'`, `SET session_replication_role = replica`,
		`ALTER SYSTEM SET fsync = off`, `ALTER SYSTEM SET full_page_writes = off`, `ALTER SYSTEM SET max_wal_size = '8GB'`, `SELECT pg_reload_conf()`)
	if err != nil {
		return err
	}
	err = o.stage("UNLOGGED")
	if err != nil {
		return err
	}
	return o.aside("INDEX", `SELECT i.indexname AS name, i.indexdef AS text FROM pg_indexes i WHERE i.schemaname = current_schema() AND i.tablename = ANY ($1)
		AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conname = i.indexname)`, pq.Array(tableNames()))
}

func (o *postgresOutlet) insert(table string, columns []string, rows [][]any) error {
	tx, err := o.db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	s, err := tx.Prepare(`COPY ` + pq.QuoteIdentifier(table) + ` (` + quoted(columns) + `) FROM STDIN`)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	for _, row := range rows {
		_, err = s.Exec(row...)
		if err != nil {
			return err
		}
	}
	_, err = s.Exec()
	if err != nil {
		return fmt.Errorf("copy into %s: %w", table, err)
	}
	return tx.Commit()
}

func quoted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = pq.QuoteIdentifier(n)
	}
	return strings.Join(out, ", ")
}

func (o *postgresOutlet) finish() error {
	err := o.run(o.again...)
	if err != nil {
		return err
	}
	// The server does the first by itself some minutes after so many rows came in.
	return o.run(`VACUUM (ANALYZE)`, `ALTER SYSTEM SET fsync = on`, `ALTER SYSTEM SET full_page_writes = on`, `ALTER SYSTEM RESET max_wal_size`,
		`SELECT pg_reload_conf()`, `CHECKPOINT`)
}

type sqliteOutlet struct {
	base
	many map[string]*sql.Stmt // by table
}

func (o *sqliteOutlet) prepare() error {
	err := o.run(`PRAGMA journal_mode = OFF`, `PRAGMA synchronous = OFF`, `PRAGMA cache_size = -1000000`, `PRAGMA foreign_keys = OFF`)
	if err != nil {
		return err
	}
	err = o.stage("")
	if err != nil {
		return err
	}
	in := `tbl_name IN ('` + strings.Join(tableNames(), `', '`) + `') AND sql IS NOT NULL`
	err = o.aside("INDEX", `SELECT name, sql AS text FROM sqlite_master WHERE type = 'index' AND `+in)
	if err != nil {
		return err
	}
	// The index of words is filled in one go at the end.
	o.again = append(o.again, `INSERT INTO complaint_find (rowid, words) SELECT doc, words FROM complaint_text
		WHERE doc > (SELECT COALESCE(MAX(id), 0) FROM complaint_find_docsize)`)
	return o.aside("TRIGGER", `SELECT name, sql AS text FROM sqlite_master WHERE type = 'trigger' AND `+in)
}

// rowsPerStatement is how many rows one prepared statement writes.
const rowsPerStatement = 40

func (o *sqliteOutlet) insert(table string, columns []string, rows [][]any) error {
	one := "(" + marks(len(columns)) + ")"
	text := func(n int) string {
		return `INSERT INTO ` + table + ` (` + strings.Join(columns, ", ") + `) VALUES ` + strings.TrimSuffix(strings.Repeat(one+",", n), ",")
	}
	if o.many[table] == nil {
		s, err := o.db.Prepare(text(rowsPerStatement)) //nolint:sqlclosecheck // kept until the database closes
		if err != nil {
			return err
		}
		o.many[table] = s
	}
	tx, err := o.db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	many := tx.Stmt(o.many[table])
	for part := range slices.Chunk(rows, rowsPerStatement) {
		if len(part) == rowsPerStatement {
			_, err = many.Exec(slices.Concat(part...)...)
		} else {
			_, err = tx.Exec(text(len(part)), slices.Concat(part...)...)
		}
		if err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
	}
	return tx.Commit()
}

func (o *sqliteOutlet) finish() error {
	return o.run(append(o.again, `PRAGMA journal_mode = WAL`)...)
}
