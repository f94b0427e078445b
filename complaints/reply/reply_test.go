package reply

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

var noon = time.Date(2026, 11, 21, 5, 0, 0, 0, time.UTC)

// desk is a case with everything that a writer asks for.
type desk struct {
	c       complaints.Complaint
	d       eligibility.Determination
	wording []Wording
}

func (d *desk) Complaint(context.Context, complaints.Ticket, complaints.Scope) (complaints.Complaint, error) {
	return d.c, nil
}
func (d *desk) Unit(_ context.Context, code string) (auth.Unit, error) {
	return auth.Unit{Code: code, Name: "Kelurahan Mangli"}, nil
}
func (d *desk) Determination(context.Context, string) (eligibility.Determination, error) {
	return d.d, nil
}
func (d *desk) UnitSettings(context.Context, string) (complaints.UnitSettings, error) {
	return complaints.UnitSettings{Zone: "Asia/Jakarta", Address: "Jalan Mangli 1", Phone: "(0331) 000001", Open: "Senin–Jumat 08.00–15.00"}, nil
}
func (d *desk) Wordings(context.Context) ([]Wording, error) { return d.wording, nil }
func (d *desk) SaveWording(_ context.Context, w Wording, _ audit.Entry) error {
	d.wording = append(slices.DeleteFunc(d.wording, func(o Wording) bool { return o.Code == w.Code }), w)
	return nil
}

func (d *desk) writer() *Writer {
	return &Writer{Store: d, Cases: d, Checks: d, Offices: d, Clock: func() time.Time { return noon }, Over: "Pemerintah Kabupaten Jember", Mail: true}
}

const nik = "3509194101010001"

func newDesk() *desk {
	return &desk{c: complaints.Complaint{
		Ticket: "3509-AB3D-EF6H-J", State: complaints.InProgress, Unit: "KEL-MANGLI", Matter: "eligibility",
		Reporter: complaints.Reporter{Name: "HJ. SITI AMINAH", Phone: "081200000001", Relation: "self"},
		Patients: []complaints.Patient{{No: 1, NIK: nik, Name: "SITI AMINAH"}},
		Clocks: []complaints.Clock{
			{Kind: complaints.ResolveClock, DueAt: time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC), Limit: calendar.Limit{Amount: 5}},
		},
	}}
}

// checked adds a check with the findings.
func (d *desk) checked(o policy.Outcome, findings ...policy.Finding) *desk {
	d.c.Checks = append(d.c.Checks, complaints.Check{Determination: "d", Patient: 1, Outcome: o, DecidedAt: noon})
	d.d.Findings = findings
	return d
}

func officer(role auth.Role) context.Context {
	return auth.With(context.Background(), auth.Actor{Name: "budi", User: "budi", Title: "Budi Contoh", Role: role, All: true})
}

func compose(t *testing.T, d *desk, kind string) Draft {
	t.Helper()
	draft, err := d.writer().Compose(officer(auth.Kelurahan), d.c.Ticket, kind)
	if err != nil {
		t.Fatal(err)
	}
	return draft
}

