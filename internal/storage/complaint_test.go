package storage

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/testkit"
	"layak/policy"
)

var _ complaints.Store = (*DB)(nil)

const (
	mangli = area.Code("35.09.19.1001") // Kaliwates
	siloAt = area.Code("35.09.29")
)

// advice is a checker that answers what the test says and remembers what it was asked.
type advice struct {
	mu      sync.Mutex
	outcome policy.Outcome
	asked   []eligibility.Request
}

func (a *advice) Check(_ context.Context, req eligibility.Request) (eligibility.Determination, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, req)
	d := eligibility.Determination{ID: newID(), NIK: req.Subject.NIK, Subject: req.Subject, DecidedAt: noon}
	d.Outcome, d.Advice, d.Summary = a.outcome, policy.NoAdvice, "Ringkasan."
	if req.Subject.NIK != "" {
		d.Facts.Resident = &policy.Resident{Village: string(mangli)}
	}
	return d, nil
}

// office is a small regency at work: two desks, a coordinator and a supervisor.
type office struct {
	*complaints.Service
	db     *DB
	advice *advice
	clock  time.Time
	sri    eligibility.NIK // lives in Mangli
	silo   context.Context // desk of PKM-SILO, whose area is Silo
	mangli context.Context // desk of KEL-MANGLI, whose area is Mangli
	chief  context.Context // coordinator
	head   context.Context // supervisor
	watch  context.Context // auditor
}

func newOffice(t *testing.T, db *DB) *office {
	t.Helper()
	o := &office{db: db, advice: &advice{outcome: policy.Eligible}, clock: noon}
	o.Service = &complaints.Service{Store: db, Checker: o.advice, Clock: func() time.Time { return o.clock }}
	ctx := context.Background()
	for _, u := range []auth.Unit{
		{Code: "PKM-SILO", Name: "Puskesmas Silo", Kind: "puskesmas", Areas: []area.Code{siloAt}},
		{Code: "KEL-MANGLI", Name: "Kelurahan Mangli", Kind: "kelurahan", Areas: []area.Code{mangli}},
	} {
		must(t, db.AddUnit(ctx, u, entry("unit.create")))
	}
	account := func(user, unit string, role auth.Role) context.Context {
		s := auth.Staff{User: user, Name: "Petugas " + user, Role: role, Unit: unit, CreatedAt: noon, PasswordAt: noon}
		must(t, db.AddStaff(ctx, s, entry("staff.create")))
		a, err := db.Account(ctx, user)
		must(t, err)
		return auth.With(ctx, a.Actor())
	}
	o.silo, o.mangli = account("rini", "PKM-SILO", auth.Puskesmas), account("budi", "KEL-MANGLI", auth.Kelurahan)
	o.chief, o.head = account("koko", "", auth.Coordinator), account("sari", "", auth.Supervisor)
	o.watch = account("tari", "", auth.Auditor)
	sri := testkit.Person(1, "Sri Wahyuni", "1980-02-03")
	publish(t, db, load{kind: eligibility.Residents, asOf: "2026-11-01", rows: listed(sri)})
	o.sri = eligibility.NIK(nikOf(sri))
	return o
}

func filing(nik eligibility.NIK) complaints.Filing {
	return complaints.Filing{
		Channel: "whatsapp", Matter: "activation", Need: "inpatient", NIK: nik, Text: "Kartu belum aktif.",
		Reporter: complaints.Reporter{Name: "Ani", Phone: "081234567890", Relation: "family"},
	}
}

func (o *office) file(t testing.TB, ctx context.Context, nik eligibility.NIK) complaints.Complaint {
	t.Helper()
	c, err := o.File(ctx, filing(nik))
	must(t, err)
	return c
}

// act makes a move that must succeed.
func (o *office) act(t testing.TB, ctx context.Context, c complaints.Complaint, a complaints.Action) complaints.Complaint {
	t.Helper()
	a.Version = c.Version
	next, err := o.Act(ctx, c.Ticket, a)
	if err != nil {
		t.Fatalf("%s in state %s: %v", a.Type, c.State, err)
	}
	o.stored(t, next)
	return next
}

// trail counts the entries about an object by act.
func (o *office) trail(t testing.TB, object string) map[string]int {
	t.Helper()
	var acts []string
	must(t, o.db.reads().list(context.Background(), &acts, `SELECT act FROM audit_entry WHERE object_id = ?`, object))
	counts := map[string]int{}
	for _, a := range acts {
		counts[a]++
	}
	return counts
}

