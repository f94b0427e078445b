package complaints

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"layak/internal/auth"
	"layak/internal/fault"
)

// sweeping is one case while the sweep decides about it.
type sweeping struct {
	s      *Service
	c      Complaint
	now    time.Time
	level  int // rung that holds afterwards
	events []Event
	taken  []EscalateData // rungs that are climbed now

	climbed, freed, closed, asked int
}

// decide finds out what is due. Late work stays possible whatever it finds: nothing is blocked by a
// deadline that passed.
func (w *sweeping) decide(ctx context.Context) error {
	w.level = w.c.climbed(w.now)
	office := w.s.hours(ctx)
	clocks, err := w.c.ClocksAt(office, w.now)
	if err != nil {
		return err
	}
	silence := slices.IndexFunc(clocks, func(k Clock) bool { return k.Kind == SilenceClock && k.runs() })
	if w.c.State == Answered && silence >= 0 && !clocks[silence].DueAt.After(w.now) {
		return w.silence(ctx, clocks[silence])
	}
	for _, kind := range []ClockKind{WaitingClock, NumberClock} {
		err = w.remind(clocks, kind)
		if err != nil {
			return err
		}
	}
	silent, err := w.c.silentAt(office)
	if err != nil {
		return err
	}
	if !silent.IsZero() && !silent.After(w.now) {
		err = w.free()
		if err != nil {
			return err
		}
	}
	steps, err := rungs(clocks, office, w.now)
	if err != nil {
		return err
	}
	for _, r := range steps {
		if r.At.After(w.now) {
			continue
		}
		err = w.climb(ctx, r)
		if err != nil {
			return err
		}
	}
	return w.tasks(ctx)
}

// levels are the rungs by whom they reach.
var levels = map[string]int{"desk": 0, "head": 1, "above": 2}

// climb takes a rung of a clock, once. What no unit has starts one rung higher: nobody is there to be
// warned.
func (w *sweeping) climb(ctx context.Context, r rungAt) error {
	level := levels[r.Rung.To]
	if w.c.Unit == "" {
		level = min(2, level+1)
	}
	if level == 0 || climbedOf(append(w.c.escalations(), w.taken...), r.Clock) >= level {
		return nil
	}
	whom, err := w.s.reaches(ctx, w.c.Unit, level)
	if err != nil {
		return err
	}
	what := "Belum selesai pada " + strconv.Itoa(r.Rung.Percent) + " persen waktu."
	if r.Rung.Percent >= 100 {
		what = "Batas waktu sudah lewat."
	}
	w.level = max(w.level, level)
	w.climbed++
	step := EscalateData{
		Clock: r.Clock.Kind, Round: r.Clock.Round, Percent: r.Rung.Percent, Level: level, DueAt: r.Clock.DueAt,
		Unit: whom.Unit, Staff: whom.Staff, Role: whom.Role,
	}
	w.taken = append(w.taken, step)
	words := levelWords[level]
	if whom.Role != "" {
		words = "Naik ke koordinator kabupaten."
	}
	return w.add(EscalateEvent, w.c.State, what+" "+words, step)
}

var levelWords = [3]string{"", "Naik ke pimpinan unit.", "Naik ke unit di atasnya."}

// reaches is whom a rung reaches, as Unit, Staff and Role of EscalateData: the head of the unit that has
// the case, or of the unit above. What no unit has, or no unit stands above, reaches the coordinators of
// the regency.
func (s *Service) reaches(ctx context.Context, unit string, level int) (EscalateData, error) {
	if unit == "" {
		return EscalateData{Role: auth.Coordinator}, nil
	}
	if s.Leaders == nil {
		return EscalateData{Unit: unit}, nil
	}
	own, err := s.leading(ctx, unit)
	if err != nil || level < 2 {
		return EscalateData{Unit: unit, Staff: own.Head}, err
	}
	if own.Above == "" {
		return EscalateData{Unit: unit, Role: auth.Coordinator}, nil
	}
	above, err := s.leading(ctx, own.Above)
	return EscalateData{Unit: own.Above, Staff: above.Head}, err
}

// leading is what a unit says of itself; nothing when it was removed.
func (s *Service) leading(ctx context.Context, unit string) (UnitSettings, error) {
	u, err := s.Leaders.UnitSettings(ctx, unit)
	if fault.Is(err, fault.NotFound) {
		return UnitSettings{}, nil
	}
	return u, err
}

// free gives the case of a silent assignee back to the queue of the unit.
func (w *sweeping) free() error {
	from := w.c.Staff
	w.c.Staff = ""
	w.freed++
	return w.add(EscalateEvent, w.c.State, "Tidak ada tindakan dalam waktunya, jadi aduan kembali ke antrean unit.",
		EscalateData{Unit: w.c.Unit, FromStaff: from})
}

// tasks tells the head of a unit, once, that a task was not done in its time.
func (w *sweeping) tasks(ctx context.Context) error {
	if !slices.Contains(withTasks, w.c.State) {
		return nil
	}
	for _, t := range w.c.OpenTasks() {
		if !t.Late(w.now) || w.c.told(t.No) {
			continue
		}
		whom, err := w.s.reaches(ctx, t.Unit, 1)
		if err != nil {
			return err
		}
		w.climbed++
		err = w.add(EscalateEvent, w.c.State, "Tugas belum selesai pada waktunya: "+t.Act,
			EscalateData{Task: t.No, DueAt: *t.DueAt, Unit: whom.Unit, Staff: whom.Staff, Role: whom.Role})
		if err != nil {
			return err
		}
	}
	return nil
}

