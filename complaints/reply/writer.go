package reply

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
	"layak/policy"
)

// Cases finds a case and a unit; the store of the complaints is one. A case outside the scope is
// fault.NotFound.
type Cases interface {
	Complaint(ctx context.Context, t complaints.Ticket, s complaints.Scope) (complaints.Complaint, error)
	Unit(ctx context.Context, code string) (auth.Unit, error)
}

// Checks finds the determinations that were made in a case.
type Checks interface {
	Determination(ctx context.Context, id string) (eligibility.Determination, error)
}

// Offices gives address, telephone and hours of a unit; "" is the office that owns the records.
type Offices interface {
	UnitSettings(ctx context.Context, unit string) (complaints.UnitSettings, error)
}

// Writer proposes what to write to a reporter. An officer reads and changes it before it is sent.
type Writer struct {
	Store   WordingStore
	Cases   Cases
	Checks  Checks
	Offices Offices // nil knows no addresses
	// Messages finds what was sent, for letters; nil takes the words of the event.
	Messages interface {
		Messages(ctx context.Context, f Filter, s complaints.Scope) ([]Item, error)
	}
	Clock eligibility.Clock
	Words *i18n.Printer // Indonesian names of papers; nil leaves papers out
	Over  string        // body above the units: "Pemerintah Kabupaten Jember"
	Place string        // where letters are dated: "Jember"
	Mail  bool          // e-mail can be sent
}

// Draft is a proposed reply.
type Draft struct {
	Kind     string            `json:"kind"` // code of Kinds
	Code     string            `json:"code"` // wording that was used
	Subject  string            `json:"subject"`
	Body     string            `json:"body"`
	Ways     []complaints.Word `json:"ways"`     // how it can reach the reporter
	Warnings []string          `json:"warnings"` // what the officer should look at before sending
}

// oldCheck is the age from which a check should be made again before it is told.
const oldCheck = 30 * 24 * time.Hour

// Compose proposes a reply of the kind, "" for the one that fits the case as it stands. It records
// nothing: the case was opened before.
func (w *Writer) Compose(ctx context.Context, t complaints.Ticket, kind string) (Draft, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintDecide)
	if err != nil {
		return Draft{}, err
	}
	c, err := w.Cases.Complaint(ctx, t, complaints.ScopeOf(actor))
	if err != nil {
		return Draft{}, err
	}
	if kind == "" {
		kind = Suggest(c)
	}
	if !known(kind) || strings.Contains(kind, ".") {
		return Draft{}, fault.New(fault.Invalid, "reply_unknown", "Pilih jenis balasan dari daftar.").At("kind", "Pilih jenis balasan dari daftar.")
	}
	all, err := w.wordings(ctx)
	if err != nil {
		return Draft{}, err
	}
	s := &sheet{w: w, c: c, kind: kind, actor: actor, now: w.now()}
	err = s.fill(ctx)
	if err != nil {
		return Draft{}, err
	}
	text := choose(all, c, kind)
	d := Draft{Kind: kind, Code: text.Code, Ways: w.ways(c), Warnings: s.warnings}
	d.Subject, d.Body, err = text.fill(s.v)
	d.Subject, d.Body = withoutNumbers(d.Subject), withoutNumbers(d.Body)
	return d, err
}

// Suggest names the kind of reply that fits the case as it stands.
func Suggest(c complaints.Complaint) string {
	r, decided := c.Resolution()
	switch {
	case c.Deceased:
		return "deceased"
	case c.Attention:
		return "attention"
	case c.State == complaints.Rejected, c.State == complaints.Forwarded, c.State == complaints.Closed:
		return string(c.State)
	case c.State == complaints.WaitingReporter:
		return "waiting"
	case decided:
		return afterDecision(c, r)
	}
	outcome := outcomes(c)
	if len(outcome) > 0 {
		return string(outcome[0])
	}
	if c.Priority == "emergency" || c.Need == "emergency" {
		if c.State != complaints.Received {
			return "emergency"
		}
	}
	return "receipt"
}

func afterDecision(c complaints.Complaint, r complaints.Resolution) string {
	switch r.Decision {
	case complaints.Refunded:
		return "refunded"
	case complaints.Apologised:
		return "apology"
	case complaints.Corrected:
		return "corrected"
	case complaints.Refused, complaints.NotProven:
		return "refused"
	case complaints.Granted:
		return "eligible"
	case complaints.InformationGiven, complaints.Referred:
	}
	return "information"
}

