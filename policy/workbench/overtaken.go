package workbench

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Mark names where a proposal stands: its stage, when it was proposed, and the moment that was set. Two pages
// that show the same standing bear the same mark, so that the store can tell whether somebody was faster.
func (p Proposal) Mark() string {
	m := string(p.Stage) + "." + strconv.FormatInt(p.ProposedAt.UnixMicro(), 36)
	if p.ActivateAt != nil {
		m += "." + strconv.FormatInt(p.ActivateAt.UnixMicro(), 36)
	}
	return m
}

// CodeMoved is the code of ErrMoved.
const CodeMoved = "revision_moved"

// codeActiveMoved is what the store says when other rules are in force than those that were to be replaced.
const codeActiveMoved = "active_moved"

// ErrMoved is what a store gives when a proposal does not stand any more as it was seen.
func ErrMoved() error {
	return fault.New(fault.Conflict, CodeMoved, "Keadaan usulan ini baru saja berubah.")
}

// mark is what somebody saw, or what is stored when he looked at nothing.
func mark(p Proposal, saw []string) string {
	if len(saw) > 0 {
		return saw[0]
	}
	return p.Mark()
}

// inForce gives the rules in force, when they are those that somebody saw.
func (s *Service) inForce(ctx context.Context, saw []string) (policy.Revision, error) {
	active, err := s.Store.ActiveRevision(ctx)
	if err == nil && len(saw) > 0 && saw[0] != active.Hash {
		err = s.told(ctx, active.Hash, fault.New(fault.Conflict, codeActiveMoved, "Aturan yang berlaku baru saja berganti."))
	}
	return active, err
}

const nothingKept = " Pilihan Anda tidak disimpan. Lihat dulu keadaannya sekarang."

// told says who was faster: a conflict about a stage comes back with what became of the revision, one about
// the rules in force with the last switch. Other errors stay as they are.
func (s *Service) told(ctx context.Context, hash string, err error) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Conflict {
		return err
	}
	var story string
	var readErr error
	switch f.Code {
	case CodeMoved, "revision_stage":
		story, readErr = s.became(ctx, hash)
	case codeActiveMoved:
		story, readErr = s.lastSwitch(ctx)
	default:
		return err
	}
	if readErr != nil {
		return readErr
	}
	if story == "" {
		return err
	}
	if f.Code != "revision_stage" { // that sentence says what may be done instead
		return fault.New(fault.Conflict, f.Code, story+nothingKept).Because(err)
	}
	return fault.New(fault.Conflict, f.Code, f.Message+" "+story).Because(err)
}

// became says who brought a proposal where it stands; "" of one that waits since it was proposed first.
func (s *Service) became(ctx context.Context, hash string) (string, error) {
	p, err := s.Store.Proposal(ctx, hash)
	if fault.Is(err, fault.NotFound) {
		return "", nil // rules that came with the program
	}
	if err != nil {
		return "", err
	}
	version := fmt.Sprintf("Versi %d ", p.Number)
	switch {
	case p.Stage == policy.Proposed:
		return version + "diusulkan oleh " + who(ctx, p.ProposedBy) + s.moment(&p.ProposedAt) + " dan masih menunggu keputusan.", nil
	case p.Stage == policy.Rejected:
		return version + "sudah ditolak oleh " + who(ctx, p.RejectedBy) + s.moment(p.RejectedAt) + ". Alasannya: " + p.Reason, nil
	case p.Stage != policy.Approved:
		return s.lastSwitch(ctx)
	case p.ActivateAt != nil:
		return version + "sudah dijadwalkan oleh " + who(ctx, p.ScheduledBy) + ", mulai berlaku" + s.moment(p.ActivateAt) + ".", nil
	case p.ScheduledBy != "":
		return "Jadwal versi " + strconv.Itoa(p.Number) + " sudah dibatalkan oleh " + who(ctx, p.ScheduledBy) + ". Versi itu tetap disetujui.", nil
	}
	return version + "sudah disetujui oleh " + who(ctx, p.ApprovedBy) + s.moment(p.ApprovedAt) + ".", nil
}

// lastSwitch says how the rules in force came there.
func (s *Service) lastSwitch(ctx context.Context) (string, error) {
	newest, err := s.Store.Switches(ctx, 1)
	if err != nil || len(newest) == 0 {
		return "", err
	}
	w := newest[0]
	to, err := s.Store.Revision(ctx, w.Hash)
	if err != nil {
		return "", err
	}
	from, err := s.Store.Revision(ctx, w.Previous)
	if err != nil {
		return "", err
	}
	by := " oleh " + who(ctx, w.By) + s.moment(&w.At)
	switch w.Kind {
	case Emergency:
		return fmt.Sprintf("Versi %d sudah dihentikan darurat%s, jadi versi %d berlaku lagi. Alasannya: %s", from.Number, by, to.Number, w.Reason), nil
	case Rollback:
		return fmt.Sprintf("Aturan sudah dikembalikan dari versi %d ke versi %d%s. Alasannya: %s", from.Number, to.Number, by, w.Reason), nil
	case Scheduled:
		return fmt.Sprintf("Versi %d sudah berlaku sesuai jadwal%s, menggantikan versi %d.", to.Number, s.moment(&w.At), from.Number), nil
	}
	return fmt.Sprintf("Versi %d sudah diberlakukan%s, menggantikan versi %d.", to.Number, by, from.Number), nil
}

// who names a person to another; to himself as such.
func who(ctx context.Context, name string) string {
	if person(name) == person(auth.From(ctx).Name) {
		return "Anda sendiri"
	}
	return name
}

// moment writes a time in the zone of the office: " pada 22 November 2026 pukul 10.15".
func (s *Service) moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	local := t.In(s.zone())
	return " pada " + policy.HumanDay(local.Format(time.DateOnly)) + " pukul " + local.Format("15.04")
}
