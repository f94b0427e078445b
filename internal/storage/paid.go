package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"layak/complaints/worklist"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
)

// paidLock lets one process look over the registry.
const paidLock = "paid"

// ScanPaid implements worklist.Store. It walks once through the memberships and once through the
// residents, both in the order of their key, and keeps a few bytes of each active member and each
// living resident: millions fit. Nothing waits for it, and what it finds appears at once.
func (db *DB) ScanPaid(ctx context.Context, e audit.Entry) (bool, error) {
	_, view, err := db.current().pin(ctx)
	if err != nil {
		return false, err
	}
	last, err := db.PaidScan(ctx)
	if err != nil || last.Done && last.Revision == view.rev {
		return false, err
	}
	release, ok, err := db.tryLock(ctx, paidLock)
	if err != nil || !ok {
		return false, err
	}
	defer release()
	s := &paidScan{db: db, rev: view.rev}
	err = s.run(ctx)
	if err != nil {
		return false, fmt.Errorf("scan who is paid: %w", err)
	}
	return true, db.write(ctx, func(t *tx) error { return t.savePaid(ctx, s, e) })
}

// paidScan is one walk over the registry.
type paidScan struct {
	db       *DB
	rev      int64
	visible  map[int64]bool // seqs of imports that the revision sees
	members  []uint64       // active ones, ascending: NIK<<4 | segment
	people   []sighted      // residents who may be the same person as another
	paid     int
	findings []worklist.Finding
}

// sighted is a resident by a print of name and birth date.
type sighted struct{ print, nik uint64 }

// segments in the order of their number in a member.
var segments = []string{"", "pbi_jk", "pemda", "ppu", "mandiri", "bp"}

const pemdaNo = 2

func (s *paidScan) run(ctx context.Context) error {
	var seqs []int64
	err := s.db.reads().list(ctx, &seqs, `SELECT seq FROM registry_import WHERE regency_code = ? AND visible_from <= ? AND visible_until > ?`,
		s.db.regency, s.rev, s.rev)
	if err != nil {
		return err
	}
	s.visible = make(map[int64]bool, len(seqs))
	for _, n := range seqs {
		s.visible[n] = true
	}
	err = s.walkMembers(ctx)
	if err != nil {
		return err
	}
	err = s.walkResidents(ctx)
	if err != nil {
		return err
	}
	return s.twins(ctx)
}

// memberRow and livingRow are what the walk reads of a version.
type memberRow struct {
	Key     string `db:"row_key"`
	Seq     int64  `db:"import_seq"`
	Gone    bool   `db:"gone"`
	Segment string `db:"segment"`
	Status  string `db:"member_status"`
}

type livingRow struct {
	Key     string `db:"row_key"`
	Seq     int64  `db:"import_seq"`
	Gone    bool   `db:"gone"`
	Name    string `db:"name"`
	Born    string `db:"birth_date"`
	Life    string `db:"life_status"`
	Regency string `db:"regency"`
	Place   string `db:"place"`
}

// newest calls done with the newest visible version of each key; rows come in the order of key and seq.
func newest[T any](ctx context.Context, s *paidScan, query string, key func(T) (string, int64), done func(T)) error {
	var last T
	has := false
	err := s.db.reads().each(ctx, func(rows *sqlx.Rows) error {
		var r T
		err := rows.StructScan(&r)
		if err != nil {
			return err
		}
		k, seq := key(r)
		if !s.visible[seq] {
			return nil
		}
		if was, _ := key(last); has && was != k {
			done(last)
		}
		last, has = r, true
		return nil
	}, query, s.db.regency)
	if err == nil && has {
		done(last)
	}
	return err
}

func (s *paidScan) walkMembers(ctx context.Context) error {
	return newest(ctx, s, `SELECT row_key, import_seq, gone, segment, member_status FROM membership_version
		WHERE regency_code = ? ORDER BY row_key, import_seq`,
		func(r memberRow) (string, int64) { return r.Key, r.Seq },
		func(r memberRow) {
			nik, err := strconv.ParseUint(r.Key, 10, 60)
			no := slices.Index(segments, r.Segment)
			if err != nil || no <= 0 || r.Gone || r.Status != "active" {
				return
			}
			s.members = append(s.members, nik<<4|uint64(no)) // a handful of segments
			if no == pemdaNo {
				s.paid++
			}
		})
}

// segment of an active member; 0 for nobody.
func (s *paidScan) segment(nik uint64) int {
	i, _ := slices.BinarySearch(s.members, nik<<4)
	if i < len(s.members) && s.members[i]>>4 == nik {
		return int(s.members[i] & 15)
	}
	return 0
}

func (s *paidScan) walkResidents(ctx context.Context) error {
	return newest(ctx, s, `SELECT row_key, import_seq, gone, name, birth_date, life_status, regency, place FROM resident_version
		WHERE regency_code = ? ORDER BY row_key, import_seq`,
		func(r livingRow) (string, int64) { return r.Key, r.Seq }, s.resident)
}

