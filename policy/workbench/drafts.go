package workbench

import (
	"bytes"
	"context"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
)

// Drafts lists the drafts, the last changed first, without their files; open leaves out those that
// were proposed or withdrawn.
func (s *Service) Drafts(ctx context.Context, open bool) ([]Draft, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Drafts(ctx, open)
}

// Draft opens one with its files.
func (s *Service) Draft(ctx context.Context, id string) (Draft, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return Draft{}, err
	}
	return s.Store.Draft(ctx, id)
}

// Source says where a new draft takes its files from. Exactly one of the parts is set; the zero
// value takes the rules in force.
type Source struct {
	Revision string         // hash of a stored revision
	Draft    string         // id of a draft that was withdrawn
	Shipped  bool           // the rules that came with the program
	Bundle   *policy.Bundle // an archive or a folder that was brought in
	Signer   string         // whose signature the archive bears, "" for none; kept in the note of the draft
}

// StartDraft opens a draft. name is what people call it.
func (s *Service) StartDraft(ctx context.Context, name string, from Source) (Draft, error) {
	d, err := s.newDraft(ctx, name, from)
	if err != nil {
		return Draft{}, err
	}
	return d, s.keepDraft(ctx, d)
}

func (s *Service) keepDraft(ctx context.Context, d Draft) error {
	return s.Store.AddDraft(ctx, d, entry(auth.From(ctx), "draft.create", "draft", d.ID, []byte(d.Bundle().Hash())))
}

// newDraft makes a draft that is not stored yet.
func (s *Service) newDraft(ctx context.Context, name string, from Source) (Draft, error) {
	actor, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return Draft{}, err
	}
	name, err = nameOf(name)
	if err != nil {
		return Draft{}, err
	}
	d, err := s.source(ctx, from)
	if err != nil {
		return Draft{}, err
	}
	now := s.now()
	d.ID, d.Name, d.Version, d.State = uuid.Must(uuid.NewV7()).String(), name, 1, Open
	d.Editors = append([]string{actor.Name}, slices.DeleteFunc(d.Editors, func(e string) bool { return e == actor.Name })...)
	d.CreatedAt, d.CreatedBy, d.UpdatedAt, d.UpdatedBy = now, actor.Name, now, actor.Name
	return d, nil
}

// source gives a new draft its files, the revision that it counts as started from, and what is known about them.
func (s *Service) source(ctx context.Context, from Source) (Draft, error) {
	if from.Revision != "" {
		return s.fromRevision(ctx, from.Revision)
	}
	if from.Draft != "" {
		return s.fromDraft(ctx, from.Draft)
	}
	active, err := s.Store.ActiveRevision(ctx)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Base: active.Hash}
	var b policy.Bundle
	switch {
	case from.Bundle != nil:
		b, err = settle(*from.Bundle)
	case from.Shipped:
		b.Files = maps.Clone(policy.Shipped().Files)
	default:
		b, err = unpack(active)
	}
	if from.Signer != "" {
		d.Note = "Dari bundel yang ditandatangani " + from.Signer + "."
	}
	d.Files = b.Files
	return d, err
}

// fromRevision goes on from stored rules. Those that never came into force keep what they were held against, why
// they were proposed, and who wrote them: nobody approves his own words in the draft of another.
func (s *Service) fromRevision(ctx context.Context, hash string) (Draft, error) {
	r, err := s.Store.Revision(ctx, hash)
	if err != nil {
		return Draft{}, err
	}
	b, err := unpack(r)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{Base: r.Hash, Origin: r.Hash, Files: b.Files}
	if r.Stage == policy.Active {
		return d, nil
	}
	if r.Stage == policy.Retired { // what it takes back counts as its own change, for everybody to read
		active, err := s.Store.ActiveRevision(ctx)
		d.Base = active.Hash
		return d, err
	}
	p, err := s.Store.Proposal(ctx, hash)
	d.Base, d.Note, d.Editors = p.Base, p.Note, slices.Clone(p.Editors)
	return d, err
}

