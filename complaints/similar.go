package complaints

import (
	"context"
	"strings"

	"layak/eligibility"
	"layak/internal/auth"
)

// Mark is a keyed hash of something that two cases of one matter share.
type Mark struct {
	Kind string // nik | kk | phone | handle
	Hash string
}

// MarkKinds says what cases may have in common.
var MarkKinds = []Word{{"nik", "NIK pasien"}, {"kk", "Nomor KK"}, {"phone", "Nomor telepon pelapor"}, {"handle", "Akun pelapor"}}

// Likeness is an open case that shares something with another: which of MarkKinds.
type Likeness struct {
	Line
	Shares []string `json:"shares"`
}

// Elsewhere counts open cases that share something and lie outside the caller's scope.
type Elsewhere struct {
	Unit  string `json:"unit"` // name of the unit that has them; "" when none has
	Count int    `json:"count"`
}

// Alike is what was found beside a complaint that is being entered.
type Alike struct {
	Cases     []Likeness  `json:"cases"` // in the caller's scope, newest first, masked
	Elsewhere []Elsewhere `json:"elsewhere"`
}

const mostAlike = 20

// Similar finds open cases of the same NIK, KK, telephone number or handle as in a complaint that is
// being entered. What is missing or wrong in it is passed over: it is not finished yet. That something
// was found about a person is on the trail, so that nobody asks for neighbours unseen.
func (s *Service) Similar(ctx context.Context, f Filing) (Alike, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintFile)
	if err != nil {
		return Alike{}, err
	}
	probe := Complaint{Channel: f.Channel, Reporter: f.Reporter}
	probe.Reporter.Phone, _ = cleanPhone(f.Reporter.Phone)
	for _, p := range append([]FilingPatient{{NIK: f.NIK}}, f.Patients...) {
		known, err := identify(Patient{}, p.NIK, p.Subject)
		if err == nil && known.Known() {
			probe.Patients = append(probe.Patients, known)
		}
	}
	found, err := s.alike(ctx, probe, actor)
	if err != nil || len(found.Cases)+len(found.Elsewhere) == 0 {
		return found, err
	}
	return found, s.viewed(ctx, actor, "complaint.hint", "complaint", "", persons(probe.Patients))
}

// Alike finds open cases that share something with a case that is there.
func (s *Service) Alike(ctx context.Context, c Complaint) (Alike, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return Alike{}, err
	}
	return s.alike(ctx, c, actor)
}

func (s *Service) alike(ctx context.Context, c Complaint, actor auth.Actor) (Alike, error) {
	values, err := s.sharable(ctx, c)
	if err != nil || len(values) == 0 || s.Keyed == nil {
		return Alike{}, err
	}
	var all []Mark
	for _, v := range values {
		for _, hash := range s.Keyed(v.kind, v.value) {
			all = append(all, Mark{Kind: v.kind, Hash: hash})
		}
	}
	found, elsewhere, err := s.Store.AlikeComplaints(ctx, all, c.Ticket, ScopeOf(actor), mostAlike)
	if err != nil {
		return Alike{}, err
	}
	for i := range found {
		found[i].Line = masked([]Line{found[i].Line})[0]
	}
	return Alike{Cases: found, Elsewhere: elsewhere}, nil
}

// marks are the hashes under which the case is found again; nil when nothing is hashed here.
func (s *Service) marks(ctx context.Context, c Complaint) ([]Mark, error) {
	if s.Keyed == nil {
		return nil, nil
	}
	values, err := s.sharable(ctx, c)
	if err != nil {
		return nil, err
	}
	all := []Mark{}
	for _, v := range values {
		if hashes := s.Keyed(v.kind, v.value); len(hashes) > 0 {
			all = append(all, Mark{Kind: v.kind, Hash: hashes[0]})
		}
	}
	return all, nil
}

type shared struct{ kind, value string }

// sharable is what another case of the same people or the same reporter would hold as well.
func (s *Service) sharable(ctx context.Context, c Complaint) ([]shared, error) {
	var all []shared
	seen := map[shared]bool{}
	add := func(kind, value string) {
		one := shared{kind, value}
		if value != "" && !seen[one] {
			seen[one] = true
			all = append(all, one)
		}
	}
	for _, p := range c.Patients {
		nik := p.Person()
		if nik == "" {
			continue
		}
		add("nik", string(nik))
		kk, err := s.card(ctx, nik, p)
		if err != nil {
			return nil, err
		}
		add("kk", kk)
	}
	add("phone", samePhone(c.Reporter.Phone))
	if h := strings.ToLower(strings.TrimPrefix(c.Reporter.Handle, "@")); h != "" {
		add("handle", c.Channel+"/"+h)
	}
	return all, nil
}

// card is the number of the family card of a patient, as far as the registry knows it.
func (s *Service) card(ctx context.Context, nik eligibility.NIK, p Patient) (string, error) {
	if p.card != "" {
		return p.card, nil
	}
	known, err := s.Store.Resident(ctx, nik)
	if err != nil || known == nil {
		return "", err
	}
	return string(known.KK), nil
}

// samePhone writes a telephone number in one way, so that +62812…, 62812… and 0812… are the same.
func samePhone(phone string) string {
	digits := strings.TrimPrefix(phone, "+")
	if rest, ok := strings.CutPrefix(digits, "62"); ok {
		digits = "0" + rest
	}
	return digits
}
