package main

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/policy"
)

// bundleDesk signs what leaves the installation and holds what comes in against its signature.
type bundleDesk struct{ *Program }

// publicKeys are those of the installation and of the offices that it trusts.
func (p *Program) publicKeys(ctx context.Context) ([]policy.PublicKey, error) {
	own, err := signingKeys(p.Keys)
	if err != nil {
		return nil, err
	}
	keys := make([]policy.PublicKey, len(own))
	for i, k := range own {
		keys[i], err = k.Public()
		if err != nil {
			return nil, err
		}
	}
	trusted, err := p.DB.Signers(ctx)
	for _, s := range trusted {
		keys = append(keys, policy.PublicKey{PEM: s.PEM, Owner: s.Name})
	}
	return keys, err
}

// Key is the public half of the newest key.
func (d bundleDesk) Key() (policy.PublicKey, error) {
	keys, err := signingKeys(d.Keys)
	if err != nil {
		return policy.PublicKey{}, err
	}
	return keys[0].Public()
}

// Open reads an archive that this installation signed, an office that it trusts, or the owner of the key.
func (d bundleDesk) Open(ctx context.Context, r io.Reader, key []byte) (policy.Bundle, string, error) {
	keys, err := d.publicKeys(ctx)
	if err != nil {
		return policy.Bundle{}, "", err
	}
	if len(key) > 0 {
		keys = append(keys, policy.PublicKey{PEM: string(key)})
	}
	return policy.ReadSignedTarGz(r, keys...)
}

// Export writes a stored revision as a bundle with the signature of this installation.
func (d bundleDesk) Export(ctx context.Context, w io.Writer, r policy.Revision) error {
	_, err := d.export(ctx, w, r)
	return err
}

// export writes a stored revision as a signed bundle and tells whose key signed it. Who took which revision
// along stands in the trail before the first byte leaves.
func (p *Program) export(ctx context.Context, w io.Writer, r policy.Revision) (signer string, err error) {
	bundle, err := bundleOf(r)
	if err != nil {
		return "", err
	}
	keys, err := signingKeys(p.Keys)
	if err != nil {
		return "", err
	}
	var archive bytes.Buffer
	err = bundle.WriteSignedTarGz(&archive, keys[0])
	if err != nil {
		return "", fmt.Errorf("sign rules %s: %w", r.Hash, err)
	}
	err = p.DB.Record(ctx, audit.Entry{Actor: auth.From(ctx).Name, Act: "revision.export", Object: "revision", ObjectID: r.Hash, Payload: r.Bundle})
	if err != nil {
		return "", err
	}
	_, err = w.Write(archive.Bytes())
	return keys[0].ID, err
}

// Sign writes rules with the newest key.
func (d bundleDesk) Sign(w io.Writer, b policy.Bundle) error {
	keys, err := signingKeys(d.Keys)
	if err != nil {
		return err
	}
	return b.WriteSignedTarGz(w, keys[0])
}

// Prove writes the proof of a stored check.
func (d bundleDesk) Prove(ctx context.Context, w io.Writer, id, purpose string) error {
	_, err := d.prove(ctx, w, id, purpose)
	return err
}

// prove writes rules, facts and answer of a stored check, so that plain opa comes to the same elsewhere,
// and tells which revision decided.
func (p *Program) prove(ctx context.Context, w io.Writer, id, purpose string) (revision string, err error) {
	d, err := p.Checker.Prove(ctx, id, purpose)
	if err != nil {
		return "", err
	}
	r, err := p.DB.Revision(ctx, d.Revision)
	if err != nil {
		return "", err
	}
	bundle, err := policy.ReadTarGz(bytes.NewReader(r.Bundle))
	if err != nil {
		return "", err
	}
	keys, err := signingKeys(p.Keys)
	if err != nil {
		return "", err
	}
	return d.Revision, policy.WriteProof(ctx, w, policy.Proof{
		ID: d.ID, Person: string(d.Person()), Rules: bundle, Facts: d.Facts, Decision: d.Decision, Engine: d.Engine,
		DecidedAt: d.DecidedAt.In(eligibility.WIB), DecidedBy: d.DecidedBy, Regency: string(p.Config.Regency),
		MadeAt: p.Clock().In(eligibility.WIB), MadeBy: auth.From(ctx).Name,
	}, keys[0])
}
