package web

import (
	"net/http"
	"strings"
	"testing"
)

// The rest of the life of a case as a caller of the API lives it: tasks for two units, money back,
// merging and parting, and the end that asks for evidence.
func TestAPIWholeLife(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		filing := filingOf(b.people.poor)
		filing["matter"], filing["verified"] = "charge", true
		filing["reporter"] = map[string]any{"name": "Ani", "phone": "081234567890", "email": "ani@contoh.id", "handle": "@ani"}
		c := b.call("kelurahan", http.MethodPost, apiCases, filing).want(http.StatusCreated)
		if c.text("state") != "verified" || c.number("version") != 1 || len(c.list("events")) != 2 {
			t.Fatalf("filed and verified: %s", c.raw)
		}
		step := func(kind string, more map[string]any) {
			t.Helper()
			c = b.act("kelurahan", c, kind, more).want(http.StatusOK)
		}
		step("classify", map[string]any{"class": "oversight", "priority": "high", "title": "Ditagih uang muka", "accused": "PKM-SILO"})
		if c.text("class") != "oversight" || c.text("title") != "Ditagih uang muka" || c.text("accused") != "PKM-SILO" {
			t.Errorf("classified: %s", c.raw)
		}
		step("task", map[string]any{"tasks": []any{
			map[string]any{"unit": "KEL-MANGLI", "act": "Temui keluarga", "amount": 4, "measure": "hours"},
			map[string]any{"unit": "PKM-SILO", "act": "Jelaskan tagihan", "role": "head"},
		}})
		if tasks := c.list("tasks"); len(tasks) != 2 || tasks[0]["due_at"] != "2026-11-21T09:00:00Z" || tasks[1]["role"] != "head" {
			t.Fatalf("tasks: %s", c.raw)
		}
		b.act("kelurahan", c, "task_done", map[string]any{"task": 2, "result": "done"}).problem(403, "other_unit", "")
		seen := b.call("puskesmas", http.MethodGet, apiCases+"/"+c.text("ticket"), nil).want(http.StatusOK)
		if tasks := seen.list("tasks"); tasks[1]["seen_at"] == nil || tasks[0]["seen_at"] != nil {
			t.Errorf("seen: %s", seen.raw)
		}
		step("task_done", map[string]any{"task": 1, "result": "done", "note": "Keluarga ditemui."})
		c = b.act("puskesmas", c, "task_done", map[string]any{"task": 2, "result": "done", "note": "Tagihan keliru, uang dikembalikan."}).want(http.StatusOK)
		if e := c.list("events"); e[len(e)-1]["type"] != "tasks_done" {
			t.Errorf("all done: %s", c.raw)
		}
		b.act("kelurahan", c, "resolve", map[string]any{"decision": "refunded", "reason": "Tagihan keliru."}).problem(422, "amount_missing", "amount")
		step("resolve", map[string]any{"decision": "refunded", "reason": "Tagihan keliru.", "amount": 250000, "facility": "Puskesmas Silo"})
		b.act("kelurahan", c, "close", nil).problem(422, "money_missing", "text")
		step("refund", map[string]any{"received_at": "2026-11-21T11:00:00+07:00", "text": "Warga menunjukkan uangnya di loket."})
		step("answer", map[string]any{"text": "Uang sudah kembali."})
		step("close", map[string]any{"rating": 5})
		if c.number("rating") != 5 || c.text("state") != "closed" {
			t.Errorf("closed: %s", c.raw)
		}
		step("reopen", map[string]any{"reason": "Uangnya kurang", "unsatisfied": true})
		if c.number("escalated") != 1 {
			t.Errorf("not content: %s", c.raw)
		}
	})
}

func TestAPIMerging(t *testing.T) {
	eachBureau(t, func(t *testing.T, b *bureau) {
		main, twin := b.fileAs("kelurahan", b.people.poor), b.fileAs("kelurahan", b.people.poor)
		b.act("kelurahan", main, "merge", map[string]any{"into": main.text("ticket")}).problem(422, "merge_self", "into")
		twin = b.act("kelurahan", twin, "merge", map[string]any{"into": strings.ToLower(main.text("ticket"))}).want(http.StatusOK)
		if twin.text("state") != "merged" || twin.text("into") != main.text("ticket") {
			t.Fatalf("merged: %s", twin.raw)
		}
		main = b.call("kelurahan", http.MethodGet, apiCases+"/"+main.text("ticket"), nil).want(http.StatusOK)
		if joined := main.list("joined"); len(joined) != 1 || joined[0]["ticket"] != twin.text("ticket") || main.number("version") != 2 {
			t.Errorf("joined: %s", main.raw)
		}
		b.act("kelurahan", main, "merge", map[string]any{"into": twin.text("ticket")}).problem(409, "merge_cycle", "")
		twin = b.act("kelurahan", twin, "unmerge", nil).want(http.StatusOK)
		if twin.text("state") != "received" {
			t.Errorf("parted: %s", twin.raw)
		}
	})
}