func TestReplyFollowsTheCase(t *testing.T) {
	resolved := func(decision complaints.Decision) func(*desk) {
		return func(d *desk) {
			d.c.State = complaints.Answered
			d.c.Resolutions = []complaints.Resolution{{Decision: decision, Reason: "Sudah dibicarakan."}}
		}
	}
	for _, c := range []struct {
		name string
		set  func(*desk)
		kind string
		code string
		says []string
		not  []string
	}{
		{"new", func(d *desk) { d.c.State = complaints.Received }, "receipt", "receipt",
			[]string{"Bapak/Ibu Siti", "3509-AB3D-EF6H-J", "paling lambat Senin, 23 November 2026 pukul 14.00 WIB", "Kelurahan Mangli", "Senin–Jumat 08.00–15.00", "(0331) 000001"}, []string{"AMINAH", "HJ"}},
		{"charged", func(d *desk) { d.c.Matter = "charge" }, "receipt", "receipt.matter-charge", []string{"kuitansi"}, nil},
		{"emergency at the door", func(d *desk) { d.c.State, d.c.Need, d.c.Matter = complaints.Received, "emergency", "charge" }, "receipt", "receipt.need-emergency", []string{"dilayani dulu"}, nil},
		{"emergency at work", func(d *desk) { d.c.Priority = "emergency" }, "emergency", "emergency", []string{"3 hari kerja"}, nil},
		{"waiting", func(d *desk) {
			d.c.State = complaints.WaitingReporter
			d.c.Clocks[0].Paused = true
			data, _ := json.Marshal(complaints.WaitData{Missing: []string{"Foto KTP", "Foto KK"}})
			d.c.Events = []complaints.Event{{Type: complaints.WaitEvent, Data: data}}
		}, "waiting", "waiting", []string{"- Foto KTP\n- Foto KK", "Jalan Mangli 1", "batas waktu kami ditunda"}, []string{"paling lambat"}},
		{"eligible, not decided", func(d *desk) { d.checked(policy.Eligible) }, "eligible", "eligible",
			[]string{"menurut data, syarat terpenuhi. Petugas sedang mendaftarkan Siti."}, []string{"Anda memenuhi syarat", "aktif mulai"}},
		{"eligible and active", func(d *desk) {
			d.checked(policy.Eligible)
			resolved(complaints.Granted)(d)
			d.c.Registrations = []complaints.Registration{{Result: complaints.RegistrationActive, ActiveOn: "2026-11-21"}}
		}, "eligible", "eligible", []string{"aktif mulai 21 November 2026"}, []string{"menurut data"}},
		{"refunded", func(d *desk) {
			resolved(complaints.Refunded)(d)
			due := noon.Add(72 * time.Hour)
			d.c.Refund = &complaints.Refund{Amount: 1250000, DueAt: &due}
		}, "refunded", "refunded", []string{"Rp 1.250.000", "paling lambat Selasa, 24 November 2026"}, nil},
		{"apology", resolved(complaints.Apologised), "apology", "apology", []string{"mohon maaf", "Sudah dibicarakan."}, nil},
		{"closed", func(d *desk) { resolved(complaints.Granted)(d); d.c.State = complaints.Closed }, "closed", "closed", []string{"Dikabulkan", "nilai 1 sampai 5"}, nil},
		{"forwarded", func(d *desk) {
			d.c.State = complaints.Forwarded
			data, _ := json.Marshal(complaints.ForwardData{Office: "Kantor BPJS Kesehatan", Number: "B-12"})
			d.c.Events = []complaints.Event{{Type: complaints.ForwardEvent, Data: data}}
		}, "forwarded", "forwarded", []string{"Kantor BPJS Kesehatan", "Nomor di sana: B-12."}, nil},
		{"died", func(d *desk) { d.c.Deceased = true; resolved(complaints.Granted)(d); d.c.State = complaints.Closed }, "deceased", "deceased",
			[]string{"turut berduka"}, []string{"nilai", "senang", "selamat", "!", "Terima kasih"}},
		{"press", func(d *desk) {
			d.c.Attention = true
			d.checked(policy.NotEligible, policy.Finding{Code: "need_not_met", Verdict: policy.NotMet})
		}, "attention", "attention",
			[]string{"data pribadi"}, []string{"Siti", "ekonomi"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk()
			c.set(d)
			draft := compose(t, d, "")
			if draft.Kind != c.kind || draft.Code != c.code {
				t.Errorf("%s by %s, want %s by %s", draft.Kind, draft.Code, c.kind, c.code)
			}
			text := draft.Subject + "\n" + draft.Body
			for _, s := range c.says {
				if !strings.Contains(text, s) {
					t.Errorf("%q is missing in\n%s", s, text)
				}
			}
			for _, s := range append(c.not, nik, "{{", "<no value>", "\n\n\n") {
				if strings.Contains(text, s) {
					t.Errorf("%q stands in\n%s", s, text)
				}
			}
		})
	}
}

