package storage

import (
	"fmt"
	"strings"

	"layak/complaints"
)

// Castings are multiplied inside the database, which is several times as fast as sending each row.
// What sets copies of a casting apart stands at known places: the fourth group of every id, the last
// digits of the NIK, the sixth sign of the ticket, the first of a hash. Their times are those of the
// casting, so every moment comes up a few times.

// copies is how many cases come out of one casting.
const copies = 16

const (
	castGroup = "-8a00-" // in ids of castings; copies have another number there
	castNIK   = "00"     // ends the NIK of castings
	signs     = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// signed is the ticket with another sixth sign and the check sign that belongs to it.
func signed(ticket string, sixth int) string {
	body := ticket[:5] + signs[sixth:sixth+1] + ticket[6:15]
	for _, check := range signs {
		_, err := complaints.ParseTicket(body + string(check))
		if err == nil {
			return body + string(check)
		}
	}
	panic("no check sign fits " + body)
}

// copyRows are the rows (k, nik, sign, checks) that the castings are joined with. checks are the check
// signs of the copy in the order of signs for those of the casting: the sum is linear, so the two
// always differ by the same bits.
func copyRows() string {
	base := signed("3509-0000-0000-0", 0)
	var rows []string
	for k := range copies {
		other := signed(base, k)
		bits := strings.IndexByte(signs, base[15]) ^ strings.IndexByte(signs, other[15])
		var checks strings.Builder
		for i := range signs {
			checks.WriteByte(signs[i^bits])
		}
		rows = append(rows, fmt.Sprintf(`SELECT '%02x' AS k, '%02d' AS nik, '%c' AS sign, '%s' AS checks`, k, k*6+k%2, signs[k], checks.String()))
	}
	return strings.Join(rows, ` UNION ALL `)
}

// copied is what a column of a copy holds.
func (b *base) copied(table, column string) string {
	ticket := func(before int, lower bool) string {
		of := func(from, n int) string { return fmt.Sprintf(`substr(s.%s, %d, %d)`, column, before+from, n) }
		sign, all, checks := `n.sign`, `'`+signs+`'`, `n.checks`
		if lower {
			sign, all, checks = `lower(n.sign)`, `'`+strings.ToLower(signs)+`'`, `lower(n.checks)`
		}
		return fmt.Sprintf(`substr(s.%s, 1, %d) || %s || %s || substr(%s, %s(%s, %s), 1) || substr(s.%s, %d)`,
			column, before+5, sign, of(7, 9), checks, b.position, all, of(16, 1), column, before+17)
	}
	switch table + "." + column {
	case "complaint.ticket":
		return ticket(0, false)
	case "determination.purpose", "outbox_message.subject":
		return ticket(len("Aduan "), false)
	case "complaint_text.words":
		return ticket(0, true)
	case "complaint_patient.nik", "complaint_check.nik", "determination.nik":
		return `substr(s.nik, 1, 14) || n.nik`
	case "determination.subject":
		return `replace(s.subject, '` + castNIK + `"}', n.nik || '"}')`
	case "determination.facts":
		return `replace(s.facts, '` + castNIK + `","sex"', n.nik || '","sex"')`
	case "complaint_mark.hash":
		return `substr(s.hash, 1, 9) || n.k || substr(s.hash, 12)`
	}
	switch column {
	case "id", "complaint_id", "event_id", "determination_id", "data", "checks":
		return `replace(s.` + column + `, '` + castGroup + `', '-8a' || n.k || '-')`
	}
	return `s.` + column
}

// multiply stores the copies of what stands in the stage, and clears it.
func (b *base) multiply(columns map[string][]string) error {
	for _, load := range mouldTables {
		var values []string
		for _, c := range columns[load.table] {
			values = append(values, b.copied(load.table, c))
		}
		err := b.run(`INSERT INTO `+load.table+` (`+strings.Join(columns[load.table], ", ")+`) SELECT `+strings.Join(values, ", ")+`
			FROM stage_`+load.table+` s CROSS JOIN (`+copyRows()+`) n`, `DROP TABLE stage_`+load.table)
		if err != nil {
			return err
		}
	}
	return nil
}