// fromDraft goes on from a draft that is closed, with its words and its writers.
func (s *Service) fromDraft(ctx context.Context, id string) (Draft, error) {
	old, err := s.Store.Draft(ctx, id)
	if err != nil {
		return Draft{}, err
	}
	if old.State == Open {
		return Draft{}, fault.New(fault.Conflict, "draft_open", "Konsep itu masih terbuka, jadi dapat langsung diteruskan.")
	}
	return Draft{Base: old.Base, Origin: old.ID, Files: old.Files, Note: old.Note, Editors: slices.Clone(old.Editors)}, nil
}

// SaveDraft writes a change to a draft at the version that the writer has seen. Conflict
// (draft_moved) when somebody else saved since: nothing is overwritten, and the message names him.
func (s *Service) SaveDraft(ctx context.Context, id string, version int, c Change) (Draft, error) {
	actor, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return Draft{}, err
	}
	if c.Name != nil {
		name, err := nameOf(*c.Name)
		if err != nil {
			return Draft{}, err
		}
		c.Name = &name
	}
	if c.Note != nil && len([]rune(*c.Note)) > maxText {
		const long = "Catatan terlalu panjang. Paling banyak 2.000 huruf."
		return Draft{}, fault.New(fault.Invalid, "text_long", long).At("note", long)
	}
	d, err := s.Store.Draft(ctx, id)
	if err != nil {
		return Draft{}, err
	}
	err = checkFiles(d, c)
	if err != nil {
		return Draft{}, err
	}
	return s.Store.SaveDraft(ctx, id, version, actor.Name, c, entry(actor, "draft.save", "draft", id, payload(c)))
}

// checkFiles refuses names and sizes that a set of rules cannot have.
func checkFiles(d Draft, c Change) error {
	after := maps.Clone(d.Files)
	for _, name := range c.Remove {
		delete(after, name)
	}
	for name, text := range c.Put {
		if !fs.ValidPath(name) {
			return errName(name)
		}
		after[name] = text
	}
	_, err := settle(policy.Bundle{Files: after})
	return err
}

func errName(name string) error {
	return fault.New(fault.Invalid, "draft_file", "Nama berkas "+name+" tidak dapat dipakai. Pakai huruf, angka, dan garis bawah, "+
		"diakhiri .rego, misalnya need.rego atau routing/clocks.rego.").At("path", "Nama berkas tidak dapat dipakai.")
}

// settle gives the bundle as it would come back from its archive: within the limits, without
// foreign files.
func settle(b policy.Bundle) (policy.Bundle, error) {
	var packed bytes.Buffer
	err := b.WriteTarGz(&packed)
	if err != nil {
		return policy.Bundle{}, err
	}
	out, err := policy.ReadTarGz(&packed)
	if err != nil {
		return policy.Bundle{}, err
	}
	if len(out.Files) == 0 {
		return out, fault.New(fault.Invalid, "bundle_empty", "Tidak ada berkas aturan di dalamnya. Minta berkas atau folder yang berisi *.rego dan data.json.")
	}
	return out, nil
}

func unpack(r policy.Revision) (policy.Bundle, error) {
	return policy.ReadTarGz(bytes.NewReader(r.Bundle))
}

// payload is what the trail keeps the hash of: every byte that the change writes.
func payload(c Change) []byte {
	var b bytes.Buffer
	part := func(kind, name string, data []byte) {
		b.WriteString(kind + "\x00" + name + "\x00")
		b.Write(data)
		b.WriteByte(0)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Put)) {
		part("put", name, c.Put[name])
	}
	for _, name := range c.Remove {
		part("remove", name, nil)
	}
	for i, text := range []*string{c.Name, c.Note, c.Base} {
		if text != nil {
			part([]string{"name", "note", "base"}[i], "", []byte(*text))
		}
	}
	return b.Bytes()
}

// WithdrawDraft closes an open draft without proposing it. It stays readable.
func (s *Service) WithdrawDraft(ctx context.Context, id string, version int) error {
	actor, err := may(ctx, auth.PolicyEdit)
	if err != nil {
		return err
	}
	return s.Store.CloseDraft(ctx, id, version, entry(actor, "draft.withdraw", "draft", id, nil))
}

func nameOf(name string) (string, error) {
	name = strings.TrimSpace(name)
	if n := len([]rune(name)); n == 0 || n > 100 {
		const message = "Beri konsep ini nama yang pendek, misalnya: Batas desil 6 mulai Januari."
		return "", fault.New(fault.Invalid, "draft_name", message).At("name", message)
	}
	return name, nil
}