// What is known of welfare, segment and arrears is for the patient alone.
func TestWhoMayReadWhat(t *testing.T) {
	findings := []policy.Finding{
		{Code: "need_not_met", Verdict: policy.NotMet, Title: "Tergolong tidak mampu", Seen: "desil 8", Remedy: "Minta SKTM."},
		{Code: "mandiri_inactive_move", Verdict: policy.NotMet, Title: "Pindah dari JKN mandiri", Seen: "menunggak 14 bulan"},
		{Code: "residency_outside", Verdict: policy.NotMet, Title: "Warga sini", Seen: "35.10"},
		{Code: "their_own_rule", Verdict: policy.NotMet, Title: "Desil 9 menurut perbup", Remedy: "Tanya Dinas Sosial."},
		{Code: "residency_ok", Verdict: policy.Met, Title: "KTP dan KK sini"},
	}
	for _, relation := range []string{"", "self", "family", "cadre", "ngo", "media", "council", "other"} {
		d := newDesk().checked(policy.NotEligible, findings...)
		d.c.Reporter.Relation = relation
		d.c.Resolutions = []complaints.Resolution{{Decision: complaints.Refused, Reason: "Desil 8, tergolong mampu."}}
		all := ""
		for _, k := range Kinds {
			all += compose(t, d, k.Code).Body
		}
		private := regexp.MustCompile(`(?i)desil|tunggakan|ekonomi|mandiri`).FindString(all)
		if (private != "") != (relation == "self") {
			t.Errorf("relation %q reads %q", relation, private)
		}
		if !strings.Contains(all, "kabupaten/kota lain") {
			t.Errorf("relation %q is not told what everybody may know", relation)
		}
		warned := strings.Join(compose(t, d, "not_eligible").Warnings, " ")
		if strings.Contains(warned, "Pelapor bukan pasien") == (relation == "self") {
			t.Errorf("relation %q: the officer reads %q", relation, warned)
		}
		if strings.Contains(all, "8, tergolong") && relation != "self" {
			t.Errorf("relation %q reads the official's reason", relation)
		}
		if named := strings.Contains(all, "Siti sudah terjamin"); named != (relation == "self" || relation == "family") {
			t.Errorf("relation %q: patient named %v", relation, named)
		}
	}
	// Several reporters read the same text.
	d := newDesk().checked(policy.NotEligible, findings...)
	d.c.Joined = []complaints.Joined{{Ticket: "x"}}
	draft := compose(t, d, "not_eligible")
	if strings.Contains(draft.Body, "Siti") || strings.Contains(draft.Body, "ekonomi") {
		t.Errorf("%s", draft.Body)
	}
}

// However a NIK or KK gets into a case, no reply holds it.
func TestNoReplyHoldsANIK(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`3509[0-9]{12}`).Draw(t, "nik")
		written := number
		if sep := rapid.SampledFrom([]string{"", " ", ".", "-"}).Draw(t, "separator"); sep != "" {
			written = number[:6] + sep + number[6:12] + sep + number[12:]
		}
		d := newDesk()
		text := rapid.String().Draw(t, "before") + " " + written + " " + rapid.String().Draw(t, "after")
		d.c.Reporter.Name, d.c.Patients[0].Name = text, text
		d.c.Reporter.Relation = rapid.SampledFrom([]string{"self", "family", "other"}).Draw(t, "relation")
		d.c.Resolutions = []complaints.Resolution{{Decision: complaints.Apologised, Reason: text}}
		data, err := json.Marshal(complaints.WaitData{Missing: []string{text}})
		if err != nil {
			t.Fatal(err)
		}
		d.c.State, d.c.Events = complaints.WaitingReporter, []complaints.Event{{Type: complaints.WaitEvent, Data: data}}
		kind := rapid.SampledFrom(Kinds).Draw(t, "kind").Code
		draft, err := d.writer().Compose(officer(auth.Kelurahan), d.c.Ticket, kind)
		if err != nil {
			t.Fatal(err)
		}
		plain := strings.NewReplacer(" ", "", ".", "", "-", "").Replace(draft.Subject + draft.Body)
		if strings.Contains(plain, number) {
			t.Errorf("%s", draft.Body)
		}
	})
}

