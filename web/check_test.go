package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Siti and her husband are invented; the serials were never given to anybody.
const (
	sitiNIK  = eligibility.NIK("3509195708850001")
	ahmadNIK = eligibility.NIK("3509190101810002")
	familyKK = eligibility.KK("3509191203090007")
)

// memory is a registry, the stored determinations and the trail of one office.
type memory struct {
	mu      sync.Mutex
	people  map[eligibility.NIK]eligibility.Person
	kept    []eligibility.Determination
	entries []audit.Entry
	engine  *policy.Engine
}

func newMemory(t *testing.T) *memory {
	t.Helper()
	engine, err := policy.NewEngine(context.Background(), policy.Shipped())
	if err != nil {
		t.Fatal(err)
	}
	from := eligibility.Provenance{ImportID: "imp", AsOf: "2026-11-01"}
	person := func(nik eligibility.NIK, name, sex, relation string, born eligibility.Date) eligibility.Person {
		return eligibility.Person{NIK: nik,
			Resident: &eligibility.Resident{Provenance: from, NIK: nik, KK: familyKK, Name: name, Sex: sex, Relation: relation, BirthDate: born,
				Village: "35.09.19.1001", District: "35.09.19", Regency: "35.09", Province: "35", LifeStatus: "alive", Address: "Jl. Mawar 1"},
			Welfare:    &eligibility.WelfareRow{Provenance: from, Desil: 2},
			Membership: &eligibility.MembershipRow{Provenance: from, Segment: "mandiri", Status: "inactive", Reason: "premium"}}
	}
	return &memory{engine: engine, people: map[eligibility.NIK]eligibility.Person{
		sitiNIK:  person(sitiNIK, "Siti Aminah", "P", "wife", "1985-08-17"),
		ahmadNIK: person(ahmadNIK, "Ahmad Santoso", "L", "head", "1981-01-01"),
	}}
}

func (m *memory) State(context.Context) (eligibility.State, error) {
	return eligibility.State{eligibility.Residents: {ImportID: "imp", AsOf: "2026-11-01"}}, nil
}

func (m *memory) Person(_ context.Context, nik eligibility.NIK) (eligibility.Person, error) {
	if p, ok := m.people[nik]; ok {
		return p, nil
	}
	return eligibility.Person{NIK: nik}, nil
}

func (m *memory) Household(_ context.Context, kk eligibility.KK) ([]eligibility.Person, error) {
	if kk != familyKK {
		return nil, nil
	}
	return []eligibility.Person{m.people[ahmadNIK], m.people[sitiNIK]}, nil
}

func (m *memory) Covers(context.Context, eligibility.Kind, area.Code) (eligibility.Coverage, bool, error) {
	return eligibility.Coverage{}, false, nil
}

func (m *memory) Names(context.Context, area.Code) ([]eligibility.NameRow, error) {
	return []eligibility.NameRow{{NIK: sitiNIK, Name: "Siti Aminah", BirthDate: "1985-08-17", Sex: "P", Village: "35.09.19.1001", KK: familyKK}}, nil
}

func (m *memory) NamesBorn(ctx context.Context, _ eligibility.Date) ([]eligibility.NameRow, error) {
	return m.Names(ctx, "")
}

func (m *memory) SaveDetermination(_ context.Context, d eligibility.Determination, e audit.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = append(m.kept, d)
	m.entries = append(m.entries, e)
	return nil
}

func (m *memory) Determination(_ context.Context, id string) (eligibility.Determination, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range m.kept {
		if d.ID == id {
			return d, nil
		}
	}
	return eligibility.Determination{}, fault.New(fault.NotFound, "determination_not_found", "Hasil cek ini tidak ada.")
}

func (m *memory) DeterminationsOf(_ context.Context, nik eligibility.NIK, limit int) ([]eligibility.Determination, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []eligibility.Determination
	for i := len(m.kept) - 1; i >= 0 && len(out) < limit; i-- {
		if m.kept[i].NIK == nik {
			out = append(out, m.kept[i])
		}
	}
	return out, nil
}

func (m *memory) Record(_ context.Context, e audit.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries = append(m.entries, e)
	return nil
}

func (m *memory) Active() eligibility.Rules { return m.engine }
func (m *memory) Revision(context.Context, string) (eligibility.Rules, error) {
	return m.engine, nil
}

// acts lists what the trail holds, in order.
func (m *memory) acts() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for _, e := range m.entries {
		out = append(out, e.Act)
	}
	return strings.Join(out, " ")
}

