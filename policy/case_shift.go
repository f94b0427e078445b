package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// shifted gives the facts with every day in them moved by the same number of days: ages and spans stay, and nothing
// happened on the day on which it really did.
func shifted(in Input, days int) (Input, error) {
	raw, err := json.Marshal(in)
	if err != nil {
		return in, fmt.Errorf("encode facts: %w", err)
	}
	var doc any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	err = dec.Decode(&doc)
	if err != nil {
		return in, fmt.Errorf("read facts: %w", err)
	}
	raw, err = json.Marshal(shiftedValue(doc, days))
	if err != nil {
		return in, fmt.Errorf("encode moved facts: %w", err)
	}
	var out Input
	err = json.Unmarshal(raw, &out)
	if err != nil {
		return in, fmt.Errorf("read moved facts: %w", err)
	}
	return out, nil
}

func shiftedValue(v any, days int) any {
	switch v := v.(type) {
	case map[string]any:
		for key, x := range v {
			v[key] = shiftedValue(x, days)
		}
	case []any:
		for i, x := range v {
			v[i] = shiftedValue(x, days)
		}
	case string:
		if len(v) == len(time.DateOnly) {
			if day, err := time.Parse(time.DateOnly, v); err == nil {
				return day.AddDate(0, 0, days).Format(time.DateOnly)
			}
		}
		if len(v) > len(time.DateOnly) {
			if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
				return at.AddDate(0, 0, days).Format(time.RFC3339Nano)
			}
		}
	}
	return v
}
