package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"layak/eligibility"
	"layak/internal/area"
)

var (
	_ eligibility.Registry = (*DB)(nil)
	_ eligibility.Registry = registryView{}
	_ eligibility.Pinner   = (*DB)(nil)
)

// registryView is the registry as one revision of it shows it. Every query looks at the rows of
// registry_import itself, so that what another process publishes is seen at once.
type registryView struct {
	db  *DB
	rev int64
}

// current is the newest revision, whichever that is when a query runs.
func (db *DB) current() registryView { return registryView{db: db, rev: forever - 1} }

// RegistryAt is the registry as it was visible at a past moment. Later publishes and rollbacks do
// not change what it answers.
func (db *DB) RegistryAt(ctx context.Context, t time.Time) (eligibility.Registry, error) {
	var published, rolledBack int64
	err := db.reads().get(ctx, &published, `SELECT COALESCE(MAX(visible_from), 0) FROM registry_import
		WHERE regency_code = ? AND published_at <= ?`, db.regency, at(t))
	if err != nil {
		return nil, err
	}
	err = db.reads().get(ctx, &rolledBack, `SELECT COALESCE(MAX(visible_until), 0) FROM registry_import
		WHERE regency_code = ? AND rolled_back_at <= ?`, db.regency, at(t))
	if err != nil {
		return nil, err
	}
	return registryView{db: db, rev: max(published, rolledBack)}, nil
}

// State implements eligibility.Registry.
func (db *DB) State(ctx context.Context) (eligibility.State, error) { return db.current().State(ctx) }

// Pin implements eligibility.Pinner.
func (db *DB) Pin(ctx context.Context) (eligibility.State, eligibility.Registry, error) {
	return db.current().Pin(ctx)
}

// Person implements eligibility.Registry.
func (db *DB) Person(ctx context.Context, nik eligibility.NIK) (eligibility.Person, error) {
	return db.current().Person(ctx, nik)
}

// Resident gives name, village and family card that the registry knows of a NIK now, also of somebody
// whom the office no longer lists; nil nothing. Only these fields are filled.
func (db *DB) Resident(ctx context.Context, nik eligibility.NIK) (*eligibility.Resident, error) {
	var row struct {
		Name    string    `db:"name"`
		KK      string    `db:"kk"`
		Village area.Code `db:"village"`
	}
	err := db.reads().get(ctx, &row, `SELECT r.name, r.kk, r.village FROM resident_version r
		JOIN registry_import i ON i.regency_code = r.regency_code AND i.seq = r.import_seq
			AND i.visible_from <= ? AND i.visible_until > ?
		WHERE r.regency_code = ? AND r.row_key = ? ORDER BY r.import_seq DESC LIMIT 1`,
		forever-1, forever-1, db.regency, string(nik))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read resident: %w", err)
	}
	return &eligibility.Resident{NIK: nik, Name: row.Name, KK: eligibility.KK(row.KK), Village: row.Village}, nil
}

// Household implements eligibility.Registry. People whom the office no longer lists are left out.
func (db *DB) Household(ctx context.Context, kk eligibility.KK) ([]eligibility.Person, error) {
	return db.current().Household(ctx, kk)
}

// Covers implements eligibility.Registry.
func (db *DB) Covers(ctx context.Context, kind eligibility.Kind, a area.Code) (eligibility.Coverage, bool, error) {
	return db.current().Covers(ctx, kind, a)
}

// Names implements eligibility.Registry.
func (db *DB) Names(ctx context.Context, a area.Code) ([]eligibility.NameRow, error) {
	return db.current().Names(ctx, a)
}

// NamesBorn implements eligibility.Registry.
func (db *DB) NamesBorn(ctx context.Context, born eligibility.Date) ([]eligibility.NameRow, error) {
	return db.current().NamesBorn(ctx, born)
}

// State implements eligibility.Registry.
func (v registryView) State(ctx context.Context) (eligibility.State, error) {
	state, _, err := v.pin(ctx)
	return state, err
}

// Pin implements eligibility.Pinner.
func (v registryView) Pin(ctx context.Context) (eligibility.State, eligibility.Registry, error) {
	state, pinned, err := v.pin(ctx)
	return state, pinned, err
}