// outcomes are those of the newest checks, each once, the first patient's first.
func outcomes(c complaints.Complaint) []policy.Outcome {
	var all []policy.Outcome
	for _, k := range newest(c) {
		if !slices.Contains(all, k.Outcome) {
			all = append(all, k.Outcome)
		}
	}
	return all
}

func newest(c complaints.Complaint) []complaints.Check {
	var all []complaints.Check
	for _, k := range c.Newest() {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b complaints.Check) int { return cmp.Compare(a.Patient, b.Patient) })
	return all
}

// choose finds the most special wording of the kind for the case.
func choose(all map[string]Wording, c complaints.Complaint, kind string) Wording {
	value := map[string]string{"need": c.Need, "matter": c.Matter, "class": c.Class}
	for _, by := range sorting {
		text, ok := all[kind+"."+by+"-"+value[by]]
		if ok {
			return text
		}
	}
	return all[kind]
}

// ways are those that lead to the reporter.
func (w *Writer) ways(c complaints.Complaint) []complaints.Word {
	return slices.DeleteFunc(slices.Clone(complaints.Ways), func(way complaints.Word) bool {
		switch way.Code {
		case "email":
			return c.Reporter.Email == "" || !w.Mail
		case "whatsapp":
			return c.Reporter.Phone == ""
		}
		return false
	})
}

func (w *Writer) now() time.Time { return w.Clock().UTC().Truncate(time.Microsecond) }

// sheet is a set of blanks being filled in.
type sheet struct {
	w        *Writer
	c        complaints.Complaint
	kind     string
	actor    auth.Actor
	now      time.Time
	zone     *time.Location
	full     bool // the reader is the patient
	v        Values
	warnings []string
}

func (s *sheet) warn(text string) { s.warnings = append(s.warnings, text) }

func (s *sheet) fill(ctx context.Context) error {
	c := s.c
	s.full = c.Reporter.Relation == "self" && len(c.Joined) == 0 && s.kind != "attention"
	err := s.office(ctx)
	if err != nil {
		return err
	}
	s.people()
	s.v.Tiket, s.v.Perihal, s.v.Petugas = string(c.Ticket), complaints.Label(complaints.Matters, c.Matter), s.actor.Title
	s.v.Tanggal = dayText(s.now.In(s.zone))
	s.deadline()
	err = s.checks(ctx)
	if err != nil {
		return err
	}
	s.decision()
	s.elsewhere()
	if c.Reporter.Email != "" && !s.w.Mail {
		s.warn("Surel belum diatur pada program ini. Pakai cara lain untuk menyampaikan jawaban.")
	}
	return nil
}

// office fills in who answers.
func (s *sheet) office(ctx context.Context) error {
	unit := s.c.Unit
	if unit == "" {
		unit = s.actor.Unit
	}
	s.zone, s.v.Kantor = eligibility.WIB, s.w.Over
	if unit != "" {
		u, err := s.w.Cases.Unit(ctx, unit)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil {
			s.v.Kantor = u.Name
		}
	}
	if s.w.Offices == nil {
		return nil
	}
	o, err := s.w.Offices.UnitSettings(ctx, unit)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	s.v.AlamatKantor, s.v.TeleponKantor, s.v.JamLayanan = o.Address, o.Phone, o.Open
	if zone, ok := calendar.ZoneOf(o.Zone); ok {
		s.zone = zone
	}
	return nil
}

// people fills in names: first names only, of the patient only for himself and his family.
func (s *sheet) people() {
	c := s.c
	s.v.Sapaan = "Bapak/Ibu"
	if len(c.Joined) > 0 {
		s.warn("Jawaban ini juga dikirim ke pelapor dari aduan yang digabung, jadi tidak menyebut nama dan hal pribadi.")
		return
	}
	if name := firstName(c.Reporter.Name); name != "" && s.kind != "attention" {
		s.v.Sapaan += " " + name
	}
	family := c.Reporter.Relation == "self" || c.Reporter.Relation == "family"
	switch {
	case len(c.Patients) == 1 && family && s.kind != "attention":
		s.v.Pasien = firstName(c.Patients[0].Name)
	case len(c.Patients) > 1:
		s.warn("Aduan ini memuat beberapa pasien. Pastikan teks ini benar untuk semuanya.")
	}
}

