package worklist

import (
	"context"
	"fmt"
	"strings"
	"time"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Reply is one row of the file by which the other office says what became of a sheet.
type Reply struct {
	File, Sheet string
	N           int
	NIK, JKN    string
	Result      string // their word
	Reason      string
	Reference   string
	ActiveOn    eligibility.Date // "" when the row has none
	Lost        bool             // the number stands in a number cell, which has lost its last digit
	Value       string           // what stood there, cut
}

// Replies streams them.
type Replies func(ctx context.Context, yield func(Reply) error) error

// Registered is a registration as it is stored, with whose it is.
type Registered struct {
	NIK       string
	Ticket    complaints.Ticket
	Patient   int
	Through   string
	Reference string
	Result    string
	ActiveOn  eligibility.Date
	SentAt    time.Time
}

// ReadOptions say how a read-back is taken.
type ReadOptions struct {
	Through  string           // "" is any
	ActiveOn eligibility.Date // for rows that were accepted and name no day
	DryRun   bool
}

// Reading is what a read-back did. Read = Active + Refused + Same + Unmatched + Rejected.
type Reading struct {
	Read      int       `json:"rows_read"`
	Active    int       `json:"active"`
	Refused   int       `json:"refused"`
	Same      int       `json:"unchanged"` // answered before
	Unmatched int       `json:"unmatched"` // nobody of ours waits for an answer about this person
	Rejected  int       `json:"rejected"`
	Rejects   []Refusal `json:"rejects"`
}

// Refusal is a row that changed nothing, with the reason.
type Refusal struct {
	File   string `json:"file"`
	Sheet  string `json:"sheet"`
	Row    int    `json:"row"`
	Column string `json:"column"`
	Value  string `json:"value"`
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// replyWords are how offices write what became of a registration, folded.
var replyWords = func() map[string]string {
	m := map[string]string{}
	for result, words := range map[string]string{
		complaints.RegistrationActive:  "aktif berhasil sukses diterima terdaftar success ok valid disetujui sudahaktif pesertaaktif berhasildidaftarkan",
		complaints.RegistrationRefused: "gagal ditolak tolak tidakvalid invalid reject rejected failed nonaktif tidakaktif tidakditerima tidakberhasil datatidakvalid",
		complaints.RegistrationPending: "proses diproses menunggu pending dalamproses antri",
	} {
		for w := range strings.FieldsSeq(words) {
			m[w] = result
		}
	}
	return m
}()

// ResultOf is what a word of another office means; false for one that nobody knows.
func ResultOf(word string) (string, bool) {
	folded := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, word)
	result, ok := replyWords[folded]
	return result, ok
}

// ReadBack writes what another office answered into the registrations of the actor's scope. A row
// about somebody whom nobody registered is told of and changes nothing; a file that is read twice
// changes nothing the second time.
func (d *Desk) ReadBack(ctx context.Context, replies Replies, o ReadOptions) (Reading, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.RegistrationWrite)
	if err != nil {
		return Reading{}, err
	}
	if o.ActiveOn != "" {
		_, err = eligibility.ParseDate(string(o.ActiveOn))
		if err != nil {
			return Reading{}, err
		}
	}
	b := &readBack{desk: d, o: o, scope: complaints.ScopeOf(actor), out: Reading{Rejects: []Refusal{}}}
	err = replies(ctx, func(r Reply) error {
		b.out.Read++
		return b.take(ctx, r)
	})
	if err != nil {
		return b.out, err
	}
	return b.out, d.looked(ctx, "registration.read_back", fmt.Sprintf("%d baris", b.out.Read), nil)
}

type readBack struct {
	desk  *Desk
	o     ReadOptions
	scope complaints.Scope
	out   Reading
	cards map[string]string // NIK by card number of those who wait, made when a row has no NIK
}

