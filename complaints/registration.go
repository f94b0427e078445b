package complaints

import (
	"strings"
	"time"

	"layak/eligibility"
	"layak/internal/area"
)

// Throughs are the offices and systems outside through which a person is registered.
var Throughs = []Word{
	{"e_dabu", "e-Dabu"}, {"siks_ng", "SIKS-NG"}, {"pandawa", "PANDAWA (WhatsApp BPJS)"},
	{"bpjs_office", "Kantor BPJS Kesehatan"}, {"dukcapil", "Dukcapil"},
}

// The results of a registration. It is pending until the other office answered.
const (
	RegistrationPending = "pending"
	RegistrationActive  = "active"
	RegistrationRefused = "refused"
)

// Results is the closed list of them.
var Results = []Word{
	{RegistrationPending, "Menunggu jawaban"}, {RegistrationActive, "Aktif"}, {RegistrationRefused, "Ditolak"},
}

// Registration is what was done for a patient at an office outside, where the case really ends.
type Registration struct {
	ID         string           `json:"id"`
	Patient    int              `json:"patient"`
	Through    string           `json:"through"` // code of Throughs
	Reference  string           `json:"reference,omitempty"`
	SentAt     time.Time        `json:"sent_at"`
	SentBy     string           `json:"sent_by"`
	Result     string           `json:"result"`
	ActiveOn   eligibility.Date `json:"active_on,omitempty"`
	RefusedWhy string           `json:"refused_why,omitempty"`
	Proof      string           `json:"proof,omitempty"` // id of an attachment of the case
	UpdatedAt  time.Time        `json:"updated_at"`
}

// register makes a new registration of the case, or fills in the answer of the pending one of the
// same patient, office and reference.
func (c Complaint) register(a Action, by string, now time.Time) (Registration, error) {
	p, ok := c.patient(a.Patient)
	if !ok {
		return Registration{}, errPatient
	}
	if !Known(Throughs, a.Through) {
		return Registration{}, Invalid("through_unknown", "through", "Pilih lewat mana pendaftaran dikirim.")
	}
	r := c.pending(p.No, a)
	if r.ID == "" {
		r = Registration{Patient: p.No, Through: a.Through, SentAt: now, SentBy: by}
	}
	if a.SentAt != nil {
		r.SentAt = moment(*a.SentAt)
	}
	if r.SentAt.After(now.Add(5 * time.Minute)) {
		return r, Invalid("sent_later", "sent_at", "Waktu kirim tidak boleh di masa depan.")
	}
	r.UpdatedAt, r.Result = now, a.Result
	if a.Reference != "" {
		r.Reference = strings.TrimSpace(a.Reference)
	}
	if a.Proof != "" {
		r.Proof = a.Proof
	}
	if r.Result == "" {
		r.Result = RegistrationPending
	}
	r.ActiveOn, r.RefusedWhy = a.ActiveOn, strings.TrimSpace(a.RefusedWhy)
	return r, c.checkRegistration(r, now)
}

// lastActive is the latest day from which a cover can be active that is recorded at a moment: the
// first of the month after next. Who is registered after the monthly cut-off of BPJS Kesehatan
// counts from the first of the next month but one; anything later is a slip of the keyboard.
func lastActive(now time.Time) eligibility.Date {
	day := now.In(eligibility.WIB)
	return eligibility.DateOf(time.Date(day.Year(), day.Month()+2, 1, 0, 0, 0, 0, eligibility.WIB))
}

// pending finds the registration that the action answers.
func (c Complaint) pending(patient int, a Action) Registration {
	var found Registration
	for _, r := range c.Registrations {
		same := r.Patient == patient && r.Through == a.Through && r.Result == RegistrationPending
		if same && (a.Reference == "" || r.Reference == "" || strings.TrimSpace(a.Reference) == r.Reference) {
			found = r
		}
	}
	return found
}

func (c Complaint) checkRegistration(r Registration, now time.Time) error {
	switch {
	case !Known(Results, r.Result):
		return Invalid("result_unknown", "result", "Pilih hasil pendaftaran dari daftar.")
	case r.Result == RegistrationActive && r.ActiveOn == "":
		return Invalid("active_on_missing", "active_on", "Isi tanggal mulai aktif seperti yang tampil di layar pendaftaran.")
	case r.Result != RegistrationActive && r.ActiveOn != "":
		return Invalid("active_on_without_result", "active_on", "Tanggal aktif hanya diisi bila hasilnya aktif.")
	case r.Result == RegistrationRefused && letters(r.RefusedWhy) < shortReason:
		return Invalid("reason_missing", "refused_why", "Tulis alasan penolakan dari kantor tujuan.")
	case len(r.Reference) > 100:
		return Invalid("reference_long", "reference", "Nomor referensi paling panjang 100 huruf.")
	}
	if r.ActiveOn != "" {
		_, err := eligibility.ParseDate(string(r.ActiveOn))
		if err != nil {
			return err
		}
		if r.ActiveOn > lastActive(now) {
			return Invalid("active_on_far", "active_on", "Tanggal mulai aktif terlalu jauh ke depan. Paling lambat tanggal 1 dua bulan lagi.")
		}
	}
	if r.Proof != "" && !c.attached(r.Proof) {
		return Invalid("proof_unknown", "proof", "Bukti belum ada di berkas aduan ini. Unggah dulu berkasnya.")
	}
	return nil
}

func (c Complaint) attached(id string) bool {
	for _, a := range c.Attachments {
		if a.ID == id {
			return true
		}
	}
	return false
}

// WaitingRegistration is one line of the hand-over list of a shift: a patient who should be
// registered and is not yet active.
type WaitingRegistration struct {
	Ticket    Ticket
	Patient   int
	Name      string // as the case knows it
	NIK       string // masked by the Service
	Village   area.Code
	Need      string
	Unit      string
	Staff     string
	Sent      bool // false: found eligible and nothing sent yet
	Through   string
	Reference string
	Since     time.Time // moment of the check, or of the sending
}