// deadline fills in until when the reporter hears from us.
func (s *sheet) deadline() {
	var found *complaints.Clock
	for i, k := range s.c.Clocks {
		if k.StoppedAt != nil || k.Paused || !k.DueAt.After(s.now) {
			continue
		}
		if k.Kind == complaints.EmergencyClock || k.Kind == complaints.ResolveClock && (found == nil || found.Kind != complaints.EmergencyClock) {
			found = &s.c.Clocks[i]
		}
		if k.Kind == complaints.RefundClock {
			s.v.TenggatUang = latest(k.DueAt, s.zone)
		}
	}
	if found != nil {
		s.v.Tenggat = latest(found.DueAt, s.zone)
	}
	if r := s.c.Refund; r != nil {
		s.v.Jumlah = rupiah(r.Amount)
		if r.DueAt != nil && r.DueAt.After(s.now) {
			s.v.TenggatUang = latest(*r.DueAt, s.zone)
		}
	}
}

// checks fills in what the newest checks say, as far as the reader may know it.
func (s *sheet) checks(ctx context.Context) error {
	var why, do, papers []string
	add := func(list *[]string, text string) {
		if text != "" && !slices.Contains(*list, text) {
			*list = append(*list, text)
		}
	}
	all := outcomes(s.c)
	for _, k := range newest(s.c) {
		if slices.Contains(all, policy.Outcome(s.kind)) && k.Outcome != policy.Outcome(s.kind) {
			continue
		}
		d, err := s.w.Checks.Determination(ctx, k.Determination)
		if err != nil {
			return err
		}
		for _, f := range d.Findings {
			if f.Verdict != policy.NotMet && f.Verdict != policy.Unknown {
				continue
			}
			reason, step := told(f, s.full)
			add(&why, reason)
			add(&do, step)
			if f.Verdict == policy.Unknown {
				add(&papers, s.paper(f.Document))
			}
		}
		if s.now.Sub(k.DecidedAt) > oldCheck {
			s.warn("Hasil cek sudah lebih dari 30 hari. Cek lagi sebelum menjawab.")
		}
	}
	if s.kind == "attention" {
		return nil
	}
	if slices.Contains(why, elsewhere) {
		s.warn("Pelapor bukan pasien, jadi keadaan ekonomi, segmen JKN, dan tunggakan tidak disebut.")
	}
	if len(all) > 1 {
		s.warn("Hasil cek para pasien berbeda. Tulis hasil untuk masing-masing.")
	}
	if _, decided := s.c.Resolution(); !decided && len(all) > 0 {
		s.warn("Belum ada keputusan petugas berwenang. Teks ini menyampaikan hasil menurut data, bukan keputusan.")
	}
	s.v.Alasan, s.v.Langkah, s.v.Berkas = bullets(why), bullets(do), bullets(papers)
	return nil
}

func (s *sheet) paper(kind string) string {
	if kind == "" || s.w.Words == nil || !s.w.Words.Has("paper."+kind) {
		return ""
	}
	return s.w.Words.T("paper." + kind)
}

// decision fills in what an official decided and what was done.
func (s *sheet) decision() {
	for _, r := range s.c.Registrations {
		if r.Result == complaints.RegistrationActive && r.ActiveOn != "" {
			day, err := time.Parse(time.DateOnly, string(r.ActiveOn))
			if err == nil {
				s.v.AktifMulai = dateText(day)
			}
		}
	}
	r, ok := s.c.Resolution()
	if ok {
		s.v.Keputusan, s.v.AlasanPutusan = complaints.Label(complaints.Decisions, string(r.Decision)), r.Reason
	}
	for _, e := range s.c.Events {
		switch e.Type {
		case complaints.RejectEvent:
			s.v.AlasanPutusan = e.Note
		case complaints.WaitEvent:
			var d complaints.WaitData
			if s.c.State == complaints.WaitingReporter && json.Unmarshal(e.Data, &d) == nil {
				s.v.Berkas = bullets(d.Missing)
			}
		}
	}
	if s.v.AlasanPutusan != "" && !s.full && delicate.MatchString(s.v.AlasanPutusan) {
		s.v.AlasanPutusan = ""
		s.warn("Alasan keputusan menyebut keadaan ekonomi atau kepesertaan, jadi tidak disalin: pelapor bukan pasien.")
	}
	if s.kind == "attention" {
		s.v.AlasanPutusan, s.v.AktifMulai, s.v.Jumlah = "", "", ""
	}
}

// elsewhere fills in the office outside that has the matter.
func (s *sheet) elsewhere() {
	if r, ok := s.c.Route(); ok && r.Outside != nil {
		s.v.Instansi = r.Outside.Office
	}
	for _, e := range s.c.Events {
		var d complaints.ForwardData
		if e.Type == complaints.ForwardEvent && json.Unmarshal(e.Data, &d) == nil {
			s.v.Instansi, s.v.NomorInstansi = d.Office, d.Number
		}
	}
	if s.kind == "forwarded" && s.v.Instansi == "" {
		s.v.Instansi = "instansi yang berwenang"
	}
}