func TestComposeNeedsAnOfficerAndAKind(t *testing.T) {
	d := newDesk()
	_, err := d.writer().Compose(officer(auth.Auditor), d.c.Ticket, "")
	if !fault.Is(err, fault.Forbidden) {
		t.Errorf("%v", err)
	}
	for _, kind := range []string{"unheard", "receipt.matter-charge", "../x"} {
		_, err = d.writer().Compose(officer(auth.Kelurahan), d.c.Ticket, kind)
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

func TestWaysLeadToTheReporter(t *testing.T) {
	d := newDesk()
	d.c.Reporter.Phone, d.c.Reporter.Email = "", "ani@contoh.example"
	w := d.writer()
	w.Mail = false
	draft, err := w.Compose(officer(auth.Kelurahan), d.c.Ticket, "")
	if err != nil || len(draft.Ways) != 2 || !strings.Contains(strings.Join(draft.Warnings, ""), "Surel belum diatur") {
		t.Errorf("%+v %v", draft, err)
	}
	if draft = compose(t, d, ""); len(draft.Ways) != 3 || draft.Ways[0].Code != "email" {
		t.Errorf("%+v", draft.Ways)
	}
}

func TestShippedWordingsAreWhole(t *testing.T) {
	for _, k := range Kinds {
		if shipped[k.Code].Body == "" {
			t.Errorf("%s has no text", k.Code)
		}
	}
	for code, w := range shipped {
		if !known(code) {
			t.Errorf("%s is no kind of reply", code)
		}
		err := w.check()
		if err != nil {
			t.Errorf("%s: %v", code, err)
		}
		for _, v := range []Values{Sample, {Tiket: "3509"}} {
			subject, body, err := w.fill(v)
			if err != nil || subject == "" || body == "" || strings.Contains(body, "\n\n\n") {
				t.Errorf("%s: %v\n%s", code, err, body)
			}
			if never := regexp.MustCompile(`(?i)anda memenuhi syarat|tidak layak|\bperiksa|pemeriksaan|\bNIK\b`).FindString(subject + body); never != "" {
				t.Errorf("%s says %q", code, never)
			}
		}
	}
}

// Every finding of the shipped rules that can stand in a reply has words for citizens.
func TestEveryReasonHasWords(t *testing.T) {
	engine, err := policy.NewEngine(t.Context(), policy.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	codes, failing := map[string]bool{}, 0
	for _, r := range engine.Rules() {
		codes[r.Code] = true
		if !strings.Contains(r.Source, `"verdict": "not_met"`) && !strings.Contains(r.Source, `"verdict": "unknown"`) {
			continue
		}
		failing++
		if _, ok := reasons[r.Code]; !ok {
			t.Errorf("%s (%s) has no words for citizens", r.Code, r.Title)
		}
	}
	if failing < 10 {
		t.Errorf("only %d rules can refuse; the check would mean nothing", failing)
	}
	for code := range reasons {
		if !codes[code] {
			t.Errorf("%s is a reason that no rule gives", code)
		}
	}
}

func TestAWordingIsOnlyBlanks(t *testing.T) {
	d := newDesk()
	w := d.writer()
	for text, says := range map[string]string{
		"Halo {{.Tiket}}": "",
		"{{if .Tenggat}}a{{else}}b{{.Kantor}}{{end}} {{/* catatan */}}": "",
		"a\nb {{.Nik}}":                "Baris 2: isian {{.Nik}} tidak dikenal",
		"{{Tiket}}":                    "Baris 1: isian ditulis dengan titik, yaitu {{.Tiket}}",
		"{{.Tiket":                     "Baris 1: tanda {{ }} tidak lengkap",
		"{{if .Tiket}}a":               "tidak lengkap",
		"{{printf \"%9999999d\" 1}}":   "satu isian saja",
		"{{.Tiket | len}}":             "satu isian saja",
		"{{range .Alasan}}x{{end}}":    "hanya isian seperti",
		"{{.Tiket.X}}":                 "isian ditulis dengan titik",
		"{{define \"x\"}}{{end}}":      "",
		"{{template \"x\"}}":           "hanya isian seperti",
		"{{with .Tiket}}x{{end}}":      "hanya isian seperti",
		"{{$x := .Tiket}}":             "satu isian saja",
		"{{if .Nik}}x{{end}}":          "isian {{.Nik}} tidak dikenal",
		"{{if .Tiket}}{{.Nik}}{{end}}": "isian {{.Nik}} tidak dikenal",
		"":                             "Isi teks balasan",
		strings.Repeat("x", 8001):      "8.000",
	} {
		err := w.Save(officer(auth.Supervisor), Wording{Code: "receipt", Subject: "Perihal", Body: text})
		e := fault.As(err)
		switch {
		case says == "" && err != nil && text != "{{define \"x\"}}{{end}}":
			t.Errorf("%q: %v", text, err)
		case says != "" && (e == nil || e.Kind != fault.Invalid || !strings.Contains(e.Message, says)):
			t.Errorf("%q: %v, want %q", text, err, says)
		}
	}
	if err := w.Save(officer(auth.Kelurahan), Wording{Code: "receipt", Subject: "a", Body: "b"}); !fault.Is(err, fault.Forbidden) {
		t.Errorf("a desk edits wordings: %v", err)
	}
	if err := w.Save(officer(auth.Supervisor), Wording{Code: "receipt.matter-nothing", Subject: "a", Body: "b"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v", err)
	}
}

func TestTheRegencysOwnWordsAndBack(t *testing.T) {
	d := newDesk()
	w, head := d.writer(), officer(auth.Supervisor)
	err := w.Save(head, Wording{Code: "receipt.matter-eligibility", Subject: "Aduan {{.Tiket}}", Body: "Teks kami sendiri."})
	if err != nil {
		t.Fatal(err)
	}
	if draft := compose(t, d, "receipt"); draft.Body != "Teks kami sendiri." || draft.Code != "receipt.matter-eligibility" {
		t.Errorf("%+v", draft)
	}
	one, err := w.Wording(head, "receipt.matter-eligibility")
	if err != nil || one.Version != 1 || one.Shipped || one.Label() != "Aduan diterima · Berhak atau tidak" {
		t.Errorf("%+v %v", one, err)
	}
	err = w.Restore(head, "receipt.matter-eligibility", 1)
	if err != nil {
		t.Fatal(err)
	}
	if draft := compose(t, d, "receipt"); draft.Code != "receipt" {
		t.Errorf("%+v", draft)
	}
	list, err := w.List(head)
	if err != nil || len(list) != len(shipped) || list[0].Kind() != "receipt" {
		t.Errorf("%d wordings, %v", len(list), err)
	}
}

func FuzzWording(f *testing.F) {
	for _, w := range shipped {
		f.Add(w.Body)
	}
	f.Add("{{if .Tiket}}{{else if .Kantor}}x{{end}}")
	f.Fuzz(func(t *testing.T, text string) {
		w := Wording{Code: "receipt", Subject: "Perihal", Body: text}
		if w.check() != nil {
			return
		}
		_, _, err := w.fill(Sample)
		if err != nil {
			t.Errorf("accepted and not filled in: %v", err)
		}
	})
}

func TestFirstName(t *testing.T) {
	for in, want := range map[string]string{
		"HJ. SITI AMINAH": "Siti", "M. Yusuf": "Yusuf", "dr. Budi, Sp.A": "Budi", "ani": "Ani", "": "", "-": "", "Ibu Ani": "Ani", "3509194101010001": "", "Ñandú": "Ñandú",
	} {
		if got := firstName(in); got != want {
			t.Errorf("%q is called %q, want %q", in, got, want)
		}
	}
}
