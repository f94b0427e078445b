package storage

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
)

// EachPerson implements snapshot.Source. The three kinds are read side by side in the order of their
// keys, each version once, instead of looking up the newest of every person: everybody is asked for.
// What a revision shows never changes, so this holds no transaction open while millions go by.
func (db *DB) EachPerson(ctx context.Context, revision int64, yield func(*eligibility.Person) error) error {
	w := walk{v: registryView{db: db, rev: revision}, days: map[area.Code]map[eligibility.Kind]eligibility.Date{}}
	err := w.prepare(ctx)
	if err == nil {
		err = w.all(ctx, yield)
	}
	if err != nil {
		return fmt.Errorf("read everybody of registry revision %d: %w", revision, err)
	}
	return nil
}

// walk goes through everybody of a revision.
type walk struct {
	v       registryView
	imports map[int64]source     // visible ones by seq
	covered map[string][]kindDay // by area: what visible imports vouch for
	gaps    map[string]bool      // keys of rows that some import rejected
	family  map[string]familyRow
	days    map[area.Code]map[eligibility.Kind]eligibility.Date
}

type source struct{ id, asOf string }

type kindDay struct {
	kind eligibility.Kind
	day  eligibility.Date
}

type familyRow struct {
	seq   int64
	gone  bool
	desil int
}

// walkPage is how many versions of a kind one query reads.
const walkPage = 8_000

func (w *walk) prepare(ctx context.Context) error {
	w.imports, w.covered, w.gaps, w.family = map[int64]source{}, map[string][]kindDay{}, map[string]bool{}, map[string]familyRow{}
	x, regency := w.v.db.reads(), w.v.db.regency
	err := x.each(ctx, func(rows *sqlx.Rows) error {
		var seq int64
		var s source
		err := rows.Scan(&seq, &s.id, &s.asOf)
		w.imports[seq] = s
		return err
	}, `SELECT seq, id, as_of FROM registry_import WHERE regency_code = ? AND visible_from <= ? AND visible_until > ?`,
		regency, w.v.rev, w.v.rev)
	if err != nil {
		return err
	}
	err = x.each(ctx, func(rows *sqlx.Rows) error {
		var a string
		var k kindDay
		var seq int64
		err := rows.Scan(&a, &k.kind, &k.day, &seq)
		if _, visible := w.imports[seq]; visible {
			w.covered[a] = append(w.covered[a], k)
		}
		return err
	}, `SELECT area, kind, as_of, import_seq FROM coverage WHERE regency_code = ?`, regency)
	if err != nil {
		return err
	}
	err = x.each(ctx, func(rows *sqlx.Rows) error {
		var key string
		err := rows.Scan(&key)
		w.gaps[key] = true
		return err
	}, `SELECT DISTINCT row_key FROM coverage_gap WHERE regency_code = ?`, regency)
	if err != nil {
		return err
	}
	return w.families(ctx)
}

// families reads the rows of welfare that stand for a whole card.
func (w *walk) families(ctx context.Context) error {
	return w.v.db.reads().each(ctx, func(rows *sqlx.Rows) error {
		var key string
		var f familyRow
		err := rows.Scan(&key, &f.seq, &f.gone, &f.desil)
		if err != nil {
			return err
		}
		if _, visible := w.imports[f.seq]; !visible || w.family[key].seq > f.seq {
			return nil
		}
		w.family[strings.Clone(key)] = f
		return nil
	}, `SELECT row_key, import_seq, gone, desil FROM welfare_version WHERE regency_code = ? AND row_key >= ? AND row_key < ?`,
		w.v.db.regency, importers.FamilyPrefix, importers.FamilyPrefix+":")
}

// beyondKeys is behind every NIK; rows of a family have other keys.
const beyondKeys = ":"

// all goes through the people page by page. A page is the range of keys of which all three kinds are
// read in full.
func (w *walk) all(ctx context.Context, yield func(*eligibility.Person) error) error {
	kinds := []*pages{
		newPages("resident_version", func(p *personRow) []any {
			return []any{&p.KK, &p.Sex, &p.BirthDate, &p.Relation, &p.Village, &p.District, &p.RegencyCode, &p.Province,
				&p.LifeStatus, &p.MovedInOn}
		}, "kk", "sex", "birth_date", "relation", "village", "district", "regency", "province", "life_status", "moved_in_on"),
		newPages("welfare_version", func(p *personRow) []any { return []any{&p.WDesil} }, "desil"),
		newPages("membership_version", func(p *personRow) []any {
			return []any{&p.Segment, &p.MemberStatus, &p.MemberReason, &p.MemberSince, &p.InactiveSince, &p.Class}
		}, "segment", "member_status", "member_reason", "member_since", "inactive_since", "class"),
	}
	for from := "0"; from < beyondKeys; {
		until := beyondKeys
		for _, k := range kinds {
			end, err := k.read(ctx, w, from)
			if err != nil {
				return err
			}
			until = min(until, end)
		}
		if until <= from {
			return fmt.Errorf("more than %d versions of one row", walkPage)
		}
		for {
			key := min(kinds[0].key(), kinds[1].key(), kinds[2].key())
			if key >= until {
				break
			}
			err := w.one(ctx, key, kinds, yield)
			if err != nil {
				return err
			}
		}
		from = until
	}
	return nil
}