// silence closes the case of a citizen who kept silent. Where a second person has to look, a task is
// open or money was not received, the head of the unit is told instead, once.
func (w *sweeping) silence(ctx context.Context, k Clock) error {
	route, _ := w.c.Route()
	decided, ok := w.c.Resolution()
	owed := ok && decided.Decision == Refunded && (w.c.Refund == nil || w.c.Refund.ReceivedAt == nil)
	if !route.SecondPerson && !owed && len(w.c.OpenTasks()) == 0 {
		w.closed++
		return w.add(CloseEvent, Closed, fmt.Sprintf(
			"Ditutup karena tidak ada tanggapan warga dalam %d hari kerja sesudah dijawab.", k.Limit.Amount), nil)
	}
	if climbedOf(w.c.escalations(), k) > 0 {
		return w.tasks(ctx)
	}
	whom, err := w.s.reaches(ctx, w.c.Unit, 1)
	if err != nil {
		return err
	}
	w.level = max(w.level, 1)
	w.climbed++
	return w.add(EscalateEvent, w.c.State, "Warga tidak menanggapi jawaban. Aduan ini perlu diperiksa dulu sebelum ditutup.",
		EscalateData{Clock: k.Kind, Round: k.Round, Percent: 100, Level: 1, DueAt: k.DueAt,
			Unit: whom.Unit, Staff: whom.Staff, Role: whom.Role})
}

// reminders are what the desk is told when the time of somebody else has passed. The case stays as it
// is: what follows is for people.
var reminders = map[ClockKind]string{
	WaitingClock: "Warga belum membalas dalam %d hari kerja. Hubungi lagi, lewat cara lain bila perlu; aduan ini tidak ditutup sendiri.",
	NumberClock:  "Instansi tujuan belum memberi nomor dalam %d hari kerja. Tanyakan, lalu catat nomornya agar pelapor dapat mengikuti.",
}

// remind tells the desk, once for each time that a citizen was asked or a case was forwarded, that
// nothing came back.
func (w *sweeping) remind(clocks []Clock, kind ClockKind) error {
	i := slices.IndexFunc(clocks, func(k Clock) bool { return k.Kind == kind && k.runs() })
	if i < 0 || clocks[i].DueAt.After(w.now) || w.c.asked(clocks[i]) {
		return nil
	}
	k := clocks[i]
	w.asked++
	return w.add(EscalateEvent, w.c.State, fmt.Sprintf(reminders[kind], k.Limit.Amount),
		EscalateData{Clock: k.Kind, Round: k.Round, Percent: 100, DueAt: k.DueAt, Unit: w.c.Unit, Staff: w.c.Staff})
}

// AskAgain tells whether the desk was reminded that the citizen, or the other office, who still has
// the next word, has not replied.
func (c Complaint) AskAgain() bool {
	i := slices.IndexFunc(c.Clocks, func(k Clock) bool { return reminders[k.Kind] != "" && k.StoppedAt == nil })
	return i >= 0 && c.asked(c.Clocks[i])
}

// asked tells whether the desk was reminded since the clock began.
func (c Complaint) asked(k Clock) bool {
	for _, e := range slices.Backward(c.Events) {
		if e.At.Before(k.StartedAt) {
			continue // not the end of the search: a register may tell late of what was earlier
		}
		var d EscalateData
		if e.Type == EscalateEvent && json.Unmarshal(e.Data, &d) == nil && d.Clock == k.Kind {
			return true
		}
	}
	return false
}

// add appends an event of the system and moves the state.
func (w *sweeping) add(t EventType, to State, note string, data any) error {
	e := newEvent(t, auth.System(), w.now)
	e.From, e.To, e.Note = w.c.State, to, note
	e.Public = t == CloseEvent
	if data != nil {
		b, err := json.Marshal(data)
		if err != nil {
			return fmt.Errorf("encode data of event %s: %w", t, err)
		}
		e.Data = b
	}
	if to != w.c.State {
		w.c.State, w.c.Before = to, nil
	}
	w.events = append(w.events, e)
	return nil
}

// escalations are the rungs that were climbed in the case.
func (c Complaint) escalations() []EscalateData {
	var all []EscalateData
	for _, e := range c.Events {
		if e.Type != EscalateEvent {
			continue
		}
		var d EscalateData
		err := json.Unmarshal(e.Data, &d)
		if err == nil {
			all = append(all, d)
		}
	}
	return all
}

// climbedOf is the highest rung that a clock climbed.
func climbedOf(all []EscalateData, k Clock) int {
	highest := 0
	for _, d := range all {
		if d.Clock == k.Kind && d.Round == k.Round {
			highest = max(highest, d.Level)
		}
	}
	return highest
}

// told tells whether the head knows already that a task is late.
func (c Complaint) told(task int) bool {
	return slices.ContainsFunc(c.escalations(), func(d EscalateData) bool { return d.Task == task })
}

// climbed is the rung on which the case stands: the highest that a clock climbed which still runs,
// and one for each time that a citizen said it was not settled. What was done comes down again.
func (c Complaint) climbed(now time.Time) int {
	level := 0
	for _, e := range c.Events {
		if e.Type != ReopenEvent {
			continue
		}
		var r ReopenData
		err := json.Unmarshal(e.Data, &r)
		if err == nil && r.Unsatisfied {
			level++
		}
	}
	up := c.escalations()
	if len(up) == 0 {
		return min(level, 2)
	}
	l := c.ledgerAt(now)
	for _, d := range up {
		if d.Clock == "" {
			continue
		}
		running := slices.ContainsFunc(l.all, func(o *obligation) bool {
			return o.kind == d.Clock && o.round == d.Round && o.stop.IsZero()
		})
		if running {
			level = max(level, d.Level)
		}
	}
	return min(level, 2)
}
