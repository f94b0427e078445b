package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"layak/complaints"
	"layak/internal/audit"
	"layak/internal/fault"
)

// kills is how often a process is killed on each database: 20 times, or as LAYAK_KILLS says
// (make test-nightly: 200).
func kills(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("LAYAK_KILLS"))
	if err != nil || n < 1 {
		return 20
	}
	t.Logf("%d kills on each database", n)
	return n
}

// TestKilledAmongComplaints kills a process whose desks work on cases, at random points, again and
// again on one database. What a desk was told must be there, and of every case state, version,
// events and trail must say the same.
func TestKilledAmongComplaints(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		h.must("", "units", "add", "PKM-UJI", "--name", "Puskesmas Uji", "--kind", "puskesmas", "--area", "35.09")
		h.must("", "units", "add", "KEL-UJI", "--name", "Kelurahan Uji", "--kind", "kelurahan", "--area", "35.09.19.1001")
		told := map[complaints.Ticket]int{}
		for range kills(t) {
			workUntilKilled(t, h, told)
		}
		if len(told) < 20 {
			t.Fatalf("only %d cases were worked on", len(told))
		}
		agree(t, h, told)
	})
}

// workUntilKilled starts the desks, kills them within a fifth of a second after their first word,
// and notes what they were told.
func workUntilKilled(t *testing.T, h *house, told map[complaints.Ticket]int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestDesksThatAreKilled$")
	cmd.Env = append(os.Environ(), "LAYAK_TEST_DESKS="+h.db, "LAYAK_TEST_KEY="+h.path("layak.key"))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	err = cmd.Start()
	if err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var ticket complaints.Ticket
		var version int
		_, err := fmt.Sscanf(lines.Text(), "told %s %d", &ticket, &version)
		if err != nil {
			continue
		}
		told[ticket] = max(told[ticket], version)
		once.Do(func() {
			time.AfterFunc(time.Duration(rand.IntN(200_000))*time.Microsecond, func() { _ = cmd.Process.Kill() })
		})
	}
	_ = cmd.Wait()
	if cmd.ProcessState.Success() {
		t.Fatal("the desks ended by themselves")
	}
}

// TestDesksThatAreKilled is not a test: it is the process that the test above kills.
func TestDesksThatAreKilled(t *testing.T) {
	db := os.Getenv("LAYAK_TEST_DESKS")
	if db == "" {
		return
	}
	ctx := asOperator(context.Background())
	p, err := Open(ctx, Config{DB: db, KeyFile: os.Getenv("LAYAK_TEST_KEY")})
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var open []complaints.Ticket
	tell := func(c complaints.Complaint) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Println("told", c.Ticket, c.Version)
		open = append(open, c.Ticket)
		open = open[max(0, len(open)-12):]
	}
	some := func() complaints.Ticket {
		mu.Lock()
		defer mu.Unlock()
		if len(open) == 0 {
			return ""
		}
		return open[rand.IntN(len(open))]
	}
	var desks sync.WaitGroup
	for range 6 {
		desks.Go(func() {
			for {
				c, err := oneAct(ctx, p.Complaints, some)
				switch {
				case err == nil:
					tell(c)
				case !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Forbidden):
					t.Errorf("an act failed: %v", err)
				}
			}
		})
	}
	desks.Wait()
}