// one joins what the kinds say of a key, and hands it on if that is anything.
func (w *walk) one(ctx context.Context, key string, kinds []*pages, yield func(*eligibility.Person) error) error {
	row := personRow{NIK: key}
	resident, welfare, member := kinds[0].newest(w, key), kinds[1].newest(w, key), kinds[2].newest(w, key)
	if v := resident; v != nil {
		row = v.row
		row.NIK, row.RFound, row.RGone = key, true, v.gone
		row.RImport, row.RAsOf = w.imports[v.seq].id, w.imports[v.seq].asOf
	}
	if v := welfare; v != nil {
		row.WFound, row.WGone, row.WDesil = true, v.gone, v.row.WDesil
		row.WImport, row.WAsOf = w.imports[v.seq].id, w.imports[v.seq].asOf
	}
	if v := member; v != nil {
		m := &v.row
		row.MFound, row.MGone = true, v.gone
		row.MImport, row.MAsOf = w.imports[v.seq].id, w.imports[v.seq].asOf
		row.Segment, row.MemberStatus, row.MemberReason = m.Segment, m.MemberStatus, m.MemberReason
		row.MemberSince, row.InactiveSince, row.Class = m.MemberSince, m.InactiveSince, m.Class
	}
	if resident == nil && welfare == nil && member == nil {
		return nil // only versions that this revision does not show
	}
	family := importers.FamilyPrefix + row.KK
	if f, ok := w.family[family]; ok && row.RFound {
		row.FFound, row.FGone, row.FDesil = true, f.gone, f.desil
		row.FImport, row.FAsOf = w.imports[f.seq].id, w.imports[f.seq].asOf
	}
	p := row.person()
	newest, err := w.confirmed(ctx, p, w.gaps[key] || row.RFound && w.gaps[family])
	if err != nil {
		return err
	}
	raiseAll(&p, newest)
	return yield(&p)
}

// confirmed gives per kind the newest day for which an import vouched for where the person lives. Those
// of whom some import rejected a row are few and asked about one by one.
func (w *walk) confirmed(ctx context.Context, p eligibility.Person, gap bool) (map[eligibility.Kind]eligibility.Date, error) {
	where := w.v.home(p.Resident)
	if gap {
		return w.v.confirmedBut(ctx, where, p)
	}
	days, ok := w.days[where]
	if ok {
		return days, nil
	}
	days = map[eligibility.Kind]eligibility.Date{}
	for _, a := range lineage(where) {
		for _, k := range w.covered[a] {
			days[k.kind] = max(days[k.kind], k.day)
		}
	}
	w.days[where] = days
	return days, nil
}

// pages reads the versions of a kind in the order of their keys.
type pages struct {
	query string
	into  func(*personRow) []any
	rows  []version
	next  int
}

// version is one row of a kind; of row only the fields of the kind are set.
type version struct {
	key  string
	seq  int64
	gone bool
	row  personRow
}

func newPages(table string, into func(*personRow) []any, columns ...string) *pages {
	return &pages{into: into, query: `SELECT row_key, import_seq, gone, ` + strings.Join(columns, ", ") + ` FROM ` + table + `
		WHERE regency_code = ? AND row_key >= ? AND row_key < ? ORDER BY row_key, import_seq LIMIT ?`}
}

// read reads the page that begins at a key, and gives the key at which it ends: that one may have more
// versions than were read.
func (p *pages) read(ctx context.Context, w *walk, from string) (until string, err error) {
	p.rows, p.next = p.rows[:0], 0
	err = w.v.db.reads().each(ctx, func(rows *sqlx.Rows) error {
		p.rows = append(p.rows, version{})
		v := &p.rows[len(p.rows)-1]
		return rows.Scan(append([]any{&v.key, &v.seq, &v.gone}, p.into(&v.row)...)...)
	}, p.query, w.v.db.regency, from, beyondKeys, walkPage)
	if err != nil {
		return "", err
	}
	if len(p.rows) < walkPage {
		return beyondKeys, nil
	}
	return p.rows[len(p.rows)-1].key, nil
}

// key is that of the next version.
func (p *pages) key() string {
	if p.next == len(p.rows) {
		return beyondKeys
	}
	return p.rows[p.next].key
}

// newest goes past the versions of a key and gives the newest that is visible, nil when none is.
func (p *pages) newest(w *walk, key string) *version {
	var newest *version
	for ; p.key() == key; p.next++ {
		v := &p.rows[p.next]
		if _, visible := w.imports[v.seq]; visible {
			newest = v
		}
	}
	return newest
}
