package workbench

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Proposals lists every revision that came by a proposal, newest first, without bytes and reports.
func (s *Service) Proposals(ctx context.Context) ([]Proposal, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Proposals(ctx)
}

// Proposal opens one by its hash.
func (s *Service) Proposal(ctx context.Context, hash string) (Proposal, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return Proposal{}, err
	}
	return s.Store.Proposal(ctx, hash)
}

// MayApprove is nil when the actor may approve the proposal, else the sentence that says why not.
func (s *Service) MayApprove(ctx context.Context, p Proposal) error {
	actor, err := may(ctx, auth.PolicyApprove)
	if err != nil {
		return err
	}
	me := person(actor.Name)
	if slices.ContainsFunc(p.Editors, func(e string) bool { return person(e) == me }) || person(p.ProposedBy) == me {
		return fault.New(fault.Forbidden, "own_proposal",
			"Anda ikut menulis usulan ini, jadi tidak dapat menyetujuinya. Minta orang lain yang berhak menyetujui.")
	}
	return nil
}

// Approve says yes to a proposal; it does not take effect yet. The report has to be as good as it was
// when the proposal was made.
//
// Here and below, saw is the mark of the proposal on the page from which somebody acts (Proposal.Mark);
// without it he acts on what is stored now. When it stands otherwise by then the act is refused with
// Conflict (CodeMoved) and a sentence that says who did what.
func (s *Service) Approve(ctx context.Context, hash string, saw ...string) error {
	p, err := s.Proposal(ctx, hash)
	if err != nil {
		return err
	}
	err = s.MayApprove(ctx, p)
	if err != nil {
		return err
	}
	err = p.Report.sound()
	if err != nil {
		return err
	}
	actor := auth.From(ctx)
	return s.told(ctx, hash, s.Store.ApproveProposal(ctx, hash, mark(p, saw), entry(actor, "revision.approve", "revision", hash, p.Bundle)))
}

// Reject says no, with the reason that the proposer reads.
func (s *Service) Reject(ctx context.Context, hash, reason string, saw ...string) error {
	actor, err := may(ctx, auth.PolicyApprove)
	if err != nil {
		return err
	}
	reason, err = reasonOf(reason, "reason", "Tulis alasan penolakan, agar pengusul tahu apa yang perlu dibenahi.")
	if err != nil {
		return err
	}
	p, err := s.Store.Proposal(ctx, hash)
	if err != nil {
		return err
	}
	return s.told(ctx, hash, s.Store.RejectRevision(ctx, hash, mark(p, saw), reason, entry(actor, "revision.reject", "revision", hash, []byte(reason))))
}

// Schedule sets the moment at which an approved revision takes effect; the zero time takes the
// moment back. A moment that is past, or inside a freeze, is refused.
func (s *Service) Schedule(ctx context.Context, hash string, when time.Time, saw ...string) error {
	actor, err := may(ctx, auth.PolicyApprove)
	if err != nil {
		return err
	}
	p, err := s.Store.Proposal(ctx, hash)
	if err != nil {
		return err
	}
	seen := mark(p, saw)
	if when.IsZero() {
		return s.told(ctx, hash, s.Store.ScheduleRevision(ctx, hash, seen, nil, entry(actor, "revision.unschedule", "revision", hash, nil)))
	}
	if when.Before(s.now()) {
		const past = "Waktu mulai berlaku sudah lewat. Pilih waktu yang akan datang, atau berlakukan sekarang."
		return fault.New(fault.Invalid, "activation_past", past).At("when", past)
	}
	err = s.frozen(ctx, when)
	if err == nil {
		err = s.loads(ctx, hash)
	}
	if err != nil {
		return err
	}
	return s.told(ctx, hash, s.Store.ScheduleRevision(ctx, hash, seen, &when,
		entry(actor, "revision.schedule", "revision", hash, []byte(when.UTC().Format(time.RFC3339)))))
}