// oneAct files a case or makes a random move on one that is at hand.
func oneAct(ctx context.Context, s *complaints.Service, some func() complaints.Ticket) (complaints.Complaint, error) {
	ticket := some()
	if ticket == "" || rand.IntN(4) == 0 {
		return s.File(ctx, complaints.Filing{
			Channel: "whatsapp", Matter: "eligibility", Need: "outpatient", Village: "35.09.19.1001",
			Reporter: complaints.Reporter{Name: "Warga Uji", Phone: fmt.Sprintf("0812%08d", rand.IntN(1000)), Email: "warga@contoh.test"},
			Text:     "Apakah ibu saya dapat berobat gratis?",
		})
	}
	c, err := s.Complaint(ctx, ticket)
	if err != nil {
		return c, err
	}
	acts := []complaints.Action{
		{Type: complaints.VerifyEvent},
		{Type: complaints.AssignEvent, Unit: "PKM-UJI"},
		{Type: complaints.TaskEvent, Unit: "KEL-UJI", Text: "Antar keluarga ke loket."},
		{Type: complaints.NoteEvent, Text: "Keluarga ditelepon."},
		{Type: complaints.CheckEvent},
		{Type: complaints.AnswerEvent, Text: "Sedang kami cek.", Send: []string{"email"}},
		{Type: complaints.WaitEvent, Missing: []string{"Foto KK"}},
		{Type: complaints.ReplyEvent, Text: "Ini fotonya."},
		{Type: complaints.ResolveEvent, Decision: complaints.InformationGiven, Reason: "Syarat sudah dijelaskan kepada keluarga.", Send: []string{"spoken"}},
		{Type: complaints.CloseEvent, Text: "Keluarga sudah mengerti."},
		{Type: complaints.ReopenEvent, Reason: "Keluarga bertanya lagi."},
		{Type: complaints.MergeEvent, Into: some()},
		{Type: complaints.UnmergeEvent},
	}
	a := acts[rand.IntN(len(acts))]
	a.Version = c.Version
	return s.Act(ctx, ticket, a)
}

// agree looks at every case after all kills.
func agree(t *testing.T, h *house, told map[complaints.Ticket]int) {
	t.Helper()
	p, ctx := h.open(), asOperator(context.Background())
	cases := map[complaints.Ticket]complaints.Complaint{}
	for after := complaints.Ticket(""); ; {
		page, err := p.Complaints.List(ctx, complaints.Filter{Limit: 500, After: after})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range page.Items {
			c, err := p.DB.Complaint(ctx, l.Ticket, complaints.Scope{All: true})
			if err != nil {
				t.Fatal(err)
			}
			cases[l.Ticket] = c
		}
		if after = page.Next; after == "" {
			break
		}
	}
	for ticket, version := range told {
		if cases[ticket].Version < version {
			t.Errorf("%s: a desk was told version %d, stored is %d", ticket, version, cases[ticket].Version)
		}
	}
	for _, c := range cases {
		checkWhole(t, p, c, cases)
	}
	report, err := p.DB.AuditVerify(ctx)
	if err != nil || !report.Whole() {
		t.Errorf("trail: %v, %+v", err, report)
	}
	t.Logf("%d cases, %d entries of the trail", len(cases), report.Entries)
}

// checkWhole holds a case against its own events and the trail.
func checkWhole(t *testing.T, p *Program, c complaints.Complaint, all map[complaints.Ticket]complaints.Complaint) {
	t.Helper()
	at := complaints.State("")
	for i, e := range c.Events {
		if e.Seq != i+1 {
			t.Errorf("%s: event %d has the number %d", c.Ticket, i+1, e.Seq)
		}
		if e.From != at && i > 0 {
			t.Errorf("%s: event %d (%s) starts from %q, the one before led to %q", c.Ticket, e.Seq, e.Type, e.From, at)
		}
		at = e.To
	}
	if at != c.State {
		t.Errorf("%s is %q, its events lead to %q", c.Ticket, c.State, at)
	}
	if c.State == complaints.Merged && all[c.Into].Ticket == "" {
		t.Errorf("%s is merged into %q, which is not there", c.Ticket, c.Into)
	}
	trail := trailOf(t, p, c.Ticket)
	for _, e := range c.Events {
		e.Seq = 0
		payload, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(payload)
		if !trail[hex.EncodeToString(sum[:])] {
			t.Errorf("%s: event %s is not on the trail", c.Ticket, e.Type)
		}
	}
}

// trailOf gives the payload hashes that the trail holds of a case.
func trailOf(t *testing.T, p *Program, ticket complaints.Ticket) map[string]bool {
	t.Helper()
	hashes := map[string]bool{}
	f := audit.Filter{Object: "complaint", ObjectID: string(ticket), Act: "complaint.", Limit: 500}
	for {
		page, err := p.DB.AuditEntries(context.Background(), f)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entries {
			hashes[e.PayloadHash] = true
		}
		if f.Before = page.Next; f.Before == "" {
			return hashes
		}
	}
}
