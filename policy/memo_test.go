package policy

import (
	"crypto/sha256"
	"sync"
	"testing"
)

// What was asked for last is kept, within the room, and made once however many ask.
func TestMemo(t *testing.T) {
	var mu sync.Mutex
	made := map[string]int{}
	m := memo[string]{room: 10}
	get := func(name string, weight int) string {
		return m.get(sha256.Sum256([]byte(name)), weight, func() string {
			mu.Lock()
			defer mu.Unlock()
			made[name]++
			return name + "!"
		})
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if got := get("a", 4); got != "a!" {
				t.Errorf("got %q", got)
			}
		})
	}
	all.Wait()
	get("b", 4)
	get("a", 4)
	get("c", 4) // b goes: it was asked for least lately
	get("a", 4)
	get("b", 4)
	get("far too large", 40)
	get("far too large", 40)
	get("b", 4)
	for name, want := range map[string]int{"a": 1, "b": 3, "c": 1, "far too large": 1} {
		if made[name] != want {
			t.Errorf("%s was made %d times, want %d", name, made[name], want)
		}
	}
	if m.used != 4 || len(m.all) != 1 {
		t.Errorf("%d kept, weighing %d", len(m.all), m.used)
	}
}

// A rule set that was read before, or whose neighbour was, is judged as if nobody had read anything.
func TestRememberedFilesChangeNothing(t *testing.T) {
	shipped := Shipped()
	broken := shipped.with("need.rego", append([]byte(nil), append(shipped.Files["need.rego"], "\nlost if nowhere(1)\n"...)...))
	for range 2 {
		for name, b := range map[string]Bundle{"shipped": shipped, "broken": broken} {
			found, err := Verify(t.Context(), b)
			if err != nil {
				t.Fatal(err)
			}
			blocks := 0
			for _, p := range found {
				if p.Blocks() {
					blocks++
				}
			}
			if (blocks > 0) != (name == "broken") {
				t.Errorf("%s: %v", name, found)
			}
		}
		if a, b := engineOf(t, shipped), engineOf(t, shipped); a.written.compiler != b.written.compiler {
			t.Error("the same rules are compiled twice")
		}
		moved := Shipped()
		moved.Files["elsewhere.rego"] = moved.Files["need.rego"]
		delete(moved.Files, "need.rego")
		if e := engineOf(t, moved); e.byCode["need_met"].File != "elsewhere.rego" {
			t.Errorf("a renamed file is told by its old name, %s", e.byCode["need_met"].File)
		}
	}
}