func (s *paidScan) resident(r livingRow) {
	nik, err := strconv.ParseUint(r.Key, 10, 60)
	if err != nil {
		return
	}
	no := s.segment(nik)
	if no == 0 {
		return // who is no active member costs nobody anything
	}
	elsewhere := r.Life == "moved_out" || r.Regency != "" && r.Regency != s.db.regency
	switch {
	case no == pemdaNo && r.Life == "deceased":
		s.find(r, worklist.Dead, "")
	case no == pemdaNo && elsewhere:
		s.find(r, worklist.MovedOut, "")
	case r.Life != "deceased" && r.Name != "" && r.Born != "":
		s.people = append(s.people, sighted{printOf(r.Name, r.Born), nik})
	}
}

func (s *paidScan) find(r livingRow, why worklist.Reason, other string) {
	s.findings = append(s.findings, worklist.Finding{
		NIK: r.Key, Reason: why, OtherNIK: other, Place: area.Code(r.Place), Basis: basis(string(why), r.Life, r.Regency, other),
	})
}

// printOf and basis are short prints; a basis changes with the data that a finding rests on.
func printOf(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p))
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}

func basis(parts ...string) string { return strconv.FormatUint(printOf(parts...), 36) }

// twins looks for people who are active under two numbers: same name and birth date, and the same
// mother, or the same place on the same family card.
func (s *paidScan) twins(ctx context.Context) error {
	slices.SortFunc(s.people, func(a, b sighted) int { return cmp.Or(cmp.Compare(a.print, b.print), cmp.Compare(a.nik, b.nik)) })
	for i := 0; i < len(s.people); {
		j := i + 1
		for j < len(s.people) && s.people[j].print == s.people[i].print {
			j++
		}
		err := s.compare(ctx, s.people[i:j])
		if err != nil {
			return err
		}
		i = j
	}
	return nil
}

// compare looks closely at people of one name and birth date, when the office pays one of them.
func (s *paidScan) compare(ctx context.Context, group []sighted) error {
	if len(group) < 2 || len(group) > 20 || !slices.ContainsFunc(group, func(p sighted) bool { return s.segment(p.nik) == pemdaNo }) {
		return nil
	}
	view := registryView{db: s.db, rev: s.rev}
	people := make([]eligibility.Person, len(group))
	for i, p := range group {
		var err error
		people[i], err = view.Person(ctx, eligibility.NIK(fmt.Sprintf("%016d", p.nik)))
		if err != nil {
			return err
		}
	}
	listed := map[int]bool{}
	for i := range people {
		for j := range people {
			if i == j || listed[i] || listed[j] || s.segment(group[i].nik) != pemdaNo || !sameHuman(people[i].Resident, people[j].Resident) {
				continue
			}
			why := worklist.OtherSegment
			if s.segment(group[j].nik) == pemdaNo {
				why = worklist.Double
				// Of two that are paid the one is listed that the office no longer lists, else the later.
				if a, b := people[i].Resident, people[j].Resident; b.Gone && !a.Gone || a.Gone == b.Gone && j > i {
					continue
				}
			}
			listed[i] = true
			r := people[i].Resident
			place := s.db.place(string(r.Village), string(r.District), string(r.Regency), string(r.Province))
			s.find(livingRow{Key: string(r.NIK), Life: r.LifeStatus, Regency: string(r.Regency), Place: string(place)}, why, string(people[j].NIK))
		}
	}
	return nil
}

func sameHuman(a, b *eligibility.Resident) bool {
	if a == nil || b == nil || a.Name != b.Name || a.BirthDate != b.BirthDate || a.Sex != "" && b.Sex != "" && a.Sex != b.Sex {
		return false
	}
	mother := a.MotherNIK != "" && a.MotherNIK == b.MotherNIK
	card := a.KK != "" && a.KK == b.KK && a.Relation == b.Relation
	return mother || card || a.FormerNIK == b.NIK || b.FormerNIK == a.NIK
}

func (t *tx) savePaid(ctx context.Context, s *paidScan, e audit.Entry) error {
	for _, table := range []string{"paid_finding", "paid_scan"} {
		_, err := t.exec(ctx, `DELETE FROM `+table+` WHERE regency_code = ?`, t.db.regency)
		if err != nil {
			return err
		}
	}
	if len(s.findings) > 0 {
		rows := make([][]any, len(s.findings))
		for i, f := range s.findings {
			rows[i] = []any{t.db.regency, f.NIK, string(f.Reason), f.OtherNIK, string(f.Place), f.Basis}
		}
		err := t.db.dialect.bulk(ctx, t, "paid_finding", []string{"regency_code", "nik", "reason", "other_nik", "place", "basis"}, rows)
		if err != nil {
			return err
		}
	}
	_, err := t.exec(ctx, `INSERT INTO paid_scan (regency_code, revision, paid, scanned_at) VALUES (?, ?, ?, ?)`, t.db.regency, s.rev, s.paid, at(t.now))
	if err != nil {
		return err
	}
	return t.record(ctx, e)
}

