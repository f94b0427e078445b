package workbench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Hindrance is one thing that keeps a draft from being proposed.
type Hindrance struct {
	Code    string `json:"code"`
	Message string `json:"message"` // Indonesian sentence: what, and what to do
}

// Standing is how a draft stands now: what was found about its bytes, and what still hinders.
type Standing struct {
	Hash       string      `json:"revision"`
	Report     Report      `json:"report"`
	Hindrances []Hindrance `json:"hindrances"`
	// Confirm is the number of people that the proposer has to type; 0 when the change is small.
	Confirm int64 `json:"confirm"`
	// Warning says why Confirm is asked for; "" when it is not.
	Warning string `json:"warning,omitempty"`
}

// Standing checks a set of rules as it would be checked when it is proposed. The same bytes give the
// same answer until a preview is run or other rules come into force.
func (s *Service) Standing(ctx context.Context, b policy.Bundle) (Standing, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return Standing{}, err
	}
	active, err := s.Store.ActiveRevision(ctx)
	if err != nil {
		return Standing{}, err
	}
	st := Standing{Hash: b.Hash()}
	if st.Hash == active.Hash {
		st.hinder("no_change", "Konsep ini sama dengan aturan yang berlaku. Ubah dulu sesuatu.")
	}
	l, err := s.look(ctx, st.Hash, b)
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid {
		st.hinder("cut_off", f.Message) // by the sandbox: too slow, too large
		return st, nil
	}
	if err != nil {
		return Standing{}, err
	}
	st.Report.Problems, st.Report.Tests = l.problems, l.tests
	if n := blocking(l.problems); n > 0 {
		st.hinder("lint", fmt.Sprintf("Ada %d hal pada tulisan aturan yang perlu dibenahi.", n))
		return st, nil // rules that do not load cannot be tried
	}
	st.judgeTests()
	err = s.judgeImpact(ctx, &st, active.Hash)
	if err != nil {
		return st, err
	}
	return st, s.judgeBeside(ctx, &st, active, b)
}

// blocking counts the problems that keep rules from being used.
func blocking(all []policy.Problem) (n int) {
	for _, p := range all {
		if p.Blocks() {
			n++
		}
	}
	return n
}

func (st *Standing) hinder(code, message string) {
	st.Hindrances = append(st.Hindrances, Hindrance{code, message})
}

func (st *Standing) judgeTests() {
	t := st.Report.Tests
	switch {
	case t.Passed+t.Failed == 0:
		st.hinder("tests_none", "Belum ada uji. Tulis paling sedikit satu berkas *_test.rego.")
	case t.Failed > 0:
		st.hinder("tests_failed", fmt.Sprintf("%d dari %d uji tidak lulus.", t.Failed, t.Passed+t.Failed))
	}
	for _, c := range t.Causes {
		if c.Missing != "" {
			st.hinder("cause_without_case", c.Missing)
		}
	}
}

// judgeImpact asks for a sound preview against the rules in force, and for a typed number when many
// people get another answer.
func (s *Service) judgeImpact(ctx context.Context, st *Standing, active string) error {
	i, err := s.impact(ctx, st.Hash, active)
	if f := fault.As(err); f != nil && f.Kind == fault.NotFound {
		if f.Code == "impact_not_found" {
			f = fault.New(fault.NotFound, "impact_missing", "Dampaknya belum dihitung terhadap aturan yang berlaku sekarang. Jalankan hitungan dampak dulu.")
		}
		st.hinder(f.Code, f.Message) // of another day, or of data that went on
		return nil
	}
	if err != nil {
		return err
	}
	st.Report.Impact = &i
	switch {
	case i.Differences > 0:
		st.hinder("impact_void", fmt.Sprintf("Hitungan dampak batal: %d dari %d orang yang diperiksa ulang satu per satu hasilnya berbeda. Laporkan kepada pengelola program.",
			i.Differences, i.Compared))
	case !i.Sound():
		st.hinder("impact_unchecked", fmt.Sprintf("Hitungan dampak baru diperiksa ulang pada %s orang; untuk usulan perlu 1 %% dari semua. Jalankan dengan pemeriksaan penuh.",
			thousands(i.Compared)))
	}
	r, err := s.Impacts.Replay(ctx, st.Hash, active)
	if err == nil {
		st.Report.Replay = &r
	} else if !fault.Is(err, fault.NotFound) {
		return err
	}
	st.Confirm, st.Warning = s.confirmation(i)
	return nil
}