// Activate brings an approved revision into force now.
func (s *Service) Activate(ctx context.Context, hash string, saw ...string) error {
	_, err := may(ctx, auth.PolicyApprove)
	if err != nil {
		return err
	}
	active, err := s.Store.ActiveRevision(ctx) // first, so that nothing that comes into force meanwhile is undone
	if err != nil {
		return err
	}
	p, err := s.Store.Proposal(ctx, hash)
	if err != nil {
		return err
	}
	if len(saw) > 0 && saw[0] != p.Mark() {
		return s.told(ctx, hash, ErrMoved())
	}
	if p.Stage != policy.Approved {
		return s.told(ctx, hash, fault.New(fault.Conflict, "revision_stage", "Hanya versi aturan yang sudah disetujui yang dapat diberlakukan. "+
			"Untuk versi yang dulu pernah berlaku, pakai Kembalikan ke versi lama."))
	}
	err = s.Held(ctx, p, s.now())
	if err != nil {
		return err
	}
	return s.turn(ctx, Switch{Hash: hash, Previous: active.Hash, Seen: p.Mark(), Kind: Activation})
}

// Rollback brings a revision that was in force before back, with a reason and a sound preview of what
// that changes today. saw is the hash of the rules that were in force on the page from which somebody acts,
// here and for Stop.
func (s *Service) Rollback(ctx context.Context, hash, reason string, saw ...string) error {
	_, err := may(ctx, auth.PolicyApprove)
	if err != nil {
		return err
	}
	reason, err = reasonOf(reason, "reason", "Tulis alasan mengapa versi lama diberlakukan lagi.")
	if err != nil {
		return err
	}
	active, err := s.inForce(ctx, saw)
	if err != nil {
		return err
	}
	r, err := s.Store.Revision(ctx, hash)
	if err != nil {
		return err
	}
	if r.Stage != policy.Retired {
		return s.told(ctx, hash, fault.New(fault.Conflict, "revision_stage", "Hanya versi yang dulu pernah berlaku yang dapat dikembalikan."))
	}
	err = s.frozen(ctx, s.now())
	if err != nil {
		return err
	}
	i, err := s.impact(ctx, hash, active.Hash)
	if fault.Is(err, fault.NotFound) || err == nil && !i.Sound() {
		return fault.New(fault.Conflict, "impact_missing", "Hitung dulu dampak kembali ke versi lama itu. Bila keadaannya mendesak, pakai Hentikan darurat.")
	}
	if err != nil {
		return err
	}
	return s.turn(ctx, Switch{Hash: hash, Previous: active.Hash, Kind: Rollback, Reason: reason, Impact: i.ID})
}

// Stop is the emergency stop: the rules before those in force decide again, at the word of one
// person, without a preview and also in a freeze. Everybody on the staff sees it.
func (s *Service) Stop(ctx context.Context, reason string, saw ...string) (Switch, error) {
	_, err := may(ctx, auth.PolicyApprove)
	if err != nil {
		return Switch{}, err
	}
	reason, err = reasonOf(reason, "reason", "Tulis mengapa aturan yang berlaku harus dihentikan.")
	if err != nil {
		return Switch{}, err
	}
	active, err := s.inForce(ctx, saw) // first: whoever stops these meanwhile leaves nothing to switch from
	if err != nil {
		return Switch{}, err
	}
	err = s.justStopped(ctx)
	if err != nil {
		return Switch{}, err
	}
	before, err := s.predecessor(ctx, active.Hash)
	if err != nil {
		return Switch{}, err
	}
	w := Switch{Hash: before, Previous: active.Hash, Kind: Emergency, Reason: reason}
	return w, s.turn(ctx, w)
}

// stopPause is how long after an emergency stop nobody stops what came back by it: two people press at
// the same moment, or one twice, and mean one step.
const stopPause = time.Minute

func (s *Service) justStopped(ctx context.Context) error {
	last, err := s.Stopped(ctx)
	if err != nil || last == nil || s.now().Sub(last.At) >= stopPause {
		return err
	}
	return fault.New(fault.Conflict, "just_stopped", "Aturan baru saja dihentikan oleh "+last.By+", jadi versi sebelumnya sudah berlaku lagi. "+
		"Bila versi itu juga salah, tunggu satu menit, lalu hentikan lagi.")
}

// predecessor is what was in force before a revision came by the ordinary way: stopping twice goes
// two steps back, not forth and back. Rules that cannot be loaded are stepped over.
func (s *Service) predecessor(ctx context.Context, hash string) (string, error) {
	all, err := s.Store.Switches(ctx, mostSwitches)
	if err != nil {
		return "", err
	}
	for _, w := range all { // the newest first, so that each step goes on from the last
		if w.Hash != hash || w.Kind == Emergency || w.Previous == "" {
			continue
		}
		err = s.loads(ctx, w.Previous)
		if !unloadable(err) {
			return w.Previous, err
		}
		hash = w.Previous
	}
	return "", fault.New(fault.Conflict, "no_predecessor", "Tidak ada versi aturan sebelum yang berlaku sekarang, jadi tidak ada tempat untuk kembali.")
}