func TestStoryOfAComplaint(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		if c.State != complaints.Received || c.Version != 1 || c.Unit != "KEL-MANGLI" || c.Patients[0].Name != "Sri Wahyuni" || c.Patients[0].Village != mangli {
			t.Fatalf("filed as %+v", c)
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.VerifyEvent})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.CheckEvent})
		if c.State != complaints.InProgress || len(c.Checks) != 1 || c.Checks[0].Outcome != policy.Eligible {
			t.Fatalf("after the check: %s, %+v", c.State, c.Checks)
		}
		if asked := o.advice.asked[0]; asked.Subject.NIK != o.sri || asked.Need != "inpatient" || !strings.Contains(asked.Purpose, string(c.Ticket)) {
			t.Errorf("checked %+v", asked)
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.RegisterEvent, Through: "e_dabu", Reference: "ED-7"})
		o.clock = noon.Add(time.Hour)
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.RegisterEvent, Through: "e_dabu", Result: "active", ActiveOn: "2026-11-21"})
		if len(c.Registrations) != 1 || c.Registrations[0].Result != "active" || c.Registrations[0].Reference != "ED-7" || !c.Registrations[0].SentAt.Equal(noon) {
			t.Fatalf("registrations %+v", c.Registrations)
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ResolveEvent, Decision: complaints.Granted, Reason: "Syarat terpenuhi",
			Evidence: []eligibility.Evidence{{Kind: "sktm", Number: "400/1"}}})
		r, ok := c.Resolution()
		if !ok || r.Advice != complaints.Agrees || r.Unregistered || r.DecidedBy != "budi" || !slices.Equal(r.Checks, []string{c.Checks[0].Determination}) || r.Evidence[0].Number != "400/1" {
			t.Fatalf("resolution %+v", r)
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.CloseEvent})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ReopenEvent, Reason: "Ditolak lagi di loket"})
		if c.State != complaints.InProgress || c.Version != 8 {
			t.Fatalf("ends as %s, version %d", c.State, c.Version)
		}
		var story []string
		for i, e := range c.Events {
			if e.Seq != i+1 || e.Title != "Petugas budi" || e.Unit != "KEL-MANGLI" {
				t.Errorf("event %+v", e)
			}
			story = append(story, string(e.Type)+">"+string(e.To))
		}
		want := "file>received verify>verified check>in_progress registration>in_progress registration>in_progress resolve>answered close>closed reopen>in_progress"
		if got := strings.Join(story, " "); got != want {
			t.Errorf("story\n%s, want\n%s", got, want)
		}
		var data complaints.CheckData
		must(t, json.Unmarshal(c.Events[2].Data, &data))
		if data.Determination != c.Checks[0].Determination {
			t.Errorf("the event of the check holds %+v", data)
		}
		counts := o.trail(t, string(c.Ticket))
		for act, n := range map[string]int{"complaint.file": 1, "complaint.check": 1, "complaint.registration": 2, "complaint.resolve": 1, "complaint.reopen": 1} {
			if counts[act] != n {
				t.Errorf("%d entries %s, want %d", counts[act], act, n)
			}
		}
	})
}

// What the reader got from one call is what the next one gets: times, lists, empty parts.
func TestComplaintComesBackAsWritten(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		o.clock = time.Date(2026, 11, 21, 6, 30, 15, 123456789, time.FixedZone("WIT", 9*3600))
		f := filing("")
		f.Patients = []complaints.FilingPatient{
			{NIK: o.sri}, {Subject: &eligibility.Subject{MotherNIK: o.sri, BirthDate: "2026-11-20"}}, {},
		}
		f.Village = "35.09.29.2001"
		c, err := o.File(o.silo, f)
		must(t, err)
		if want := time.Date(2026, 11, 20, 21, 30, 15, 123456000, time.UTC); !c.FiledAt.Equal(want) || c.FiledAt.Location() != time.UTC {
			t.Errorf("filed at %v, want %v", c.FiledAt, want)
		}
		if len(c.Patients) != 3 || c.Patients[1].Subject.MotherNIK != o.sri || c.Patients[2].Known() || c.Village != f.Village {
			t.Errorf("patients %+v", c.Patients)
		}
		again, err := o.Complaint(o.silo, c.Ticket)
		must(t, err)
		a, _ := json.Marshal(c)
		b, _ := json.Marshal(again)
		if string(a) != string(b) {
			t.Errorf("reads differ:\n%s\n%s", a, b)
		}
		for _, empty := range []string{`"determinations":[]`, `"registrations":[]`, `"resolutions":[]`, `"attachments":[]`} {
			if !strings.Contains(string(a), empty) {
				t.Errorf("%s is not in %s", empty, a)
			}
		}
		if n := o.trail(t, string(c.Ticket))["complaint.view"]; n != 1 {
			t.Errorf("%d entries for a view of one known person (patient and mother), want 1", n)
		}
	})
}

func TestMovesThatAreRefusedLeaveNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		cases := []struct {
			name string
			ctx  context.Context
			a    complaints.Action
			kind fault.Kind
			code string
		}{
			{"stale", o.mangli, complaints.Action{Type: complaints.VerifyEvent, Version: 9}, fault.Conflict, "stale_version"},
			{"no version", o.mangli, complaints.Action{Type: complaints.VerifyEvent, Version: -1}, fault.Invalid, "version_missing"},
			{"close what was not answered", o.mangli, complaints.Action{Type: complaints.CloseEvent}, fault.Conflict, "move_forbidden"},
			{"decide before verifying", o.mangli, complaints.Action{Type: complaints.ResolveEvent, Decision: "granted", Reason: "Layak"}, fault.Conflict, "move_forbidden"},
			{"reject without reason", o.head, complaints.Action{Type: complaints.RejectEvent}, fault.Invalid, "reason_missing"},
			{"a desk rejects", o.mangli, complaints.Action{Type: complaints.RejectEvent, Reason: "Bukan urusan kami"}, fault.Forbidden, "not_allowed"},
			{"an auditor writes", o.watch, complaints.Action{Type: complaints.NoteEvent, Text: "halo"}, fault.Forbidden, "not_allowed"},
			{"an empty note", o.mangli, complaints.Action{Type: complaints.NoteEvent, Text: " "}, fault.Invalid, "text_missing"},
			{"wait for nothing", o.mangli, complaints.Action{Type: complaints.WaitEvent, Missing: []string{" "}}, fault.Invalid, "missing_missing"},
			{"forward nowhere", o.mangli, complaints.Action{Type: complaints.ForwardEvent}, fault.Invalid, "office_missing"},
			{"a unit that does not exist", o.mangli, complaints.Action{Type: complaints.AssignEvent, Unit: "PKM-BULAN"}, fault.Invalid, "unit_unknown"},
			{"a colleague of another unit", o.mangli, complaints.Action{Type: complaints.AssignEvent, Unit: "PKM-SILO", Staff: "budi"}, fault.Invalid, "staff_unknown"},
			{"an auditor as colleague", o.mangli, complaints.Action{Type: complaints.AssignEvent, Unit: "PKM-SILO", Staff: "tari"}, fault.Invalid, "staff_unknown"},
			{"merge nowhere", o.head, complaints.Action{Type: complaints.MergeEvent}, fault.Invalid, "into_missing"},
			{"an event nobody knows", o.head, complaints.Action{Type: "explode"}, fault.Invalid, "event_unknown"},
			{"check a patient who is not in the case", o.mangli, complaints.Action{Type: complaints.CheckEvent, Patient: 4}, fault.Invalid, "patient_unknown"},
		}
		for _, k := range cases {
			t.Run(k.name, func(t *testing.T) {
				if k.a.Version == 0 {
					k.a.Version = c.Version
				}
				_, err := o.Act(k.ctx, c.Ticket, k.a)
				wantKind(t, err, k.kind, k.code)
			})
		}
		after, err := o.Complaint(o.mangli, c.Ticket)
		must(t, err)
		if after.Version != 1 || len(after.Events) != 1 || after.State != complaints.Received {
			t.Errorf("refused moves changed the case: %+v", after)
		}
	})
}

func TestOtherWaysOfALife(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.chief, o.sri)
		if c.Unit != "" {
			t.Fatalf("a coordinator's filing lies with %q", c.Unit)
		}
		c = o.act(t, o.chief, c, complaints.Action{Type: complaints.AssignEvent, Unit: "KEL-MANGLI", Staff: "budi"})
		if c.State != complaints.Received || c.Unit != "KEL-MANGLI" || c.Staff != "budi" {
			t.Fatalf("assigned: %s %s %s", c.State, c.Unit, c.Staff)
		}
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.WaitEvent, Missing: []string{"Foto KK", " "}})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.NoteEvent, Text: "Ditelepon, tidak diangkat."})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ReplyEvent, Text: "KK dibawa ke loket."})
		if c.State != complaints.Received {
			t.Fatalf("a reply leads back to %s", c.State)
		}
		c = o.act(t, o.head, c, complaints.Action{Type: complaints.RejectEvent, Reason: "Sudah ditangani aduan lain"})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ReopenEvent, Reason: "Ternyata belum"})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ForwardEvent, Office: "Dinas Sosial", Number: "DS-1", Text: "Mohon ditindaklanjuti"})
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.ReopenEvent, Reason: "Dikembalikan Dinas Sosial"})
		o.refused(t, o.mangli, c, complaints.Action{Type: complaints.WithdrawEvent, Text: " "}, fault.Invalid, "text_missing")
		c = o.act(t, o.mangli, c, complaints.Action{Type: complaints.WithdrawEvent, Text: "Ani membatalkan lewat telepon."})
		if c.State != complaints.Withdrawn || c.Events[len(c.Events)-2].Public != true {
			t.Errorf("ends as %+v", c)
		}
		_, err := o.Act(o.mangli, c.Ticket, complaints.Action{Type: complaints.NoteEvent, Version: c.Version, Text: "x"})
		wantKind(t, err, fault.Conflict, "move_forbidden")
	})
}

