package policy

import (
	"context"
	"errors"
	"maps"
	"math/bits"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Alike asks an engine about many people one after the other, and the rules once for all whom they
// cannot tell apart (Distinguish). It is for people in the registry, on the same day, whatever they need,
// state and show on papers; everybody else, and where the rules read the family card, is asked about by
// himself. It is safe for many goroutines and remembers people as long as it lives: one run.
//
// Like a preview it does not trust itself: of every class the second member, the fourth, the eighth …
// and of all members one in a hundred are decided, and must come out as remembered.
type Alike struct {
	engine *Engine
	mu     sync.Mutex
	frames map[frameKey]*alikeFrame
}

// ErrNotAlike tells that somebody came out otherwise than those whom he was taken to be like. What was
// said before may be wrong; the caller begins anew without Alike.
var ErrNotAlike = errors.New("people who were taken to be alike are decided differently")

// How much Alike remembers, and from when on looking into the rules pays.
const (
	maxFrames    = 64
	worthLooking = 50
	maxAlike     = 200_000
	sampleOne    = 100 // in so many
)

// frameKey is a Frame that can be compared.
type frameKey struct {
	at                 time.Time
	serviceOn, regency string
	papers             bool // they speak beside the registry
}

// alikeFrame is what is known of the people of one frame.
type alikeFrame struct {
	frame Frame
	once  sync.Once
	d     *Distinction
	uses  []*use

	mu     sync.Mutex
	seen   int
	truths []map[string]string // of each use by the values
	briefs map[string]*alikeClass
}

type alikeClass struct {
	brief Brief
	times int
}

// Alike makes one for a run.
func (e *Engine) Alike() *Alike { return &Alike{engine: e, frames: map[frameKey]*alikeFrame{}} }

// Of is the hash of the rules that are asked.
func (a *Alike) Of() string { return a.engine.hash }

// Brief gives what Engine.Brief gives, or ErrNotAlike.
func (a *Alike) Brief(ctx context.Context, in Input) (Brief, error) {
	f := a.frameOf(&in)
	if f == nil {
		return a.engine.Brief(ctx, in)
	}
	if err := check(&in); err != nil {
		return Brief{}, err
	}
	class, told, err := f.classOf(ctx, a.engine, &in)
	if err != nil {
		return Brief{}, err
	}
	if !told {
		return a.engine.Brief(ctx, in)
	}
	known, sure := f.known(class)
	if known != nil && sure {
		return *known, nil
	}
	made, err := a.engine.Brief(ctx, in)
	if err != nil {
		return made, err
	}
	if known != nil && !known.Equal(made) {
		return Brief{}, ErrNotAlike
	}
	f.remember(class, made)
	return made, nil
}

// frameOf is nil for whom the registry does not know, and for newborns. People with papers have a frame of
// their own: the rules read more of them.
func (a *Alike) frameOf(in *Input) *alikeFrame {
	r, w, m := in.Resident, in.Welfare, in.Membership
	switch {
	case a.engine.household || in.ServiceOn < a.engine.validFrom:
		return nil
	case in.Subject != "nik" || in.Mother != nil || r == nil || r.Source != registrySource:
		return nil
	}
	papers := len(in.Evidence) > 0 || w != nil && w.Source != registrySource ||
		m != nil && (m.Source != registrySource || m.Superseded != nil)
	if s := in.Statements; s != nil && *s == (Statements{}) { // a group without anything in it is something else than none
		return nil
	}
	key := frameKey{at: in.At, serviceOn: in.ServiceOn, regency: in.Office.Regency, papers: papers}
	a.mu.Lock()
	defer a.mu.Unlock()
	f := a.frames[key]
	if f == nil && len(a.frames) < maxFrames {
		f = &alikeFrame{frame: Frame{At: in.At, ServiceOn: in.ServiceOn, Office: in.Office, Asked: true, Papers: papers},
			briefs: map[string]*alikeClass{}}
		a.frames[key] = f
	}
	return f
}

// classOf names the class of a person; false when he has to be asked about by himself.
func (f *alikeFrame) classOf(ctx context.Context, e *Engine, in *Input) (class string, told bool, err error) {
	f.mu.Lock()
	f.seen++
	few := f.seen < worthLooking || len(f.briefs) >= maxAlike
	f.mu.Unlock()
	if few {
		return "", false, nil
	}
	f.once.Do(func() { f.look(context.WithoutCancel(ctx), e) })
	if f.d == nil {
		return "", false, nil
	}
	var key []byte
	for i, u := range f.uses {
		values, name := f.valuesOf(u, in)
		if !u.whole {
			name, err = f.truthsOf(ctx, i, u, values, name)
			if err != nil { // the rules may fail on him
				return "", false, ctx.Err()
			}
		}
		key = append(append(key, name...), '\n')
	}
	return string(key), true, nil
}

// look finds out by what the rules tell people apart. Where that cannot be found out, or is every value
// that they read, everybody is asked about by himself.
func (f *alikeFrame) look(ctx context.Context, e *Engine) {
	d, err := Distinguish(ctx, f.frame, e)
	if err != nil || d.Path != ByConditions || d.papers.personal() {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(d.uses)) {
		f.uses = append(f.uses, d.uses[name])
		f.truths = append(f.truths, map[string]string{})
	}
	f.d = d
}

// valuesOf gives the values of the columns of a use, and a name for them.
func (f *alikeFrame) valuesOf(u *use, in *Input) (values []any, name string) {
	values = make([]any, len(u.columns))
	var text []byte
	for i, column := range u.columns {
		values[i] = in.column(column)
		switch v := values[i].(type) {
		case nil:
			text = append(text, '-')
		case string:
			text = strconv.AppendQuote(text, v)
		case bool:
			text = strconv.AppendBool(text, v)
		case int:
			text = strconv.AppendInt(text, int64(v), 10)
		case []Evidence:
			text = f.d.papers.name(v, text)
		case *Membership:
			text = v.name(text)
		}
		text = append(text, ' ')
	}
	return values, string(text)
}

func (f *alikeFrame) truthsOf(ctx context.Context, i int, u *use, values []any, name string) (string, error) {
	f.mu.Lock()
	signs, ok := f.truths[i][name]
	f.mu.Unlock()
	if ok {
		return signs, nil
	}
	signs, err := f.d.truths(ctx, u, values)
	if err != nil {
		return "", err
	}
	f.mu.Lock()
	if len(f.truths[i]) < maxAlike {
		f.truths[i][name] = signs
	}
	f.mu.Unlock()
	return signs, nil
}

// known is what a class came to, nil when nobody knows; sure tells that this member need not be looked
// at again.
func (f *alikeFrame) known(class string) (b *Brief, sure bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c := f.briefs[class]
	if c == nil {
		return nil, false
	}
	c.times++
	return &c.brief, bits.OnesCount(uint(c.times)) != 1 && f.seen%sampleOne != 0
}

func (f *alikeFrame) remember(class string, b Brief) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.briefs[class] == nil {
		f.briefs[class] = &alikeClass{brief: b, times: 1}
	}
}

