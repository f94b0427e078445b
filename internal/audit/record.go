package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"time"

	"github.com/google/uuid"
)

// Record is an entry as it is stored: no person in clear, no payload. Its hash covers every field,
// so that none can be changed later without being found.
type Record struct {
	ID          string    `json:"id"` // UUID
	At          time.Time `json:"at"` // UTC, whole microseconds
	Actor       string    `json:"actor"`
	Act         string    `json:"act"`
	Object      string    `json:"object"`
	ObjectID    string    `json:"object_id"`
	PersonHash  string    `json:"person_hash,omitempty"` // Keyring.Person of the NIK; "" when no person is concerned
	Purpose     string    `json:"purpose,omitempty"`
	PayloadHash string    `json:"payload_hash,omitempty"` // hex SHA-256; "" when nothing was written
	Block       int64     `json:"block,omitempty"`        // the block that seals it; 0 while unsealed; not hashed
}

// Record turns the entry into what is stored. ID and At must be set.
func (k *Keyring) Record(e Entry) (Record, error) {
	id, err := uuid.Parse(e.ID)
	if err != nil {
		return Record{}, fmt.Errorf("audit entry %q %s: %w", e.ID, e.Act, err)
	}
	if e.Actor == "" || e.Act == "" {
		return Record{}, fmt.Errorf("audit entry %s: actor %q and act %q must be named", id, e.Actor, e.Act)
	}
	r := Record{
		ID: id.String(), At: e.At.UTC().Truncate(time.Microsecond), Actor: e.Actor, Act: e.Act,
		Object: e.Object, ObjectID: e.ObjectID, Purpose: e.Purpose,
	}
	if e.Person != "" {
		r.PersonHash = k.Person(e.Person)
	}
	if e.Payload != nil {
		sum := sha256.Sum256(e.Payload)
		r.PayloadHash = hex.EncodeToString(sum[:])
	}
	return r, nil
}

// Hash is the SHA-256 of the canonical form: a label, then every field with its length before it,
// so that no two different records share a form.
func (r Record) Hash() [32]byte {
	c := newCanon("layak-entry-1")
	c.text(r.ID)
	c.number(r.At.UnixMicro())
	for _, s := range []string{r.Actor, r.Act, r.Object, r.ObjectID, r.PersonHash, r.Purpose, r.PayloadHash} {
		c.text(s)
	}
	return c.sum()
}

// canon writes length-prefixed fields into a hash.
type canon struct {
	h   hash.Hash
	buf [8]byte
}

func newCanon(label string) *canon {
	c := &canon{h: sha256.New()}
	c.text(label)
	return c
}

func (c *canon) bytes(b []byte) {
	c.number(int64(len(b)))
	c.h.Write(b)
}

func (c *canon) text(s string) { c.bytes([]byte(s)) }

func (c *canon) number(n int64) {
	binary.BigEndian.PutUint64(c.buf[:], uint64(n))
	c.h.Write(c.buf[:])
}

func (c *canon) sum() (out [32]byte) {
	c.h.Sum(out[:0])
	return out
}
