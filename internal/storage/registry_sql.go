package storage

import (
	"strings"

	"layak/eligibility"
)

// rowTable is where the rows of a kind are kept; its columns bear the names of the fields.
type rowTable struct {
	name   string
	kind   eligibility.Kind
	fields []eligibility.Field
}

// rowTables by kind.
var rowTables = map[eligibility.Kind]rowTable{
	eligibility.Residents:  newRowTable("resident_version", eligibility.Residents),
	eligibility.Welfares:   newRowTable("welfare_version", eligibility.Welfares),
	eligibility.Membership: newRowTable("membership_version", eligibility.Membership),
}

func newRowTable(name string, k eligibility.Kind) rowTable {
	return rowTable{name: name, kind: k, fields: eligibility.FieldsOf(k)}
}

// columns lists the field columns, each with the prefix.
func (v rowTable) columns(prefix string) string {
	names := make([]string, len(v.fields))
	for i, f := range v.fields {
		names[i] = prefix + f.String()
	}
	return strings.Join(names, ", ")
}

// forever is the revision that never comes: an import that is not published becomes visible then,
// and one that is not rolled back stops being visible then.
const forever int64 = 1<<63 - 1

// newestSQL is the seq of the newest version of a key that the revision s.rev sees.
func newestSQL(table, key string) string {
	return `(SELECT MAX(x.import_seq) FROM ` + table + ` x
		JOIN registry_import xi ON xi.regency_code = x.regency_code AND xi.seq = x.import_seq
			AND xi.visible_from <= s.rev AND xi.visible_until > s.rev
		WHERE x.regency_code = s.regency AND x.row_key = ` + key + `)`
}

// joinNewest joins the newest visible row of a kind to the keys of s.
func joinNewest(table, alias, key string) string {
	return `
	LEFT JOIN ` + table + ` ` + alias + ` ON ` + alias + `.regency_code = s.regency AND ` + alias + `.row_key = ` + key + `
		AND ` + alias + `.import_seq = ` + newestSQL(table, key)
}

// coalesced lists columns of an outer-joined row, "" where there is none, named alias_column.
func coalesced(alias string, columns ...string) string {
	var b strings.Builder
	b.WriteString(`CASE WHEN ` + alias + `.row_key IS NULL THEN 0 ELSE 1 END AS ` + alias + `_found,
		CASE WHEN ` + alias + `.gone THEN 1 ELSE 0 END AS ` + alias + `_gone,
		COALESCE(` + alias + `.import_seq, 0) AS ` + alias + `_seq`)
	for _, c := range columns {
		b.WriteString(`, COALESCE(` + alias + `.` + c + `, '') AS ` + alias + `_` + c)
	}
	return b.String()
}

// personColumns and personJoins read everything about the NIKs of s: resident, welfare of the
// person, welfare of the family, membership. The former KK is the one an older visible version
// carried. (The empty text beside birth_date keeps SQLite from entering by the birth date instead of the card.) The
// former NIK is that of a row of the same card, name and birth date which the office
// no longer lists: links are read off the versions, so that a rollback takes them back. gap tells that
// some import rejected a row of the person.
var (
	personColumns = `s.nik AS nik, ` +
		coalesced("r", "kk", "name", "sex", "birth_place", "birth_date", "relation", "marital", "address", "rt", "rw",
			"village", "district", "regency", "province", "life_status", "moved_in_on", "mother_nik") + `, ` +
		coalesced("w") + `, COALESCE(w.desil, 0) AS w_desil, ` +
		coalesced("f") + `, COALESCE(f.desil, 0) AS f_desil, ` +
		coalesced("m", "segment", "member_status", "member_reason", "member_since", "inactive_since", "class",
			"jkn_number", "facility") + `,
		COALESCE((SELECT x.kk FROM resident_version x
			JOIN registry_import xi ON xi.regency_code = x.regency_code AND xi.seq = x.import_seq
				AND xi.visible_from <= s.rev AND xi.visible_until > s.rev
			WHERE x.regency_code = s.regency AND x.row_key = s.nik AND x.import_seq < r.import_seq
				AND x.kk <> '' AND x.kk <> r.kk
			ORDER BY x.import_seq DESC LIMIT 1), '') AS former_kk,
		COALESCE((SELECT MAX(o.nik) FROM resident_version o
			WHERE o.regency_code = s.regency AND o.kk = r.kk AND o.kk <> '' AND o.gone AND NOT r.gone
				AND o.nik <> r.nik AND o.name = r.name AND o.birth_date || '' = r.birth_date
				AND o.import_seq = ` + newestSQL("resident_version", "o.row_key") + `), '') AS former_nik,
		` + gapColumn

	gapColumn = `CASE WHEN EXISTS (SELECT 1 FROM coverage_gap g WHERE g.regency_code = s.regency AND g.row_key = s.nik)
			OR EXISTS (SELECT 1 FROM coverage_gap g WHERE g.regency_code = s.regency AND g.row_key = 'kk:' || r.kk)
			THEN 1 ELSE 0 END AS gap`

	personJoins = joinNewest("resident_version", "r", "s.nik") +
		joinNewest("welfare_version", "w", "s.nik") +
		joinNewest("welfare_version", "f", "'kk:' || r.kk") +
		joinNewest("membership_version", "m", "s.nik")

	// personSQL takes regency, NIK, revision.
	personSQL = `SELECT ` + personColumns + `
	FROM (SELECT CAST(? AS TEXT) AS regency, CAST(? AS TEXT) AS nik, CAST(? AS BIGINT) AS rev) s` + personJoins

	// householdSQL takes revision, regency, KK, KK. Whoever the office no longer lists is not of
	// the household any more.
	householdSQL = `SELECT ` + personColumns + `
	FROM (SELECT DISTINCT regency_code AS regency, row_key AS nik, CAST(? AS BIGINT) AS rev
		FROM resident_version WHERE regency_code = ? AND kk = ?) s` + personJoins + `
	WHERE r.kk = ? AND NOT r.gone
	ORDER BY CASE WHEN r.relation = 'head' THEN 0 ELSE 1 END, r.birth_date, s.nik`
)
