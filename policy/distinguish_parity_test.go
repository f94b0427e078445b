package policy

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// drawn decides drawn residents one by one under some rule sets, and holds each against the first of
// those whom he is told to be like. It keeps of a class what the first one got, so that it has room for
// millions.
type drawn struct {
	d       *Distinction
	engines []*Engine

	mu      sync.Mutex
	signs   []map[string]string // by use, of its values
	classes map[string]firstOf
}

// firstOf is who came first of a class: a number by which he can be drawn again, and what he got.
type firstOf struct {
	who    uint64
	briefs []Brief
}

// drawnAs draws a resident by number.
func drawnAs(who uint64) Input { return someone(rand.New(rand.NewPCG(who, 7)), populationFrame) }

// add takes in the resident with the number; it tells of two who are not alike.
func (c *drawn) add(t *testing.T, who uint64) error {
	ctx := WithTimeout(t.Context(), time.Hour) // a machine that stands still for a while makes nobody differ
	in := drawnAs(who)
	key, err := c.key(t, &in)
	if err != nil {
		return err
	}
	briefs := make([]Brief, len(c.engines))
	for i, e := range c.engines {
		if who%16 == 0 { // as a check does, words included
			var d Decision
			d, err = e.Decide(ctx, in)
			briefs[i] = d.Brief()
		} else {
			briefs[i], err = e.Brief(ctx, in)
		}
		if err != nil {
			return err
		}
	}
	c.mu.Lock()
	first, known := c.classes[key]
	if !known {
		c.classes[key] = firstOf{who, briefs}
	}
	c.mu.Unlock()
	for i := range first.briefs {
		if !briefs[i].Equal(first.briefs[i]) {
			return fmt.Errorf("told to be alike, but are not:\n%+v\n%+v\n%+v\n%+v", drawnAs(first.who), first.briefs[i], in, briefs[i])
		}
	}
	return nil
}

// key names the class of a resident by what the conditions on each of his facts come to.
func (c *drawn) key(t *testing.T, in *Input) (string, error) {
	var key strings.Builder
	for i, use := range c.d.Columns() {
		values := make([]any, len(use.Columns))
		for k, column := range use.Columns {
			values[k] = columnOf(in, column)
		}
		name, err := json.Marshal(values)
		if err != nil {
			return "", err
		}
		signs := string(name)
		if !use.Whole {
			c.mu.Lock()
			known, ok := c.signs[i][signs]
			c.mu.Unlock()
			if !ok {
				known, err = c.d.truths(t.Context(), c.d.uses[strings.Join(use.Columns, " ")], values)
				if err != nil {
					return "", err
				}
				c.mu.Lock()
				c.signs[i][signs] = known
				c.mu.Unlock()
			}
			signs = known
		}
		key.WriteString(signs)
		key.WriteByte(' ')
	}
	return key.String(), nil
}

// TestAlikeAmongMany draws residents with facts that are absent, odd or at the edge of a condition. It
// takes 1,000 of them, a million every night (LAYAK_PARITY_PEOPLE), and decides each under the shipped
// rules, with a limit raised and with a rule on ages added.
func TestAlikeAmongMany(t *testing.T) {
	n := 1000
	if asked, err := strconv.Atoi(os.Getenv("LAYAK_PARITY_PEOPLE")); err == nil {
		n = asked
	} else if testing.Short() {
		n = 200
	}
	engines := []*Engine{engineOf(t, Shipped()), engineOf(t, raisedLimit(t)),
		engineOf(t, asking([]string{`time.add_date(day_ns(input.resident.birth_date), 60, 0, 0) <= service_ns`}))}
	d, err := Distinguish(t.Context(), populationFrame, engines...)
	if err != nil {
		t.Fatal(err)
	}
	c := drawn{d: d, engines: engines, classes: map[string]firstOf{}}
	for range d.Columns() {
		c.signs = append(c.signs, map[string]string{})
	}
	var next atomic.Uint64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for who := next.Add(1); who <= uint64(n) && !t.Failed(); who = next.Add(1) {
				if err := c.add(t, who); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d people in %d classes", min(next.Load(), uint64(n)), len(c.classes))
}