// pin reads in one query what is published and the revision that shows it. An import that was
// published late may hold older data than another: the source of a kind is the visible import with
// the newest day, and of one day the last.
func (v registryView) pin(ctx context.Context) (eligibility.State, registryView, error) {
	var rows []struct {
		Rev  int64  `db:"rev"`
		Kind string `db:"kind"`
		ID   string `db:"id"`
		AsOf string `db:"as_of"`
	}
	err := v.db.reads().list(ctx, &rows, `SELECT COALESCE(n.rev, 0) AS rev, COALESCE(i.kind, '') AS kind,
			COALESCE(i.id, '') AS id, COALESCE(i.as_of, '') AS as_of
		FROM (SELECT MAX(CASE WHEN visible_until < ? THEN visible_until ELSE visible_from END) AS rev
			FROM registry_import WHERE regency_code = ? AND visible_from < ?) n
		LEFT JOIN (SELECT kind, id, as_of, ROW_NUMBER() OVER (PARTITION BY kind ORDER BY as_of DESC, seq DESC) AS place
			FROM registry_import WHERE regency_code = ? AND visible_from <= ? AND visible_until > ?) i ON i.place = 1`,
		forever, v.db.regency, forever, v.db.regency, v.rev, v.rev)
	if err != nil {
		return nil, v, fmt.Errorf("read state of the registry: %w", err)
	}
	state := eligibility.State{}
	for _, r := range rows {
		v.rev = min(v.rev, r.Rev)
		if r.Kind != "" {
			state[eligibility.Kind(r.Kind)] = eligibility.Source{ImportID: r.ID, AsOf: eligibility.Date(r.AsOf)}
		}
	}
	return state, v, nil
}

// Person implements eligibility.Registry.
func (v registryView) Person(ctx context.Context, nik eligibility.NIK) (eligibility.Person, error) {
	var row personRow
	err := v.db.reads().get(ctx, &row, personSQL, v.db.regency, string(nik), v.rev)
	if err != nil {
		return eligibility.Person{}, fmt.Errorf("read person: %w", err)
	}
	rows := []personRow{row}
	err = v.db.nameImports(ctx, rows)
	if err != nil {
		return eligibility.Person{}, err
	}
	people := []eligibility.Person{rows[0].person()}
	err = v.freshen(ctx, people, rows)
	return people[0], err
}

// Household implements eligibility.Registry.
func (v registryView) Household(ctx context.Context, kk eligibility.KK) ([]eligibility.Person, error) {
	if kk == "" {
		return nil, nil
	}
	var rows []personRow
	err := v.db.reads().list(ctx, &rows, householdSQL, v.rev, v.db.regency, string(kk), string(kk))
	if err != nil {
		return nil, fmt.Errorf("read household: %w", err)
	}
	err = v.db.nameImports(ctx, rows)
	if err != nil {
		return nil, err
	}
	people := make([]eligibility.Person, len(rows))
	for i := range rows {
		people[i] = rows[i].person()
	}
	return people, v.freshen(ctx, people, rows)
}

// Covers implements eligibility.Registry.
func (v registryView) Covers(ctx context.Context, kind eligibility.Kind, a area.Code) (eligibility.Coverage, bool, error) {
	covers := lineage(a)
	if len(covers) == 0 {
		return eligibility.Coverage{}, false, nil
	}
	var rows []struct {
		Area     string `db:"area"`
		ImportID string `db:"id"`
		AsOf     string `db:"as_of"`
	}
	err := v.db.reads().list(ctx, &rows, `SELECT c.area, i.id, c.as_of FROM coverage c
		JOIN registry_import i ON i.regency_code = c.regency_code AND i.seq = c.import_seq
			AND i.visible_from <= ? AND i.visible_until > ?
		WHERE c.regency_code = ? AND c.area IN (?, ?, ?, ?) AND c.kind = ? AND c.snapshot
		ORDER BY c.as_of DESC, c.import_seq DESC LIMIT 1`,
		append(append([]any{v.rev, v.rev, v.db.regency}, four(covers)...), string(kind))...)
	if err != nil || len(rows) == 0 {
		return eligibility.Coverage{}, false, err
	}
	return eligibility.Coverage{Kind: kind, Area: area.Code(rows[0].Area), ImportID: rows[0].ImportID,
		AsOf: eligibility.Date(rows[0].AsOf), Snapshot: true}, true, nil
}