// checkDesk is a puskesmas desk with the shipped rules and a small registry.
func checkDesk(t *testing.T) (*desk, *memory) {
	t.Helper()
	m := newMemory(t)
	d := newDesk(t, Services{People: m, Checks: &eligibility.Checker{Registry: m, Store: m, Trail: m, Book: m, Home: "35.09",
		Clock: func() time.Time { return galleryNow }}})
	d.signInAs(auth.Puskesmas)
	return d, m
}

// ask checks a NIK and gives the result page.
func (d *desk) ask(form url.Values) answer {
	d.Helper()
	a := d.post("/checks", "/checks", form)
	if a.StatusCode != http.StatusSeeOther {
		d.Fatalf("check: status %d\n%s", a.StatusCode, a.body)
	}
	return d.get(a.Header.Get("Location"))
}

func wants(t *testing.T, body string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
}

func TestCheckByNIK(t *testing.T) {
	d, m := checkDesk(t)
	page := d.ask(url.Values{"nik": {"35.0919.570885.0001"}})
	wants(t, page.body, `class="verdict eligible"`, `role="status"`, "Siti Aminah", "350919••••••0001", "Ahmad S•••••", "Hasil ini saran", "Dasar")
	if strings.Contains(page.body, string(sitiNIK)) || strings.Contains(page.body, "Ahmad Santoso") {
		t.Error("the page shows a NIK or another person's name")
	}
	if strings.Contains(d.log.String(), string(sitiNIK)) || strings.Contains(d.log.String(), "Siti") {
		t.Error("personal data in the log")
	}
	if got := m.acts(); got != "determination.create determination.view" {
		t.Errorf("trail: %s", got)
	}
}

func TestCheckRefusesANIKBesideItsField(t *testing.T) {
	d, m := checkDesk(t)
	a := d.post("/checks", "/checks", url.Values{"nik": {"12345"}, "need": {"inpatient"}})
	if a.StatusCode != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", a.StatusCode)
	}
	wants(t, a.body, `id="e-nik-nik"`, `href="#f-nik-nik"`, `value="12345"`, `aria-invalid="true"`)
	if len(m.kept) != 0 {
		t.Error("something was stored")
	}
}

func TestCheckWithoutANIK(t *testing.T) {
	t.Run("by name, birth date and village", func(t *testing.T) {
		d, m := checkDesk(t)
		d.ask(url.Values{"way": {"person"}, "name": {"siti aminah"}, "birth_date": {"1985-08-17"}, "village": {"35.09.19.1001"}})
		if m.kept[0].NIK != sitiNIK {
			t.Errorf("found %q", m.kept[0].NIK)
		}
	})
	t.Run("a similar name, chosen without its NIK on the page", func(t *testing.T) {
		d, m := checkDesk(t)
		a := d.post("/checks", "/checks/search", url.Values{"name": {"Sitti Aminah"}, "place": {"35.09.19"}})
		wants(t, a.body, "Siti Aminah", "350919••••••0001")
		if strings.Contains(a.body, string(sitiNIK)) {
			t.Fatal("the list carries the NIK")
		}
		ref := strings.Split(strings.Split(a.body, `name="ref" value="`)[1], `"`)[0]
		d.ask(url.Values{"ref": {ref}})
		if m.kept[0].NIK != sitiNIK {
			t.Errorf("found %q", m.kept[0].NIK)
		}
		d.signInAs(auth.Kelurahan)
		if a := d.post("/checks", "/checks", url.Values{"ref": {ref}}); a.StatusCode != http.StatusNotFound {
			t.Errorf("another session used the reference: status %d", a.StatusCode)
		}
	})
	t.Run("an emergency of an unknown person is treated first", func(t *testing.T) {
		d, _ := checkDesk(t)
		wants(t, d.ask(url.Values{"way": {"unknown"}, "need": {"emergency"}}).body, "Layani dulu, tanpa uang muka", "Warga belum dikenal")
	})
	t.Run("a newborn by the mother", func(t *testing.T) {
		d, _ := checkDesk(t)
		page := d.ask(url.Values{"way": {"newborn"}, "mother_nik": {string(sitiNIK)}, "birth_date": {"2026-11-19"}})
		wants(t, page.body, "Bayi baru lahir", "2 hari")
		if strings.Contains(page.body, string(sitiNIK)) {
			t.Error("the mother's NIK is on the page")
		}
	})
}

