package storage

import (
	"context"
	"slices"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/internal/audit"
	"layak/internal/fault"
)

var _ complaints.HoursStore = (*DB)(nil)

type unitSettingRow struct {
	Unit      string                           `db:"unit"`
	Own       bool                             `db:"own"`
	Zone      string                           `db:"zone"`
	Week      jsonText[calendar.Week]          `db:"week"`
	Works     jsonText[[]calendar.HolidayKind] `db:"works"`
	Head      string                           `db:"head"`
	Above     string                           `db:"above"`
	Address   string                           `db:"address"`
	Phone     string                           `db:"phone"`
	Open      string                           `db:"open_text"`
	UpdatedAt stamp                            `db:"updated_at"`
	UpdatedBy string                           `db:"updated_by"`
}

// AllUnitSettings keeps complaints.HoursStore.
func (db *DB) AllUnitSettings(ctx context.Context) ([]complaints.UnitSettings, error) {
	var rows []unitSettingRow
	err := db.reads().list(ctx, &rows, `SELECT unit, own, zone, week, works, head, above, address, phone, open_text, updated_at, updated_by
		FROM unit_setting WHERE regency_code = ? ORDER BY unit`, db.regency)
	if err != nil {
		return nil, err
	}
	all := make([]complaints.UnitSettings, len(rows))
	for i, r := range rows {
		all[i] = complaints.UnitSettings{
			Unit: r.Unit, Own: r.Own, Zone: r.Zone, Week: r.Week.V, Works: r.Works.V, Head: r.Head, Above: r.Above,
			Address: r.Address, Phone: r.Phone, Open: r.Open, UpdatedAt: r.UpdatedAt.time(), UpdatedBy: r.UpdatedBy,
		}
	}
	return all, nil
}

// SaveUnitSettings keeps complaints.HoursStore.
func (db *DB) SaveUnitSettings(ctx context.Context, u complaints.UnitSettings, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		_, err := t.exec(ctx, `INSERT INTO unit_setting (regency_code, unit, own, zone, week, works, head, above, address, phone, open_text, updated_at, updated_by)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (regency_code, unit) DO UPDATE SET own = excluded.own, zone = excluded.zone, week = excluded.week, works = excluded.works,
				head = excluded.head, above = excluded.above, address = excluded.address, phone = excluded.phone, open_text = excluded.open_text,
				updated_at = excluded.updated_at, updated_by = excluded.updated_by`,
			db.regency, u.Unit, u.Own, u.Zone, asJSON(u.Week), asJSON(slices.Clip(u.Works)), u.Head, u.Above, u.Address, u.Phone, u.Open,
			at(u.UpdatedAt), u.UpdatedBy)
		if err != nil {
			return err
		}
		return t.timeChanged(ctx, e)
	})
}

// timeChanged makes the version of the working time greater and takes the entry.
func (t *tx) timeChanged(ctx context.Context, e audit.Entry) error {
	_, err := t.exec(ctx, `INSERT INTO working_time (regency_code, version) VALUES (?, 1)
		ON CONFLICT (regency_code) DO UPDATE SET version = working_time.version + 1`, t.db.regency)
	if err != nil {
		return err
	}
	return t.record(ctx, e)
}

// TimeVersion keeps complaints.HoursStore.
func (db *DB) TimeVersion(ctx context.Context) (int64, error) {
	var version int64
	err := db.reads().get(ctx, &version, `SELECT COALESCE(MAX(version), 0) FROM working_time WHERE regency_code = ?`, db.regency)
	return version, err
}

type holidayRow struct {
	Day      string `db:"day"`
	Name     string `db:"name"`
	Kind     string `db:"kind"`
	Source   string `db:"source"`
	LoadedAt stamp  `db:"loaded_at"`
	LoadedBy string `db:"loaded_by"`
}

// DaysOff keeps complaints.HoursStore.
func (db *DB) DaysOff(ctx context.Context) ([]complaints.DayOff, error) {
	var rows []holidayRow
	err := db.reads().list(ctx, &rows, `SELECT day, name, kind, source, loaded_at, loaded_by FROM holiday WHERE regency_code = ? ORDER BY day`, db.regency)
	if err != nil {
		return nil, err
	}
	all := make([]complaints.DayOff, len(rows))
	for i, r := range rows {
		all[i] = complaints.DayOff{
			Holiday:  calendar.Holiday{Day: r.Day, Name: r.Name, Kind: calendar.HolidayKind(r.Kind), Source: r.Source},
			LoadedAt: r.LoadedAt.time(), LoadedBy: r.LoadedBy,
		}
	}
	return all, nil
}

// LoadedYears keeps complaints.HoursStore.
func (db *DB) LoadedYears(ctx context.Context) ([]int, error) {
	var years []int
	err := db.reads().list(ctx, &years, `SELECT year FROM holiday_year WHERE regency_code = ? ORDER BY year`, db.regency)
	return years, err
}

// SaveDaysOff keeps complaints.HoursStore.
func (db *DB) SaveDaysOff(ctx context.Context, days []complaints.DayOff, years []int, onlyNew bool, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		added := 0
		for _, y := range years {
			n, err := t.exec(ctx, `INSERT INTO holiday_year (regency_code, year, loaded_at) VALUES (?, ?, ?)
				ON CONFLICT (regency_code, year) DO NOTHING`, db.regency, y, at(days[0].LoadedAt))
			if err != nil {
				return err
			}
			added += int(n)
		}
		if onlyNew && added < len(years) {
			return nil // another process stored the list in the meantime
		}
		for _, d := range days {
			_, err := t.exec(ctx, `INSERT INTO holiday (regency_code, day, name, kind, source, loaded_at, loaded_by) VALUES (?, ?, ?, ?, ?, ?, ?)
				ON CONFLICT (regency_code, day) DO UPDATE SET name = excluded.name, kind = excluded.kind, source = excluded.source,
					loaded_at = excluded.loaded_at, loaded_by = excluded.loaded_by`,
				db.regency, d.Day, d.Name, string(d.Kind), d.Source, at(d.LoadedAt), d.LoadedBy)
			if err != nil {
				return err
			}
		}
		return t.timeChanged(ctx, e)
	})
}

// RemoveDayOff keeps complaints.HoursStore.
func (db *DB) RemoveDayOff(ctx context.Context, day string, e audit.Entry) error {
	return db.write(ctx, func(t *tx) error {
		n, err := t.exec(ctx, `DELETE FROM holiday WHERE regency_code = ? AND day = ?`, db.regency, day)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.NotFound, "holiday_not_found", "Hari libur itu tidak ada dalam daftar.")
		}
		return t.timeChanged(ctx, e)
	})
}

// TimedCases keeps complaints.HoursStore. Behind its end a case may still owe money, which shows in
// its deadline.
func (db *DB) TimedCases(ctx context.Context, afterID string, limit int) ([]complaints.TimedCase, error) {
	args := []any{db.regency, afterID}
	for _, s := range append(slices.Clip(complaints.OpenStates), complaints.Merged) {
		args = append(args, string(s))
	}
	var rows []struct {
		ID     string `db:"id"`
		Ticket string `db:"ticket"`
	}
	err := db.reads().list(ctx, &rows, `SELECT id, ticket FROM complaint WHERE regency_code = ? AND id > ?
		AND (due_at IS NOT NULL OR state IN (?, ?, ?, ?, ?, ?)) ORDER BY id LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	all := make([]complaints.TimedCase, len(rows))
	for i, r := range rows {
		all[i] = complaints.TimedCase{ID: r.ID, Ticket: complaints.Ticket(r.Ticket)}
	}
	return all, nil
}