// freshen raises the as-of dates of people to those of newer imports that vouch for their area,
// though they did not change their rows. rows are those that the people were read from.
func (v registryView) freshen(ctx context.Context, people []eligibility.Person, rows []personRow) error {
	byArea := map[area.Code]map[eligibility.Kind]eligibility.Date{}
	for i := range people {
		p := &people[i]
		where := v.home(p.Resident)
		if rows[i].Gap {
			newest, err := v.confirmedBut(ctx, where, *p)
			if err != nil {
				return err
			}
			raiseAll(p, newest)
			continue
		}
		newest, ok := byArea[where]
		if !ok {
			var err error
			newest, err = v.confirmed(ctx, where)
			if err != nil {
				return err
			}
			byArea[where] = newest
		}
		raiseAll(p, newest)
	}
	return nil
}

// raiseAll raises the as-of dates of what is known of a person.
func raiseAll(p *eligibility.Person, newest map[eligibility.Kind]eligibility.Date) {
	if p.Resident != nil {
		raise(&p.Resident.Provenance, newest[eligibility.Residents])
	}
	if p.Welfare != nil {
		raise(&p.Welfare.Provenance, newest[eligibility.Welfares])
	}
	if p.Membership != nil {
		raise(&p.Membership.Provenance, newest[eligibility.Membership])
	}
}

// home is the narrowest area known of a resident, and the regency for a NIK without a row.
func (v registryView) home(r *eligibility.Resident) area.Code {
	if r != nil {
		return v.db.place(string(r.Village), string(r.District), string(r.Regency), string(r.Province))
	}
	return area.Code(v.db.regency)
}

// place is the first of the codes that is known; the regency when none is.
func (db *DB) place(codes ...string) area.Code {
	for _, c := range codes {
		if c != "" {
			return area.Code(c)
		}
	}
	return area.Code(db.regency)
}

func raise(p *eligibility.Provenance, confirmed eligibility.Date) {
	if !p.Gone && confirmed > p.AsOf {
		p.AsOf = confirmed
	}
}

// confirmed gives per kind the newest day for which an import vouched for the area. Nobody writes into
// what it gives.
func (v registryView) confirmed(ctx context.Context, a area.Code) (map[eligibility.Kind]eligibility.Date, error) {
	pinned := v.rev < forever-1
	if pinned {
		if days := v.db.areas.find(v.rev, a); days != nil {
			return days, nil
		}
	}
	var rows []struct {
		Kind string `db:"kind"`
		AsOf string `db:"as_of"`
	}
	err := v.db.reads().list(ctx, &rows, `SELECT c.kind, MAX(c.as_of) AS as_of FROM coverage c
		JOIN registry_import i ON i.regency_code = c.regency_code AND i.seq = c.import_seq
			AND i.visible_from <= ? AND i.visible_until > ?
		WHERE c.regency_code = ? AND c.area IN (?, ?, ?, ?) GROUP BY c.kind`,
		append([]any{v.rev, v.rev, v.db.regency}, four(lineage(a))...)...)
	if err != nil {
		return nil, fmt.Errorf("read coverage: %w", err)
	}
	newest := map[eligibility.Kind]eligibility.Date{}
	for _, r := range rows {
		newest[eligibility.Kind(r.Kind)] = eligibility.Date(r.AsOf)
	}
	if pinned {
		v.db.areas.put(v.rev, a, newest)
	}
	return newest, nil
}

// lineage lists an area and everything it lies in, narrowest first.
func lineage(a area.Code) []string {
	var codes []string
	for s := string(a); s != ""; {
		codes = append(codes, s)
		dot := strings.LastIndexByte(s, '.')
		s = s[:max(dot, 0)]
	}
	return codes
}

// four fills a list up to the four question marks of a text, so that one prepared statement
// serves every level of area.
func four(codes []string) []any {
	args := make([]any, 4)
	for i := range args {
		if i < len(codes) {
			args[i] = codes[i]
			continue
		}
		args[i] = ""
	}
	return args
}