// impact finds the newest preview; NotFound when there is none.
func (s *Service) impact(ctx context.Context, hash, base string) (Impact, error) {
	if s.Impacts == nil {
		return Impact{}, fault.New(fault.NotFound, "impact_not_found", "Dampaknya belum dihitung.")
	}
	return s.Impacts.Impact(ctx, hash, base)
}

// Ask is what a proposer adds to a draft.
type Ask struct {
	Note    string // why, for the one who approves
	Confirm string // the number of people, typed, when Standing asks for it
}

// Propose freezes a draft at the version that the proposer has seen and hands it to those who may
// approve. Invalid (not_ready) names everything that still hinders.
func (s *Service) Propose(ctx context.Context, id string, version int, ask Ask) (Proposal, error) {
	_, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return Proposal{}, err
	}
	ask.Note, err = noteOf(ask.Note)
	if err != nil {
		return Proposal{}, err
	}
	d, err := s.Store.Draft(ctx, id)
	if err != nil {
		return Proposal{}, err
	}
	if d.State != Open || d.Version != version {
		return Proposal{}, ErrDraftMoved(d)
	}
	p, err := s.prepare(ctx, d, ask)
	if err != nil {
		return Proposal{}, err
	}
	return s.submit(ctx, p, version)
}

// prepare makes the proposal of a draft; nothing is stored yet.
func (s *Service) prepare(ctx context.Context, d Draft, ask Ask) (Proposal, error) {
	p, err := s.freeze(ctx, d, ask)
	if err != nil {
		return Proposal{}, err
	}
	p.ProposedBy = auth.From(ctx).Name
	p.CreatedBy = p.ProposedBy
	return p, s.authors(ctx, &p)
}

func (s *Service) submit(ctx context.Context, p Proposal, version int) (Proposal, error) {
	return s.Store.Propose(ctx, p, version, entry(auth.From(ctx), "revision.propose", "revision", p.Hash, p.Bundle))
}

// authors counts among the editors who proposes, and whoever wrote the same bytes before: text that was
// rejected and comes back by a colleague, an archive or a checkout stays the text of its author.
func (s *Service) authors(ctx context.Context, p *Proposal) error {
	before, err := s.Store.Proposal(ctx, p.Hash)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	p.Editors = slices.Clone(p.Editors)
	for _, name := range append(before.Editors, p.ProposedBy) {
		if !slices.Contains(p.Editors, name) {
			p.Editors = append(p.Editors, name)
		}
	}
	return nil
}

// freeze turns a draft into a proposal when nothing hinders.
func (s *Service) freeze(ctx context.Context, d Draft, ask Ask) (Proposal, error) {
	b, err := settle(d.Bundle())
	if err != nil {
		return Proposal{}, err
	}
	st, err := s.Standing(ctx, b)
	if err != nil {
		return Proposal{}, err
	}
	moved, _, err := s.Moved(ctx, d)
	if err != nil {
		return Proposal{}, err
	}
	st = st.Hinder(moved)
	if len(st.Hindrances) > 0 {
		return Proposal{}, notReady(st.Hindrances)
	}
	err = confirmed(st, ask.Confirm)
	if err != nil {
		return Proposal{}, err
	}
	st.Report.Confirmed = st.Confirm
	active, err := s.Store.ActiveRevision(ctx)
	if err != nil {
		return Proposal{}, err
	}
	if i := st.Report.Impact; i != nil && i.Base != active.Hash {
		return Proposal{}, notReady([]Hindrance{{"impact_missing", "Aturan yang berlaku baru saja berganti. Hitung dampaknya lagi."}})
	}
	var packed bytes.Buffer
	err = b.WriteTarGz(&packed)
	if err != nil {
		return Proposal{}, err
	}
	now := s.now()
	return Proposal{Revision: policy.Revision{Hash: st.Hash, Stage: policy.Proposed, Bundle: packed.Bytes(), Note: ask.Note, CreatedAt: now},
		Draft: d.ID, Base: active.Hash, Editors: d.Editors, Report: st.Report, ProposedAt: now}, nil
}

