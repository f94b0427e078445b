package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// A caller whose line broke sends the same act again: it happens once, he reads the same answer, and
// under the same key nothing else happens.
func TestAPIEventIdempotency(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		send := func(user, key string, c heard, body any) heard {
			return b.call(user, http.MethodPost, eventsPath(c), body, "Idempotency-Key", key)
		}
		c := b.fileAs("kelurahan", b.people.poor)
		note := map[string]any{"type": "note", "version": 1, "text": "Berkas lengkap."}
		first := send("kelurahan", "tindakan-1", c, note).want(http.StatusOK)
		again := send("kelurahan", "tindakan-1", c, note).want(http.StatusOK)
		if string(first.raw) != string(again.raw) {
			t.Errorf("first\n%s\nagain\n%s", first.raw, again.raw)
		}
		send("kelurahan", "tindakan-1", c, map[string]any{"type": "note", "version": 1, "text": "Berkas kurang."}).problem(422, "idempotency_mismatch", "idempotency_key")
		send("kelurahan", "tindakan-1", c, map[string]any{"type": "note", "version": 2, "text": "Berkas lengkap."}).problem(422, "idempotency_mismatch", "idempotency_key")
		send("kelurahan", "tindakan-1", b.fileAs("kelurahan", b.people.rich), note).problem(422, "idempotency_mismatch", "idempotency_key")
		send("coordinator", "tindakan-1", c, note).problem(409, "stale_version", "")
		send("kelurahan", "tindakan-2", c, note).problem(409, "stale_version", "")
		send("kelurahan", strings.Repeat("k", 201), c, note).problem(422, "key_long", "idempotency_key")
		send("kelurahan", "kunci-\xff", c, note).problem(422, "key_invalid", "idempotency_key")

		// What was refused leaves its key free.
		send("kelurahan", "tindakan-3", c, map[string]any{"type": "wait", "version": 2}).want(422)
		send("kelurahan", "tindakan-3", c, map[string]any{"type": "wait", "version": 2, "missing": []string{"Foto KK"}}).want(http.StatusOK)
		if later := send("kelurahan", "tindakan-1", c, note).want(http.StatusOK); later.text("state") != "waiting_reporter" {
			t.Errorf("the repeated answer is not the case as it is now: %s", later.raw)
		}
	})
}

// Sixteen copies of one request that arrive together are one act, and all are told so.
func TestAPIEventSentAtOnce(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		c := b.fileAs("kelurahan", b.people.poor)
		body := map[string]any{"type": "check", "version": 1, "patient": 1}
		answers := make([]heard, 16)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() {
				answers[i] = b.call("kelurahan", http.MethodPost, eventsPath(c), body, "Idempotency-Key", "sekali")
			})
		}
		all.Wait()
		for i, a := range answers {
			var got struct {
				Version        int               `json:"version"`
				Determinations []json.RawMessage `json:"determinations"`
			}
			err := json.Unmarshal(a.want(http.StatusOK).raw, &got)
			if err != nil || got.Version != 2 || len(got.Determinations) != 1 {
				t.Errorf("answer %d: %v %s", i, err, a.raw)
			}
		}
	})
}

// A case that was given away answers its own act again, and nothing that came later.
func TestAPIEventRepeatedAfterGivingAway(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		c := b.fileAs("coordinator", b.people.covered)
		b.act("coordinator", c, "assign", map[string]any{"unit": "KEL-MANGLI"}).want(http.StatusOK)
		give := map[string]any{"type": "assign", "version": 2, "unit": "PKM-SILO"}
		send := func() heard {
			return b.call("kelurahan", http.MethodPost, eventsPath(c), give, "Idempotency-Key", "serah")
		}
		first := send().want(http.StatusOK)
		b.call("kelurahan", http.MethodGet, strings.TrimSuffix(eventsPath(c), "/events"), nil).want(http.StatusNotFound)
		again := send().want(http.StatusOK)
		if string(first.raw) != string(again.raw) {
			t.Errorf("first\n%s\nagain\n%s", first.raw, again.raw)
		}
		b.call("silo", http.MethodPost, eventsPath(c), map[string]any{"type": "note", "version": 3, "text": "Hanya untuk unit kami."}).want(http.StatusOK)
		send().want(http.StatusNotFound)
	})
}