// mostSwitches is how far back the way of the rules is read.
const mostSwitches = 1000

// turn moves the rules in force, to some that can be loaded.
func (s *Service) turn(ctx context.Context, w Switch) error {
	actor := auth.From(ctx)
	err := s.loads(ctx, w.Hash)
	if err != nil {
		return err
	}
	w.ID, w.At, w.By = uuid.Must(uuid.NewV7()).String(), s.now(), actor.Name
	err = s.Store.Switch(ctx, w, entry(actor, w.Kind.act(), "revision", w.Hash, []byte(w.Payload())))
	if err != nil {
		return s.told(ctx, w.Hash, err)
	}
	if s.Switched != nil {
		s.Switched(ctx, w.Hash)
	}
	return nil
}

// act is the trail's word for a switch. What the clock brings into force is an activation as any other;
// "revision.schedule" is the choice of the moment.
func (k SwitchKind) act() string {
	if k == Scheduled {
		k = Activation
	}
	return "revision." + string(k)
}

// ActivateDue brings revisions whose time has come into force, and tells how many. During a freeze
// that was set after the moment was chosen nothing moves until it is over.
func (s *Service) ActivateDue(ctx context.Context) (int, error) {
	due, err := s.Store.Due(ctx, s.now())
	if err != nil || len(due) == 0 {
		return 0, err
	}
	done := 0
	for _, p := range due {
		active, err := s.Store.ActiveRevision(ctx)
		if err == nil {
			err = s.Held(ctx, p, s.now())
		}
		if err == nil {
			err = s.turn(ctx, Switch{Hash: p.Hash, Previous: active.Hash, Kind: Scheduled, Reason: "Dijadwalkan oleh " + p.ScheduledBy})
		}
		switch {
		case err == nil:
			done++
		case !fault.Is(err, fault.Conflict): // held, or another instance was faster
			return done, err
		}
	}
	return done, nil
}

// Held is Conflict with the reason when an approved revision may not come into force at the moment:
// because of a freeze, or because other rules came into force since it was proposed, which it would
// undo, and nobody has looked at what it changes now.
func (s *Service) Held(ctx context.Context, p Proposal, when time.Time) error {
	err := s.frozen(ctx, when)
	if err != nil {
		return err
	}
	active, err := s.Store.ActiveRevision(ctx)
	if err != nil || active.Hash == p.Base {
		return err
	}
	looked := false
	if s.Impacts != nil {
		looked, err = s.Impacts.Looked(ctx, p.Hash, active.Hash)
	}
	if err != nil || looked {
		return err
	}
	return s.baseMoved(ctx, p)
}

// baseMoved says what an approved revision would take back by now.
func (s *Service) baseMoved(ctx context.Context, p Proposal) error {
	r, err := s.Store.Revision(ctx, p.Hash)
	if err != nil {
		return err
	}
	b, err := unpack(r)
	if err != nil {
		return err
	}
	m, _, _, err := s.moved(ctx, p.Base, b.Files, nil)
	if err != nil {
		return err
	}
	takes := ""
	if m.hindrance() != nil {
		takes = " " + m.undoes("Usulan ini akan membatalkan")
	}
	return fault.New(fault.Conflict, "base_moved", fmt.Sprintf("Sejak diusulkan, aturan yang berlaku sudah berganti menjadi versi %d.%s "+
		"Hitung lagi dampaknya terhadap versi %d, atau tolak usulan ini dan minta konsepnya dimutakhirkan.", m.Active.Number, takes, m.Active.Number))
}

// Switches tells how the rules in force changed, newest first.
func (s *Service) Switches(ctx context.Context, limit int) ([]Switch, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Switches(ctx, limit)
}

// Stopped gives the emergency stop that the rules in force rest on; nil when they came otherwise. It
// asks for no permission: everybody on the staff sees it.
func (s *Service) Stopped(ctx context.Context) (*Switch, error) {
	newest, err := s.Store.Switches(ctx, 1)
	if err != nil || len(newest) == 0 || newest[0].Kind != Emergency {
		return nil, err
	}
	return &newest[0], nil
}