func (b *readBack) take(ctx context.Context, r Reply) error {
	if r.Lost {
		b.reject(r, "nik_number_cell", "NIK tersimpan sebagai angka, jadi angka ke-16 sudah hilang. Jadikan kolomnya Teks, lalu isi ulang dari sumber aslinya.")
		return nil
	}
	result, known := ResultOf(r.Result)
	if !known {
		b.reject(r, "result_unknown", "Hasil “"+cut(r.Result)+"” tidak dikenal. Tulis AKTIF atau DITOLAK.")
		return nil
	}
	nik, err := b.who(ctx, r)
	if err != nil {
		return err
	}
	if nik == "" {
		b.reject(r, "person_missing", "NIK kosong atau bukan 16 angka, dan nomor kartunya tidak cocok dengan siapa pun yang menunggu.")
		return nil
	}
	all, err := b.desk.Store.RegistrationsOf(ctx, []string{nik}, b.scope)
	if err != nil {
		return err
	}
	target, state := b.match(all, r, result)
	switch state {
	case answered:
		b.out.Same++
		return nil
	case nobody:
		b.out.Unmatched++
		b.note(r, "not_waiting", "Tidak ada pendaftaran orang ini yang menunggu jawaban. Cari orangnya lewat cek kelayakan, lalu catat pendaftarannya.")
		return nil
	case waits:
	}
	if result == complaints.RegistrationPending {
		b.out.Same++
		return nil
	}
	return b.answer(ctx, r, target, result)
}

// standing of a row against the registrations.
type matched int

const (
	nobody matched = iota
	answered
	waits
)

// match finds the registration that a row answers: the newest one that waits, of the way and the
// reference that the row names; one that has this answer already is answered.
func (b *readBack) match(all []Registered, r Reply, result string) (Registered, matched) {
	state, best := nobody, Registered{}
	for _, g := range all {
		if b.o.Through != "" && g.Through != b.o.Through || r.Reference != "" && g.Reference != "" && g.Reference != r.Reference {
			continue
		}
		switch {
		case g.Result == complaints.RegistrationPending && state != waits:
			state, best = waits, g
		case g.Result == result && state == nobody:
			state = answered
		}
	}
	return best, state
}

func (b *readBack) answer(ctx context.Context, r Reply, g Registered, result string) error {
	a := complaints.Action{Type: complaints.RegisterEvent, Patient: g.Patient, Through: g.Through, Reference: g.Reference, Result: result}
	if result == complaints.RegistrationActive {
		a.ActiveOn = r.ActiveOn
		if a.ActiveOn == "" {
			a.ActiveOn = b.o.ActiveOn
		}
		if a.ActiveOn == "" {
			b.reject(r, "active_on_missing", "Baris ini diterima, tetapi tanggal mulai aktifnya tidak ada. Isi kolom tanggal aktif, atau isi tanggalnya waktu memuat.")
			return nil
		}
	} else {
		a.RefusedWhy = r.Reason
		if a.RefusedWhy == "" {
			a.RefusedWhy = "Ditolak tanpa keterangan dari kantor tujuan."
		}
	}
	if !b.o.DryRun {
		err := b.desk.act(ctx, g.Ticket, a)
		if f := fault.As(err); f != nil && f.Kind != fault.Unavailable {
			b.reject(r, f.Code, f.Message)
			return nil
		}
		if err != nil {
			return err
		}
	}
	if result == complaints.RegistrationActive {
		b.out.Active++
	} else {
		b.out.Refused++
	}
	return nil
}

// who finds the person of a row: by the NIK, else by the card number among those who wait.
func (b *readBack) who(ctx context.Context, r Reply) (string, error) {
	nik, err := eligibility.ParseNIK(r.NIK)
	if r.NIK != "" && err == nil {
		return string(nik), nil
	}
	if r.JKN == "" {
		return "", nil
	}
	if b.cards == nil {
		b.cards = map[string]string{}
		all, err := b.desk.Store.WaitingRegistrations(ctx, b.scope, mostListed)
		if err != nil {
			return "", err
		}
		for _, w := range all {
			if !w.Sent || w.NIK == "" {
				continue
			}
			p, err := b.desk.Registry.Person(ctx, eligibility.NIK(w.NIK))
			if err != nil {
				return "", err
			}
			if p.Membership != nil && p.Membership.JKNNumber != "" {
				b.cards[p.Membership.JKNNumber] = w.NIK
			}
		}
	}
	return b.cards[r.JKN], nil
}

func (b *readBack) reject(r Reply, code, reason string) {
	b.out.Rejected++
	b.note(r, code, reason)
}

func (b *readBack) note(r Reply, code, reason string) {
	b.out.Rejects = append(b.out.Rejects, Refusal{File: r.File, Sheet: r.Sheet, Row: r.N, Value: hidden(r), Code: code, Reason: reason})
}

// hidden is the number of a row without its middle: the row says where to look.
func hidden(r Reply) string {
	v := r.NIK
	if v == "" {
		v = r.JKN
	}
	if r := []rune(v); len(r) > 8 {
		return cut(string(r[:6]) + strings.Repeat("•", len(r)-8) + string(r[len(r)-2:]))
	}
	return v
}

func cut(s string) string {
	r := []rune(s)
	if len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}
