package complaints

import (
	"context"
	"slices"
	"sync"
	"time"

	"layak/internal/area"
	"layak/internal/auth"
	"layak/policy"
)

// unitLife is how long the list of units is remembered: routing asks for it with every act.
const unitLife = 5 * time.Second

// unitList is all units of the regency, by code.
type unitList []auth.Unit

// unitCache remembers the list of units for a moment.
type unitCache struct {
	mu   sync.Mutex
	list unitList
	read time.Time
}

// unitsWith gives the units, read anew when the remembered list is old or lacks one of the codes.
func (s *Service) unitsWith(ctx context.Context, codes ...string) (unitList, error) {
	s.units.mu.Lock()
	list, fresh := s.units.list, time.Since(s.units.read) < unitLife
	s.units.mu.Unlock()
	for _, code := range codes {
		fresh = fresh && (code == "" || list.find(code) != nil)
	}
	if fresh {
		return list, nil
	}
	all, err := s.Store.Units(ctx)
	if err != nil {
		return nil, err
	}
	s.units.mu.Lock()
	s.units.list, s.units.read = all, time.Now()
	s.units.mu.Unlock()
	return all, nil
}

func (l unitList) find(code string) *auth.Unit {
	i := slices.IndexFunc(l, func(u auth.Unit) bool { return u.Code == code })
	if code == "" || i < 0 {
		return nil
	}
	return &l[i]
}

// routing is a unit as the routing rules see it; nil when there is none of the code.
func (l unitList) routing(code string) *policy.RoutingUnit {
	u := l.find(code)
	if u == nil {
		return nil
	}
	return &policy.RoutingUnit{Code: u.Code, Kind: string(u.Kind)}
}

// pick finds the unit that a desk means: the one of the code, or of the first kind in the list that
// serves the area, the one whose area is the smallest. Not the unit that the complaint is about,
// unless the rules name it. An office of the regency that the rules name and nobody registered is not
// replaced by another one, and of several none is guessed. Without one it is empty.
func (l unitList) pick(d policy.Desk, not string) auth.Unit {
	if u := l.find(d.Code); u != nil {
		return *u
	}
	for _, kind := range d.Kinds {
		if kind == "opd" && d.Code != "" {
			continue
		}
		var best auth.Unit
		size, several := -1, false
		for _, u := range l {
			n := reach(u, area.Code(d.Area))
			if string(u.Kind) != kind || u.Code == not || n < 0 || n < size {
				continue
			}
			if n == size {
				several = true
				continue
			}
			best, size, several = u, n, false
		}
		if size >= 0 && (!several || kind != "opd") {
			return best
		}
	}
	return auth.Unit{}
}

// reach tells how closely a unit serves an area, by the length of its code around it; -1 not at all.
func reach(u auth.Unit, of area.Code) int {
	best := -1
	for _, a := range u.Areas {
		if (a == of || a.Contains(of)) && len(a) > best {
			best = len(a)
		}
	}
	return best
}
