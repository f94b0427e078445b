package complaints

import (
	"slices"
	"strings"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/fault"
	"layak/policy"
)

func goodFiling() Filing {
	return Filing{
		Channel: "whatsapp", Matter: "activation", Need: "inpatient", NIK: "3509190101800001",
		Reporter: Reporter{Name: "Ani", Phone: "0812-3456 7890", Relation: "family"}, Text: "Kartu belum aktif.",
	}
}

func TestFilingSaysEverythingThatIsWrong(t *testing.T) {
	cases := []struct {
		name   string
		change func(*Filing)
		fields []string
	}{
		{"good", func(*Filing) {}, nil},
		{"patient not known yet", func(f *Filing) { f.NIK = "" }, nil},
		{"without phone, matter, need, relation", func(f *Filing) { f.Reporter = Reporter{Name: "Ani"}; f.Matter, f.Need = "", "" }, nil},
		{"all empty", func(f *Filing) { *f = Filing{} }, []string{"channel", "reporter.name", "text"}},
		{"unknown codes", func(f *Filing) { f.Channel, f.Matter, f.Need, f.Reporter.Relation = "fax", "x", "x", "x" },
			[]string{"channel", "matter", "need", "reporter.relation"}},
		{"spaces are no text", func(f *Filing) { f.Text = " \n " }, []string{"text"}},
		{"text without end", func(f *Filing) { f.Text = strings.Repeat("é", longestText+1) }, []string{"text"}},
		{"letters in a phone", func(f *Filing) { f.Reporter.Phone = "tanya Budi" }, []string{"reporter.phone"}},
		{"short phone", func(f *Filing) { f.Reporter.Phone = "0812" }, []string{"reporter.phone"}},
		{"short NIK", func(f *Filing) { f.NIK = "3509" }, []string{"nik"}},
		{"NIK twice", func(f *Filing) { f.Patients = []FilingPatient{{NIK: f.NIK}} }, []string{"nik"}},
		{"the same patient twice", func(f *Filing) {
			f.Patients, f.NIK = []FilingPatient{{NIK: "3509190101800001"}, {NIK: "3509190101800001"}}, ""
		}, []string{"patients.2"}},
		{"a name alone finds nobody", func(f *Filing) {
			f.NIK, f.Patients = "", []FilingPatient{{Subject: &eligibility.Subject{Name: "Siti"}}}
		}, []string{"patients.1"}},
		{"a village that does not exist", func(f *Filing) { f.Village = "35.09.99.9999" }, []string{"village"}},
		{"a long key", func(f *Filing) { f.IdempotencyKey = strings.Repeat("k", 300) }, []string{"idempotency_key"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := goodFiling()
			c.change(&f)
			_, patients, err := f.complete()
			var got []string
			if e := fault.As(err); e != nil {
				for _, field := range e.Fields {
					got = append(got, field.Name)
				}
			}
			if !slices.Equal(got, c.fields) {
				t.Fatalf("complains about %v, want %v (%v)", got, c.fields, err)
			}
			if err == nil && len(patients) != 1 {
				t.Errorf("%d patients", len(patients))
			}
		})
	}
}

func TestFilingIsCleaned(t *testing.T) {
	f := goodFiling()
	f.NIK, f.Reporter.Name = "3509.1901.0180.0001", "  Ani\t Sari "
	f, patients, err := f.complete()
	if err != nil {
		t.Fatal(err)
	}
	if patients[0].NIK != "3509190101800001" || f.Reporter.Name != "Ani Sari" || f.Reporter.Phone != "081234567890" {
		t.Errorf("not cleaned: %+v %+v", patients[0], f.Reporter)
	}
}

func TestFingerprintTellsFilingsApart(t *testing.T) {
	one, two := goodFiling(), goodFiling()
	one.IdempotencyKey = "a"
	a, _ := one.fingerprint()
	b, _ := two.fingerprint()
	if a != b {
		t.Error("the key is part of the fingerprint")
	}
	two.Reporter.Phone = "0812"
	if b, _ = two.fingerprint(); a == b {
		t.Error("another phone gives the same fingerprint")
	}
}

// The words of needs must be those that the rules know.
func TestNeedsAreThoseOfTheRules(t *testing.T) {
	var codes []string
	for _, w := range Needs {
		codes = append(codes, w.Code)
	}
	slices.Sort(codes)
	rules := slices.Sorted(slices.Values(policy.Codes("need")))
	if !slices.Equal(codes, rules) {
		t.Errorf("needs are %v, the rules know %v", codes, rules)
	}
}

func TestAreasOfACase(t *testing.T) {
	c := Complaint{Village: "35.09.19.1001", Patients: []Patient{{Village: "35.09.19.1002"}, {}, {Village: "35.09.19.1001"}}}
	want := []area.Code{"35", "35.09", "35.09.19", "35.09.19.1001", "35.09.19.1002"}
	if got := c.areas(); !slices.Equal(got, want) {
		t.Errorf("areas are %v, want %v", got, want)
	}
	if got := (Complaint{}).areas(); len(got) != 0 {
		t.Errorf("a case nowhere touches %v", got)
	}
}

func TestWhatCannotBeReadIsLeftOut(t *testing.T) {
	f := goodFiling()
	f.Text, f.Reporter.Name = "Kartu\x1b[2J mati.\r\nTolong \u202ebantu\u2069.", "A\u202eni\x07\r\nBcc: x@contoh.id"
	f, _, err := f.complete()
	if err != nil || f.Text != "Kartu[2J mati.\nTolong bantu." || f.Reporter.Name != "Ani Bcc: x@contoh.id" {
		t.Errorf("kept %q of %q, %v", f.Text, f.Reporter.Name, err)
	}
}

func TestWhoActsLateIsToldWhatHappened(t *testing.T) {
	at := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	c := Complaint{Events: []Event{
		{Type: VerifyEvent, At: at, Title: "Dewi"}, {Type: EscalateEvent, At: at.Add(time.Hour), Title: "Sistem"},
		{Type: SentEvent, At: at.Add(2 * time.Hour), Title: "Sistem"}, {Type: AttachEvent, At: at.Add(3 * time.Hour), Title: "Rini"},
	}}
	told := c.staleTold().Error()
	if !strings.Contains(told, "naik") || !strings.Contains(told, "Sistem") || !strings.Contains(told, "11.00") {
		t.Errorf("told %q", told)
	}
}