func notReady(list []Hindrance) error {
	var all []string
	for _, h := range list {
		all = append(all, h.Message)
	}
	return fault.New(fault.Invalid, "not_ready", "Konsep ini belum dapat diusulkan. "+strings.Join(all, " "))
}

// confirmed compares the typed number with the one that was asked for; dots between thousands and
// spaces do not matter.
func confirmed(st Standing, typed string) error {
	if st.Confirm == 0 {
		return nil
	}
	n, err := strconv.ParseInt(strings.NewReplacer(".", "", " ", "").Replace(typed), 10, 64)
	if err == nil && n == st.Confirm {
		return nil
	}
	message := st.Warning + " Bila memang itu yang dimaksud, ketik jumlahnya: " + thousands(st.Confirm) + "."
	return fault.New(fault.Invalid, "confirm_number", message).At("confirm", message)
}

// thousands writes a number as people here do: 1.234.567.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "." + text[i:]
	}
	return text
}

// ErrDraftMoved says who was faster at a draft, or that it is closed.
func ErrDraftMoved(d Draft) error {
	switch d.State {
	case Proposed:
		return fault.New(fault.Conflict, "draft_closed", "Konsep ini sudah diusulkan oleh "+d.UpdatedBy+", jadi tidak dapat diubah lagi. Buat konsep baru dari usulan itu.")
	case Withdrawn:
		return fault.New(fault.Conflict, "draft_closed", "Konsep ini sudah ditarik oleh "+d.UpdatedBy+", jadi tidak dapat diubah lagi. Buat konsep baru dari konsep itu.")
	}
	return fault.New(fault.Conflict, "draft_moved", "Konsep ini baru saja disimpan oleh "+d.UpdatedBy+" (simpanan ke-"+strconv.Itoa(d.Version)+
		"). Tulisan Anda belum disimpan. Muat ulang halaman untuk melihat yang baru, lalu ulangi perubahan Anda.")
}

func noteOf(note string) (string, error) {
	return reasonOf(note, "note", "Tulis apa yang diubah dan mengapa, agar penyetuju mengerti.")
}

// ProposeBundle takes rules that were written elsewhere, such as a checkout, straight to a proposal. What hinders is
// found before anything is stored, so that a checkout that is refused a hundred times leaves no drafts behind.
func (s *Service) ProposeBundle(ctx context.Context, name string, b policy.Bundle, ask Ask) (Proposal, error) {
	d, err := s.newDraft(ctx, name, Source{Bundle: &b})
	if err != nil {
		return Proposal{}, err
	}
	ask.Note, err = noteOf(ask.Note)
	if err != nil {
		return Proposal{}, err
	}
	p, err := s.prepare(ctx, d, ask)
	if err != nil {
		return Proposal{}, err
	}
	stored, err := s.Store.Revision(ctx, p.Hash)
	if err == nil && stored.Stage != policy.Rejected {
		return Proposal{}, ErrRevisionExists(stored.Number)
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Proposal{}, err
	}
	err = s.keepDraft(ctx, d)
	if err != nil {
		return Proposal{}, err
	}
	p, err = s.submit(ctx, p, d.Version)
	if err != nil { // somebody stored the same bytes since
		return Proposal{}, errors.Join(err, s.WithdrawDraft(ctx, d.ID, d.Version))
	}
	return p, nil
}

// ErrRevisionExists says that rules with the same bytes are stored.
func ErrRevisionExists(number int) error {
	return fault.New(fault.Conflict, "revision_exists", fmt.Sprintf("Aturan dengan isi yang sama sudah ada: versi %d. "+
		"Bila versi itu dulu pernah berlaku, pakai Kembalikan ke versi lama.", number))
}
