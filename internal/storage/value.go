package storage

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// stampLayout is fixed in width, so that SQLite sorts it as text.
const stampLayout = "2006-01-02T15:04:05.000000Z"

// stamp is a moment in a column: UTC and microseconds whatever zone it came in. It is text in
// SQLite and timestamptz in PostgreSQL. Use *stamp where the column may be null.
type stamp time.Time

// at makes a stamp; atOrNull gives nil for nil.
func at(t time.Time) stamp { return stamp(t) }

func atOrNull(t *time.Time) *stamp {
	if t == nil {
		return nil
	}
	s := stamp(*t)
	return &s
}

// time is the moment in UTC; timeOrNil gives nil for nil.
func (s stamp) time() time.Time { return time.Time(s).UTC() }

func (s *stamp) timeOrNil() *time.Time {
	if s == nil {
		return nil
	}
	t := s.time()
	return &t
}

// Value writes the stamp.
func (s stamp) Value() (driver.Value, error) {
	return time.Time(s).UTC().Truncate(time.Microsecond).Format(stampLayout), nil
}

// Scan reads what either engine gives.
func (s *stamp) Scan(v any) error {
	switch v := v.(type) {
	case time.Time:
		*s = stamp(v.UTC())
		return nil
	case string:
		t, err := time.Parse(stampLayout, v)
		*s = stamp(t)
		return err
	case []byte:
		return s.Scan(string(v))
	}
	return fmt.Errorf("read time: column holds %T", v)
}

// jsonText is a value kept as JSON in a text column; no query looks inside.
type jsonText[T any] struct{ V T }

// asJSON wraps a value for writing.
func asJSON[T any](v T) jsonText[T] { return jsonText[T]{v} }

// Value writes the JSON.
func (j jsonText[T]) Value() (driver.Value, error) {
	b, err := json.Marshal(j.V)
	return string(b), err
}

// Scan reads the JSON.
func (j *jsonText[T]) Scan(v any) error {
	switch v := v.(type) {
	case string:
		return json.Unmarshal([]byte(v), &j.V)
	case []byte:
		return json.Unmarshal(v, &j.V)
	}
	return fmt.Errorf("read JSON: column holds %T", v)
}