// PaidScan implements worklist.Store.
func (db *DB) PaidScan(ctx context.Context) (worklist.Scan, error) {
	var r struct {
		Revision int64 `db:"revision"`
		Paid     int   `db:"paid"`
		At       stamp `db:"scanned_at"`
	}
	err := db.reads().get(ctx, &r, `SELECT revision, paid, scanned_at FROM paid_scan WHERE regency_code = ?`, db.regency)
	if errors.Is(err, sql.ErrNoRows) {
		return worklist.Scan{}, nil
	}
	return worklist.Scan{Done: true, Paid: r.Paid, Revision: r.Revision, At: r.At.time()}, err
}

// openFinding leaves out what an official dealt with, as long as the data are the same.
const openFinding = ` AND NOT EXISTS (SELECT 1 FROM paid_aside a WHERE a.regency_code = f.regency_code AND a.nik = f.nik AND a.basis = f.basis)`

// placeClause limits findings to areas; none sees all.
func placeClause(areas []area.Code) (string, []any) {
	if len(areas) == 0 {
		return "", nil
	}
	var parts []string
	var args []any
	for _, a := range areas {
		parts = append(parts, `f.place = ? OR (f.place >= ? AND f.place < ?)`)
		args = append(args, string(a), string(a)+".", string(a)+"/")
	}
	return ` AND (` + strings.Join(parts, ` OR `) + `)`, args
}

// PaidFindings implements worklist.Store. After "=" and a NIK asks for that person alone.
func (db *DB) PaidFindings(ctx context.Context, f worklist.PaidFilter, areas []area.Code) ([]worklist.Finding, error) {
	query := `SELECT f.nik, f.reason, f.other_nik, f.place, f.basis FROM paid_finding f WHERE f.regency_code = ?` + openFinding
	args := []any{db.regency}
	add := func(clause string, more ...any) {
		query += clause
		args = append(args, more...)
	}
	where, more := placeClause(areas)
	add(where, more...)
	if f.Reason != "" {
		add(` AND f.reason = ?`, string(f.Reason))
	}
	if f.Place != "" {
		where, more = placeClause([]area.Code{f.Place})
		add(where, more...)
	}
	if nik, one := strings.CutPrefix(f.After, "="); one {
		add(` AND f.nik = ?`, nik)
	} else if place, nik, ok := strings.Cut(f.After, "|"); ok {
		add(` AND (f.place > ? OR f.place = ? AND f.nik > ?)`, place, place, nik)
	}
	var rows []struct {
		NIK      string `db:"nik"`
		Reason   string `db:"reason"`
		OtherNIK string `db:"other_nik"`
		Place    string `db:"place"`
		Basis    string `db:"basis"`
	}
	err := db.reads().list(ctx, &rows, query+` ORDER BY f.place, f.nik LIMIT ?`, append(args, f.Limit)...)
	list := make([]worklist.Finding, len(rows))
	for i, r := range rows {
		list[i] = worklist.Finding{NIK: r.NIK, Reason: worklist.Reason(r.Reason), OtherNIK: r.OtherNIK, Place: area.Code(r.Place), Basis: r.Basis}
	}
	return list, err
}

// PaidTotals implements worklist.Store.
func (db *DB) PaidTotals(ctx context.Context, areas []area.Code) ([]worklist.PaidTotal, error) {
	where, more := placeClause(areas)
	var rows []struct {
		Reason   string `db:"reason"`
		District string `db:"district"`
		N        int    `db:"n"`
	}
	err := db.reads().list(ctx, &rows, `SELECT f.reason, SUBSTR(f.place, 1, 8) AS district, COUNT(*) AS n FROM paid_finding f
		WHERE f.regency_code = ?`+openFinding+where+` GROUP BY 1, 2 ORDER BY 2, 1`, append([]any{db.regency}, more...)...)
	list := make([]worklist.PaidTotal, len(rows))
	for i, r := range rows {
		list[i] = worklist.PaidTotal{Reason: worklist.Reason(r.Reason), District: area.Code(r.District), People: r.N}
	}
	return list, err
}

// SetAside implements worklist.Store.
func (db *DB) SetAside(ctx context.Context, a worklist.Aside, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO paid_aside (regency_code, nik, basis, note, made_at, made_by) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (regency_code, nik) DO UPDATE SET basis = excluded.basis, note = excluded.note, made_at = excluded.made_at, made_by = excluded.made_by`,
			db.regency, a.NIK, a.Basis, a.Note, at(a.At), a.By)
		if err != nil {
			return err
		}
		return t.record(ctx, e)
	})
}