// column gives a fact as PopulationColumns names it; nil when it is absent. The members of a card are
// not among them.
func (in *Input) column(name string) any {
	var v any
	switch {
	case in.Resident != nil && len(name) > 9 && name[:9] == "resident.":
		v = in.Resident.column(name[9:])
	case in.Welfare != nil && len(name) > 8 && name[:8] == "welfare.":
		v = in.Welfare.column(name[8:])
	case name == Papers:
		if len(in.Evidence) == 0 {
			return nil
		}
		return in.Evidence
	case name == Superseded:
		if in.Membership == nil || in.Membership.Superseded == nil {
			return nil
		}
		return in.Membership.Superseded
	case in.Membership != nil && len(name) > 11 && name[:11] == "membership.":
		v = in.Membership.column(name[11:])
	case in.Statements != nil && len(name) > 11 && name[:11] == "statements.":
		v = in.Statements.column(name[11:])
	case name == "need":
		v = in.Need
	}
	if v == "" {
		return nil
	}
	return v
}

func (r *Resident) column(field string) any {
	switch field {
	case "nik":
		return r.NIK
	case "sex":
		return r.Sex
	case "birth_date":
		return r.BirthDate
	case "village":
		return r.Village
	case "district":
		return r.District
	case "regency":
		return r.Regency
	case "province":
		return r.Province
	case "life_status":
		return r.LifeStatus
	case "moved_in_on":
		return r.MovedInOn
	case "relation":
		return r.Relation
	case "as_of":
		return r.AsOf
	case "in_latest":
		if r.InLatest != nil {
			return *r.InLatest
		}
	}
	return nil
}

func (s *Statements) column(field string) any {
	switch {
	case field == "accepts_class_3" && s.AcceptsClass3 != nil:
		return *s.AcceptsClass3
	case field == "still_employed" && s.StillEmployed != nil:
		return *s.StillEmployed
	}
	return nil
}

func (w *Welfare) column(field string) any {
	switch field {
	case "source":
		return w.Source
	case "as_of":
		return w.AsOf
	case "desil":
		if w.Desil != nil {
			return *w.Desil
		}
	}
	return nil
}

// name writes a membership so that no two have one name.
func (m *Membership) name(text []byte) []byte {
	for _, s := range []string{m.Source, m.AsOf, m.Segment, m.Status, m.Reason, m.Since, m.InactiveSince, m.Class} {
		text = strconv.AppendQuote(text, s)
	}
	return text
}

func (m *Membership) column(field string) any {
	switch field {
	case "source":
		return m.Source
	case "as_of":
		return m.AsOf
	case "segment":
		return m.Segment
	case "member_status":
		return m.Status
	case "member_reason":
		return m.Reason
	case "member_since":
		return m.Since
	case "inactive_since":
		return m.InactiveSince
	case "class":
		return m.Class
	}
	return nil
}
