package main

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/recheck"
	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/policy"
)

// The pregnant woman of the story, who married into another regency and has a new family card there
// that the data do not know yet.
const (
	kkNIK     = eligibility.NIK("3510035508980001")
	oldCard   = "3510031202150007"
	newCard   = "3509080211260003"
	otherHead = "3509081203950002" // her husband
)

// kkStory is an office in which the story plays.
type kkStory struct {
	*house
	t       *testing.T
	p       *Program
	village area.Area // in Puger, where she lives now
	before  area.Area // in Banyuwangi, where the data have her
}

func newKKStory(t *testing.T, h *house) *kkStory {
	t.Helper()
	s := &kkStory{house: h, t: t, p: h.open()}
	puger, ok := area.Find("35.09", "Puger")
	far := area.Children("35.10")
	if !ok || len(far) == 0 {
		t.Fatal("Puger or Banyuwangi is missing from the table of areas")
	}
	s.village, s.before = area.Children(puger.Code)[0], area.Children(far[0].Code)[0]
	for _, unit := range []auth.Unit{
		{Code: "DESA-PUGER", Name: "Desa di Puger", Kind: "desa", Areas: []area.Code{puger.Code}},
		{Code: "DUKCAPIL", Name: "Dinas Dukcapil", Kind: "opd", Areas: []area.Code{"35.09"}},
	} {
		err := s.p.Accounts.AddUnit(asOperator(context.Background()), unit)
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// clerk works at the desk of the village, and sees what happens in Puger.
func (s *kkStory) clerk() context.Context {
	return auth.With(context.Background(), auth.Actor{Name: "ani", User: "ani", Title: "Ani", Role: auth.Kelurahan,
		Unit: "DESA-PUGER", Areas: []area.Code{s.village.Code.Parent()}})
}

// file writes a workbook and imports it.
func (s *kkStory) file(kind, name, asOf string, header []string, rows ...[]string) {
	s.t.Helper()
	var b bytes.Buffer
	err := importers.WriteTable(&b, "Data", header, rows)
	if err != nil {
		s.t.Fatal(err)
	}
	path := s.path(name + ".xlsx")
	err = os.WriteFile(path, b.Bytes(), 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	s.object("import", kind, path, "--as-of", asOf)
}

var residentHeader = []string{"NIK", "NO KK", "NAMA LENGKAP", "JENIS KELAMIN", "TANGGAL LAHIR", "SHDK", "KODE KELURAHAN", "KODE KECAMATAN", "KODE KABUPATEN", "KODE PROVINSI", "STATUS HIDUP"}

func (s *kkStory) resident(nik, kk, name, sex, born, relation string, village area.Code) []string {
	return []string{nik, kk, name, sex, born, relation, string(village), string(village.Parent()), string(village.Parent().Parent()), "35", "HIDUP"}
}

// dataBehind is what the office has: the old card of October.
func (s *kkStory) dataBehind() {
	s.t.Helper()
	s.file("residents", "penduduk-1", "2026-10-01", residentHeader,
		s.resident(string(kkNIK), oldCard, "Dewi Lestari", "P", "15-08-1998", "ANAK", s.before.Code),
		s.resident(otherHead, newCard, "Bagus Santoso", "L", "12-03-1995", "KEPALA KELUARGA", s.village.Code))
	s.file("welfare", "desil-1", "2026-10-01", []string{"NIK", "DESIL"}, []string{string(kkNIK), "2"}, []string{otherHead, "2"})
}

// dataCaughtUp is the file of November, in which Dukcapil has the new card.
func (s *kkStory) dataCaughtUp() {
	s.t.Helper()
	s.file("residents", "penduduk-2", "2026-11-10", residentHeader,
		s.resident(string(kkNIK), newCard, "Dewi Lestari", "P", "15-08-1998", "ISTRI", s.village.Code))
}

// firstCheck is the desk that sees only her KTP with the new address; it files the case and asks
// Dukcapil to act.
func (s *kkStory) firstCheck() (complaints.Complaint, eligibility.Determination) {
	s.t.Helper()
	yes := true
	d, err := s.p.Checker.Check(s.clerk(), eligibility.Request{
		Subject: eligibility.Subject{NIK: kkNIK}, Need: "delivery", AcceptsClass3: &yes, Purpose: "ditagih rumah sakit",
		Evidence: []eligibility.Evidence{{Kind: "ktp", Facts: map[eligibility.Field]string{eligibility.FieldVillage: string(s.village.Code)}}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := s.p.Complaints.File(s.clerk(), complaints.Filing{Channel: "whatsapp", Matter: "charge", Need: "delivery", Village: s.village.Code,
		Text:     "Istri saya hamil, ditagih karena KK baru belum terbaca.",
		Reporter: complaints.Reporter{Name: "Bagus Santoso", Phone: "081200000001", Relation: "family"},
		Patients: []complaints.FilingPatient{{NIK: kkNIK}}})
	if err != nil {
		s.t.Fatal(err)
	}
	c = s.act(c, complaints.Action{Type: complaints.CheckEvent, Patient: 1, Made: &d})
	c = s.act(c, complaints.Action{Type: complaints.VerifyEvent})
	return c, d
}

func (s *kkStory) act(c complaints.Complaint, a complaints.Action) complaints.Complaint {
	s.t.Helper()
	a.Version = c.Version
	c, err := s.p.Complaints.Act(s.clerk(), c.Ticket, a)
	if err != nil {
		s.t.Fatalf("%s: %v", a.Type, err)
	}
	return c
}

// listed waits until the service has checked again and she stands on the list of the clerk.
func (s *kkStory) listed() recheck.Item {
	s.t.Helper()
	for deadline := time.Now().Add(40 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		page, err := s.p.Rechecks.List(s.clerk(), recheck.Filter{})
		if err != nil {
			s.t.Fatal(err)
		}
		if len(page.Items) == 1 {
			return page.Items[0]
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%d on the list of the clerk", len(page.Items))
		}
	}
}

// TestMovedCardIsCheckedAgain is the story of Puger: a KK change has not reached the data, a woman in
// labour is charged, and nobody tells her why. Here the check names the data and the office, and when
// the data catch up she is found and answered without asking again.
func TestMovedCardIsCheckedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		s := newKKStory(t, h)
		s.dataBehind()
		c, first := s.firstCheck()
		if first.Outcome != policy.NeedsInformation {
			t.Fatalf("first check: %s %s", first.Outcome, first.Summary)
		}
		at := slices.IndexFunc(first.Findings, func(f policy.Finding) bool { return f.Code == "residency_conflict" })
		if at < 0 || !strings.Contains(first.Findings[at].Source, "Dukcapil, 1 Okt 2026") || !strings.Contains(first.Findings[at].Remedy, "Dukcapil") {
			t.Errorf("the finding does not name the data and the office: %+v", first.Findings)
		}
		if !slices.ContainsFunc(first.NextSteps, func(step string) bool {
			return strings.Contains(step, "KK terbaru") && strings.Contains(step, "Dukcapil")
		}) {
			t.Errorf("next steps %q", first.NextSteps)
		}
		c = s.act(c, complaints.Action{Type: complaints.TaskEvent, Tasks: []complaints.TaskOrder{
			{Unit: "DUKCAPIL", Act: "Kirim KK baru ibu hamil ini ke data BPJS", Due: soon()}}})

		h.start() // the service notices the import by itself
		s.dataCaughtUp()
		it := s.listed()
		if it.From != policy.NeedsInformation || it.To != policy.Eligible || it.Ticket != c.Ticket || it.Unit == "" ||
			!strings.Contains(it.Why, "Data Dukcapil per 10 Nov 2026 kini mencatat warga ini pindah ke sini.") {
			t.Errorf("item %+v", it)
		}
		if it.Shown != kkNIK.Masked() || strings.Contains(it.Name, "Lestari") {
			t.Errorf("not masked: %s %s", it.Shown, it.Name)
		}
		_, _, made, err := s.p.Rechecks.Item(s.clerk(), it.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(made.Facts.Evidence) != 1 || made.Facts.Evidence[0].SeenBy != first.Facts.Evidence[0].SeenBy || made.Facts.Evidence[0].SeenAt != first.Facts.Evidence[0].SeenAt {
			t.Errorf("the paper is not the one that was seen: %+v", made.Facts.Evidence)
		}
		s.answer(c, made)
		for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(200 * time.Millisecond) {
			counts, err := s.p.Rechecks.Counts(s.clerk())
			if err != nil {
				t.Fatal(err)
			}
			if counts.Total == 0 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("she was answered and is still on the list")
			}
		}
		if report := h.object("audit", "verify"); len(report["problems"].([]any)) != 0 {
			t.Errorf("trail: %v", report["problems"])
		}
	})
}

// answer is the clerk telling her, from the new determination.
func (s *kkStory) answer(c complaints.Complaint, made eligibility.Determination) {
	s.t.Helper()
	c, err := s.p.Complaints.Complaint(s.clerk(), c.Ticket)
	if err != nil {
		s.t.Fatal(err)
	}
	c = s.act(c, complaints.Action{Type: complaints.CheckEvent, Patient: 1, Made: &made})
	if k := c.Newest()[1]; k.Outcome != policy.Eligible {
		s.t.Errorf("the newest check of the case is %s", k.Outcome)
	}
	s.act(c, complaints.Action{Type: complaints.AnswerEvent, Text: "KK baru Ibu sudah tercatat. Menurut data, syarat terpenuhi; petugas sedang mendaftarkan."})
}

func soon() *time.Time {
	at := time.Now().Add(4 * time.Hour)
	return &at
}

// The command checks again at once and says what it found.
func TestRecheckCommand(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		s := newKKStory(t, h)
		s.dataBehind()
		s.firstCheck()
		s.dataCaughtUp()
		time.Sleep(10 * time.Millisecond)
		got := h.object("complaints", "recheck")
		run, open := got["run"].(map[string]any), got["open"].(map[string]any)
		if run["checked"] != 1.0 || run["changed"] != 1.0 || open["total"] != 1.0 {
			t.Errorf("%v", got)
		}
		if again := h.must("", "complaints", "recheck"); again != "0 hasil cek dihitung ulang, 0 berubah. Di daftar cek ulang: 1 warga.\n" &&
			again != "1 hasil cek dihitung ulang, 0 berubah. Di daftar cek ulang: 1 warga.\n" {
			t.Errorf("%q", again)
		}
	})
}
