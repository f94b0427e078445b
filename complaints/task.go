package complaints

import (
	"context"
	"strconv"
	"time"

	"layak/complaints/calendar"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Task is one unit's act inside a case; several units work at once.
type Task struct {
	No   int    `json:"no"` // from 1, inside the case
	Unit string `json:"unit"`
	Act  string `json:"act"`
	// Role is who of the unit has to do it: "" anybody, "head" the one who leads it.
	Role    string     `json:"role,omitempty"`
	GivenAt time.Time  `json:"given_at"`
	GivenBy string     `json:"given_by"`
	DueAt   *time.Time `json:"due_at,omitempty"`
	// SeenAt is when somebody of the unit first opened the case after the task was given, so that
	// who was idle is on record.
	SeenAt *time.Time `json:"seen_at,omitempty"`
	Result string     `json:"result,omitempty"` // code of TaskResults; "" is open
	Note   string     `json:"note,omitempty"`
	Proof  string     `json:"proof,omitempty"` // id of an attachment of the case
	DoneAt *time.Time `json:"done_at,omitempty"`
	DoneBy string     `json:"done_by,omitempty"`
}

// How a task ends.
const (
	TaskDone    = "done"
	TaskRefused = "refused"
)

// HeadTask is the role of a task that the head of the unit has to answer himself.
const HeadTask = "head"

// TaskResults is the closed list of how a task ends, TaskRoles of who has to do it.
var (
	TaskResults = []Word{{TaskDone, "Selesai"}, {TaskRefused, "Tidak dapat dilakukan"}}
	TaskRoles   = []Word{{HeadTask, "Pimpinan unit"}}
)

// mostTasks bounds the tasks of one case.
const mostTasks = 100

// TaskOrder asks for one task. The time for it is Due, or Amount of Measure from now; neither is no
// deadline.
type TaskOrder struct {
	Unit    string           `json:"unit"`
	Act     string           `json:"act"`
	Role    string           `json:"role,omitempty"`
	Due     *time.Time       `json:"due,omitempty"`
	Amount  int64            `json:"amount,omitempty"`
	Measure calendar.Measure `json:"measure,omitempty"`
}

// Open tells whether the task still has to be done.
func (t Task) Open() bool { return t.Result == "" }

// Late tells whether the task was, or is at the moment, not done in its time.
func (t Task) Late(now time.Time) bool {
	if t.DoneAt != nil {
		now = *t.DoneAt
	}
	return t.DueAt != nil && now.After(*t.DueAt)
}

// OpenTasks are those that still have to be done.
func (c Complaint) OpenTasks() []Task {
	var open []Task
	for _, t := range c.Tasks {
		if t.Open() {
			open = append(open, t)
		}
	}
	return open
}

// Idle are the tasks that were late, or are at the moment, oldest first: who did not act in time.
func (c Complaint) Idle(now time.Time) []Task {
	var idle []Task
	for _, t := range c.Tasks {
		if t.Late(now) {
			idle = append(idle, t)
		}
	}
	return idle
}

// see notes that somebody of the unit has the case before his eyes; false when nothing is new.
func (c *Complaint) see(unit string, now time.Time) bool {
	seen := false
	for i, t := range c.Tasks {
		if unit != "" && t.Unit == unit && t.Open() && t.SeenAt == nil {
			c.Tasks[i].SeenAt, seen = &now, true
		}
	}
	return seen
}

// giveTasks gives one or several units something to do.
func giveTasks(ctx context.Context, s *Service, d *draft) error {
	a := d.action
	orders := a.Tasks
	if len(orders) == 0 {
		orders = []TaskOrder{{Unit: a.Unit, Act: a.Act, Role: a.Role, Due: a.Due, Amount: a.Amount, Measure: a.Measure}}
	} else if a.Unit != "" || a.Act != "" {
		return Invalid("task_twice", "tasks", "Tulis tugas di satu tempat saja: “tasks”, atau “unit” dan “act”.")
	}
	if len(orders) > 20 || len(orders)+len(d.was.Tasks) > mostTasks {
		return Invalid("tasks_many", "tasks", "Paling banyak 20 tugas sekali beri, dan 100 dalam satu aduan.")
	}
	no := len(d.was.Tasks)
	for i, o := range orders {
		field := ""
		if len(a.Tasks) > 0 {
			field = "tasks." + strconv.Itoa(i+1) + "."
		}
		t, err := s.task(ctx, o, d.change.Event.At, field)
		if err != nil {
			return err
		}
		t.No, t.GivenBy = no+i+1, d.actor.Name
		d.change.Tasks = append(d.change.Tasks, t)
	}
	return d.change.with(TaskData{Tasks: d.change.Tasks})
}

// task checks an order and makes the task of it.
func (s *Service) task(ctx context.Context, o TaskOrder, now time.Time, field string) (Task, error) {
	t := Task{Act: line(o.Act), Role: o.Role, GivenAt: now}
	switch {
	case o.Unit == "":
		return t, Invalid("unit_missing", field+"unit", "Pilih unit kerja yang diberi tugas.")
	case letters(t.Act) < shortReason:
		return t, Invalid("act_missing", field+"act", "Tulis apa yang harus dikerjakan.")
	case len(t.Act) > 5*longestLine:
		return t, Invalid("line_long", field+"act", "Isian ini terlalu panjang.")
	case o.Role != "" && !Known(TaskRoles, o.Role):
		return t, Invalid("role_unknown", field+"role", "Pilih siapa yang mengerjakan dari daftar.")
	}
	unit, err := s.office(ctx, o.Unit, field+"unit")
	if err != nil {
		return t, err
	}
	t.Unit = unit.Code
	t.DueAt, err = s.taskDue(ctx, o, now, field)
	return t, err
}

// taskDue is when the task has to be done, by the working time of the unit that does it.
func (s *Service) taskDue(ctx context.Context, o TaskOrder, now time.Time, field string) (*time.Time, error) {
	if o.Due != nil {
		due := moment(*o.Due)
		if !due.After(now) {
			return nil, Invalid("due_past", field+"due", "Batas waktu tugas sudah lewat.")
		}
		if due.After(now.AddDate(farthest, 0, 0)) {
			return nil, Invalid("due_far", field+"due", "Batas waktu tugas terlalu jauh ke depan. Periksa tahunnya.")
		}
		return &due, nil
	}
	if o.Amount == 0 && o.Measure == "" {
		return nil, nil
	}
	if o.Amount < 1 || o.Amount > 1000 {
		return nil, Invalid("amount_wrong", field+"amount", "Lama tugas ditulis dengan angka 1 sampai 1000.")
	}
	if o.Measure == calendar.Hours {
		due := now.Add(time.Duration(o.Amount) * time.Hour)
		return &due, nil
	}
	if o.Measure != calendar.WorkingDays && o.Measure != calendar.WorkingHours {
		return nil, Invalid("measure_unknown", field+"measure", "Lama tugas dihitung dalam hari kerja, jam kerja, atau jam.")
	}
	if s.Calendars == nil {
		return nil, Invalid("measure_unknown", field+"measure", "Jam kerja belum diatur. Tulis tanggal batas waktunya.")
	}
	cal, err := s.Calendars.Calendar(ctx, o.Unit)
	if err != nil {
		return nil, err
	}
	n, err := cal.Due(now, calendar.Limit{Amount: int(o.Amount), Measure: o.Measure}, nil, now)
	if err != nil {
		return nil, Invalid("amount_wrong", field+"amount", "Batas waktu tidak dapat dihitung dengan jam kerja unit itu. Tulis tanggalnya.")
	}
	due := moment(n.Due)
	return &due, nil
}

// taskDone records how a task ended. When no other task is open, an event says that all are done.
func taskDone(_ context.Context, _ *Service, d *draft) error {
	a, at := d.action, d.change.Event.At
	if a.Task < 1 || a.Task > len(d.was.Tasks) {
		return Invalid("task_unknown", "task", "Pilih tugas yang dimaksud.")
	}
	t := d.was.Tasks[a.Task-1]
	note := a.Note
	if note == "" {
		note = a.Text
	}
	switch {
	case !d.actor.All && d.actor.Unit != t.Unit:
		return fault.New(fault.Forbidden, "other_unit", "Tugas ini milik unit lain. Unit itu atau koordinator yang dapat menyelesaikannya.")
	case !t.Open():
		return fault.New(fault.Conflict, "task_closed", "Tugas ini sudah diselesaikan. Muat ulang aduan ini.")
	case !Known(TaskResults, a.Result):
		return Invalid("result_unknown", "result", "Pilih hasil tugas: selesai atau tidak dapat dilakukan.")
	case a.Result == TaskRefused && letters(note) < shortReason:
		return Invalid("note_missing", "note", "Tulis mengapa tugas tidak dapat dilakukan.")
	case t.Role == HeadTask && letters(note) < fullReason:
		return Invalid("note_missing", "note", "Tulis jawaban pimpinan unit dalam satu kalimat.")
	case a.Proof != "" && !d.was.attached(a.Proof):
		return Invalid("proof_unknown", "proof", "Bukti belum ada di berkas aduan ini. Unggah dulu berkasnya.")
	}
	t.Result, t.Note, t.Proof, t.DoneAt, t.DoneBy = a.Result, note, a.Proof, &at, d.actor.Name
	if t.SeenAt == nil {
		t.SeenAt = &at
	}
	d.change.Tasks = []Task{t}
	d.change.Event.Note = note
	if len(d.was.OpenTasks()) == 1 {
		d.change.also(TasksDoneEvent, auth.System(), d.change.Complaint.State, false)
	}
	return d.change.with(TaskDoneData{Task: t.No, Unit: t.Unit, Act: t.Act, Result: t.Result, Proof: t.Proof, Late: t.Late(at)})
}