func TestCheckTeachesWhoThePatientIs(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		f := filing("")
		f.Need = ""
		c, err := o.File(o.silo, f)
		must(t, err)
		c = o.act(t, o.silo, c, complaints.Action{Type: complaints.CheckEvent, Need: "emergency"})
		if asked := o.advice.asked[0]; !asked.Subject.Unknown || asked.Need != "emergency" || c.Need != "emergency" {
			t.Fatalf("an unknown patient was checked as %+v", asked)
		}
		_, err = o.Complaint(o.mangli, c.Ticket)
		wantKind(t, err, fault.NotFound, "complaint_unknown")
		c = o.act(t, o.silo, c, complaints.Action{Type: complaints.CheckEvent, NIK: o.sri})
		if p := c.Patients[0]; p.NIK != o.sri || p.Name != "Sri Wahyuni" || p.Village != mangli {
			t.Fatalf("patient is %+v", p)
		}
		// Now the case touches Mangli, so its desk sees it.
		_, err = o.Complaint(o.mangli, c.Ticket)
		must(t, err)
	})
}

// If the trail cannot be written, the act does not happen.
func TestNoActWithoutItsTrail(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		change := complaints.Change{Complaint: c, Event: complaints.Event{ID: newID(), Type: complaints.NoteEvent, At: noon, To: c.State}}
		change.Complaint.Version = 2
		change.Complaint.State = complaints.Closed
		change.Entries = append(change.Entries, entry("complaint.note"), entry("complaint.note"))
		change.Entries[0].ID = newID()
		change.Entries[1].ID = change.Entries[0].ID // the second one cannot be written
		if err := db.ChangeComplaint(context.Background(), change); err == nil {
			t.Fatal("a change was stored whose trail could not be")
		}
		after, err := o.Complaint(o.mangli, c.Ticket)
		must(t, err)
		if after.State != c.State || after.Version != 1 || len(after.Events) != 1 {
			t.Errorf("half of a change is stored: %+v", after)
		}
	})
}

func TestEventsCannotBeChanged(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		changes := []string{`UPDATE complaint_event SET note = 'x' WHERE complaint_id = ?`}
		if db.Engine() == "SQLite" {
			changes = append(changes, `INSERT OR REPLACE INTO complaint_event (regency_code, id, complaint_id, seq, type, at, actor,
				title, unit, from_state, to_state, public, note, data) SELECT regency_code, id || 'x', complaint_id, seq, type, at,
				actor, title, unit, from_state, to_state, public, 'x', data FROM complaint_event WHERE complaint_id = ?`)
		}
		for _, change := range changes {
			err := db.write(context.Background(), func(tx *tx) error {
				_, err := tx.exec(context.Background(), change, c.ID)
				return err
			})
			if err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("an event was changed: %v", err)
			}
		}
	})
}

// The trail names people only by keyed hash, and nowhere holds words of the case.
func TestTrailHoldsNobody(t *testing.T) {
	eachEngine(t, func(t *testing.T, db *DB) {
		o := newOffice(t, db)
		c := o.file(t, o.mangli, o.sri)
		o.act(t, o.mangli, c, complaints.Action{Type: complaints.NoteEvent, Text: "Rahasia keluarga"})
		var rows []string
		must(t, db.reads().list(context.Background(), &rows, `SELECT actor || ' ' || act || ' ' || object_id || ' ' || person_hash || ' ' || purpose || ' ' || payload_hash
			FROM audit_entry WHERE object = 'complaint'`))
		if len(rows) != 2 {
			t.Fatalf("%d entries, want 2", len(rows))
		}
		for _, r := range rows {
			if strings.Contains(r, string(o.sri)) || strings.Contains(r, "Rahasia") || strings.Contains(r, "Sri") {
				t.Errorf("entry tells %s", r)
			}
		}
	})
}
