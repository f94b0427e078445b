package complaints

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"layak/internal/auth"
	"layak/internal/fault"
)

// ErrRepeated is what a store says of an act whose key was taken by the same act before. Nothing is
// stored.
var ErrRepeated = errors.New("the act was stored before under this key")

var errOtherAct = fault.New(fault.Invalid, "idempotency_mismatch",
	"Kunci pengiriman ini sudah dipakai untuk tindakan dengan isi lain. Pakai kunci baru untuk tindakan baru.").
	At("idempotency_key", "Kunci ini sudah dipakai untuk tindakan lain.")

// keyOf is the key of an act, nil when it has none. The fingerprint covers the case and all that was
// sent, the version included.
func (s *Service) keyOf(actor auth.Actor, t Ticket, a Action) (*Key, error) {
	if a.IdempotencyKey == "" {
		return nil, nil
	}
	if len(a.IdempotencyKey) > longestKey {
		return nil, Invalid("key_long", "idempotency_key", "Idempotency-Key paling panjang 200 huruf.")
	}
	b, err := json.Marshal(struct {
		Ticket Ticket
		Action
	}{t, a})
	if err != nil {
		return nil, fmt.Errorf("fingerprint of act %s: %w", a.Type, err)
	}
	sum := sha256.Sum256(b)
	now := s.now()
	return &Key{Actor: actor.Name, Key: a.IdempotencyKey, Fingerprint: hex.EncodeToString(sum[:]), At: now, Expired: now.Add(-KeyLife)}, nil
}

// repeated answers an act that was stored before, with the case as it is now. A case that has left
// the actor's scope is answered only while nothing has happened to it since: that he was told before.
func (s *Service) repeated(ctx context.Context, actor auth.Actor, k *Key, t Ticket, version int) (c Complaint, done bool, err error) {
	if k == nil {
		return c, false, nil
	}
	sum, _, used, err := s.Store.UsedKey(ctx, *k)
	if err != nil || !used {
		return c, false, err
	}
	if sum != k.Fingerprint {
		return c, true, errOtherAct
	}
	c, err = s.Store.Complaint(ctx, t, ScopeOf(actor))
	if fault.Is(err, fault.NotFound) {
		all, wide := s.Store.Complaint(ctx, t, Scope{All: true})
		if wide == nil && all.Version == version+1 {
			c, err = all, nil
		}
	}
	if err != nil {
		return Complaint{}, true, err
	}
	return c, true, s.viewed(ctx, actor, "complaint.view", "complaint", string(t), persons(c.Patients))
}
