package audit

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Block seals a batch of entries: which, in which order, after which block. It is signed, so that
// somebody who can write the database but does not hold the key cannot build another chain.
type Block struct {
	Regency  string
	Seq      int64 // 1, 2, 3 … without a gap
	Prev     [32]byte
	SealedAt time.Time
	Total    int64  // entries sealed so far, this block included
	Entries  []Leaf // in the order of their ids
	KeyID    string
	Hash     [32]byte
	Sig      []byte
}

// Leaf is one sealed entry: its id and the hash it had when it was sealed.
type Leaf struct {
	ID   uuid.UUID
	Hash [32]byte
}

const leafSize = 16 + 32

// Seal makes the block that follows prev (nil for the first) out of the records.
func (k *Keyring) Seal(regency string, prev *Block, records []Record, at time.Time) (Block, error) {
	b := Block{Regency: regency, Seq: 1, SealedAt: at.UTC().Truncate(time.Microsecond), KeyID: k.ID()}
	if prev != nil {
		b.Seq, b.Prev, b.Total = prev.Seq+1, prev.Hash, prev.Total
	}
	b.Total += int64(len(records))
	b.Entries = make([]Leaf, len(records))
	for i, r := range records {
		id, err := uuid.Parse(r.ID)
		if err != nil {
			return Block{}, fmt.Errorf("seal entry %q: %w", r.ID, err)
		}
		b.Entries[i] = Leaf{ID: id, Hash: r.Hash()}
	}
	b.Hash = b.computeHash()
	b.Sig = ed25519.Sign(k.keys[0].sign, b.Head().message())
	return b, nil
}

// PackEntries is the stored form of the list: id and hash of each, one after the other.
func (b Block) PackEntries() []byte {
	out := make([]byte, 0, len(b.Entries)*leafSize)
	for _, l := range b.Entries {
		out = append(append(out, l.ID[:]...), l.Hash[:]...)
	}
	return out
}

// UnpackEntries reads the stored form of the list.
func UnpackEntries(data []byte) ([]Leaf, error) {
	if len(data)%leafSize != 0 {
		return nil, fmt.Errorf("block list of %d bytes", len(data))
	}
	out := make([]Leaf, len(data)/leafSize)
	for i := range out {
		part := data[i*leafSize:]
		copy(out[i].ID[:], part)
		copy(out[i].Hash[:], part[16:leafSize])
	}
	return out, nil
}

func (b Block) computeHash() [32]byte {
	c := newCanon("layak-block-1")
	c.text(b.Regency)
	c.number(b.Seq)
	c.bytes(b.Prev[:])
	c.number(b.SealedAt.UnixMicro())
	c.number(b.Total)
	c.text(b.KeyID)
	c.number(int64(len(b.Entries)))
	for _, l := range b.Entries {
		c.h.Write(l.ID[:])
		c.h.Write(l.Hash[:])
	}
	return c.sum()
}

// Head is the end of the chain at one moment, small enough for one line. Kept off the machine it
// proves later that nothing before it was rewritten or cut off.
type Head struct {
	Regency  string    `json:"regency"`
	Seq      int64     `json:"block"`
	Total    int64     `json:"entries"`
	SealedAt time.Time `json:"sealed_at"`
	Hash     string    `json:"hash"` // hex
	KeyID    string    `json:"key_id"`
	Sig      []byte    `json:"signature"`
}

// Head of the chain that ends with this block.
func (b Block) Head() Head {
	return Head{
		Regency: b.Regency, Seq: b.Seq, Total: b.Total, SealedAt: b.SealedAt,
		Hash: hex.EncodeToString(b.Hash[:]), KeyID: b.KeyID, Sig: b.Sig,
	}
}

func (h Head) message() []byte {
	c := newCanon("layak-head-1")
	c.text(h.Regency)
	c.number(h.Seq)
	c.number(h.Total)
	c.number(h.SealedAt.UnixMicro())
	c.text(h.Hash)
	c.text(h.KeyID)
	sum := c.sum()
	return sum[:]
}

// ErrUnknownKey says that a signature was made with a key that the ring does not hold.
var ErrUnknownKey = errors.New("signed with an unknown key")

// ErrBadSignature says that a signature does not belong to what it stands under.
var ErrBadSignature = errors.New("signature does not match")

// Check tells whether the head was signed by a key of the ring: nil, ErrUnknownKey or
// ErrBadSignature.
func (k *Keyring) Check(h Head) error {
	one, ok := k.find(h.KeyID)
	if !ok {
		return ErrUnknownKey
	}
	if !ed25519.Verify(one.sign.Public().(ed25519.PublicKey), h.message(), h.Sig) {
		return ErrBadSignature
	}
	return nil
}

const headLabel = "layak-head-1"

// String is the head in one line, as ParseHead reads it.
func (h Head) String() string {
	return strings.Join([]string{
		headLabel, h.Regency, strconv.FormatInt(h.Seq, 10), strconv.FormatInt(h.Total, 10),
		h.SealedAt.UTC().Format(time.RFC3339Nano), h.Hash, h.KeyID, base64.RawURLEncoding.EncodeToString(h.Sig),
	}, " ")
}

// ParseHead reads the line of Head.String. It does not check the signature.
func ParseHead(line string) (Head, error) {
	part := strings.Fields(line)
	if len(part) != 8 || part[0] != headLabel {
		return Head{}, errors.New("not a signed head")
	}
	seq, errSeq := strconv.ParseInt(part[2], 10, 64)
	total, errTotal := strconv.ParseInt(part[3], 10, 64)
	at, errAt := time.Parse(time.RFC3339Nano, part[4])
	sig, errSig := base64.RawURLEncoding.DecodeString(part[7])
	if err := errors.Join(errSeq, errTotal, errAt, errSig); err != nil {
		return Head{}, fmt.Errorf("signed head: %w", err)
	}
	return Head{Regency: part[1], Seq: seq, Total: total, SealedAt: at, Hash: part[5], KeyID: part[6], Sig: sig}, nil
}

// signedWhole tells whether list, hash and signature of a block belong together.
func (b Block) signedWhole(k *Keyring) error {
	if b.computeHash() != b.Hash {
		return ErrBadSignature
	}
	return k.Check(b.Head())
}