// With an empty registry the officer fills in what the papers say, and the same rules decide.
func TestPapersDecideWithoutARegistry(t *testing.T) {
	d, m := checkDesk(t)
	m.people = map[eligibility.NIK]eligibility.Person{}
	page := d.ask(url.Values{"nik": {string(sitiNIK)}})
	wants(t, page.body, `class="verdict needs_information"`, "Perlu dilengkapi")
	path := "/checks/" + m.kept[0].ID
	t.Run("facts of a card nobody ticked are refused beside the ticks", func(t *testing.T) {
		a := d.post(path, path+"/papers", url.Values{"birth_date": {"1985-08-17"}})
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Centang dulu KTP atau KK") || !strings.Contains(a.body, `value="1985-08-17"`) {
			t.Fatalf("status %d", a.StatusCode)
		}
	})
	a := d.post(path, path+"/papers", url.Values{"paper": {"ktp", "kk", "sktm"}, "issued-sktm": {"2026-11-02"}, "village": {"35.09.19.1001"},
		"birth_date": {"1985-08-17"}, "segment": {"mandiri"}, "member_status": {"inactive"}, "member_reason": {"premium"}})
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", a.StatusCode, a.body)
	}
	page = d.get(a.Header.Get("Location"))
	wants(t, page.body, `class="verdict eligible"`, `value="2026-11-02"`)
	got := m.kept[len(m.kept)-1]
	if got.Outcome != policy.Eligible || len(got.Facts.Evidence) != 4 {
		t.Errorf("outcome %s on %d papers", got.Outcome, len(got.Facts.Evidence))
	}
	t.Run("htmx gets the new answer alone, and its address", func(t *testing.T) {
		token := csrfField.FindStringSubmatch(page.body)[1]
		req := d.request(http.MethodPost, path+"/papers", url.Values{"paper": {"ktp"}}.Encode())
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-CSRF-Token", token)
		req.Header.Set("HX-Request", "true")
		part := d.do(req)
		if part.Header.Get("HX-Push-Url") != "/checks/"+m.kept[len(m.kept)-1].ID || strings.Contains(part.body, "<html") || !strings.HasPrefix(part.body, `<div id="answer"`) {
			t.Fatalf("status %d, push %q, body %.80s", part.StatusCode, part.Header.Get("HX-Push-Url"), part.body)
		}
	})
}

func TestRevealNeedsAReasonAndIsRecorded(t *testing.T) {
	d, m := checkDesk(t)
	d.ask(url.Values{"nik": {string(sitiNIK)}})
	path := "/checks/" + m.kept[0].ID
	if a := d.post(path, path+"/reveal", nil); a.StatusCode != http.StatusUnprocessableEntity || strings.Contains(a.body, string(sitiNIK)) {
		t.Fatalf("without a reason: status %d", a.StatusCode)
	}
	a := d.post(path, path+"/reveal", url.Values{"reason": {"Mendaftarkan di e-Dabu"}})
	if !strings.Contains(a.body, string(sitiNIK)) || !strings.Contains(m.acts(), "person.unmask") {
		t.Fatalf("status %d, trail %s", a.StatusCode, m.acts())
	}
}

func TestFamilyIsCheckedInOneAct(t *testing.T) {
	d, m := checkDesk(t)
	d.ask(url.Values{"nik": {string(sitiNIK)}})
	path := "/checks/" + m.kept[0].ID
	a := d.post(path, path+"/family", nil)
	page := d.get(a.Header.Get("Location"))
	wants(t, page.body, "Siti Aminah", "Ahmad S•••••")
	if len(m.kept) != 3 || strings.Count(page.body, `class="pill grn"`) != 2 {
		t.Errorf("%d determinations", len(m.kept))
	}
}

func TestPrintAndShareHoldNoNIK(t *testing.T) {
	d, m := checkDesk(t)
	page := d.ask(url.Values{"nik": {string(sitiNIK)}})
	path := "/checks/" + m.kept[0].ID
	paper := d.get(path + "/print")
	wants(t, paper.body, path+"/qr.png", "Siti Aminah", "350919••••••0001", "Petugas")
	share := strings.Split(strings.Split(page.body, `<textarea id="share"`)[1], "</textarea>")[0]
	for _, private := range []string{string(sitiNIK), "Siti", "350919", "Mawar", "1985"} {
		if strings.Contains(share, private) {
			t.Errorf("the text for the group says %q", private)
		}
	}
	wants(t, share, "Layak untuk UHC Prioritas", "1. ")
	qr := d.get(path + "/qr.png")
	if qr.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(qr.body, "\x89PNG") {
		t.Errorf("QR: %s", qr.Header.Get("Content-Type"))
	}
}
