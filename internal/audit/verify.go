package audit

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Chain is the stored trail as Verify reads it, a few blocks at a time.
type Chain interface {
	// Blocks are those after the number, in order, at most limit.
	Blocks(ctx context.Context, after int64, limit int) ([]Block, error)
	// Records are all entries whose block number lies between the two, both included.
	Records(ctx context.Context, from, to int64) ([]Record, error)
}

// ProblemKind names what is wrong with the chain, stable for programs.
type ProblemKind string

// The kinds of problem.
const (
	EntryChanged    ProblemKind = "entry_changed"     // a field differs from what was sealed
	EntryRemoved    ProblemKind = "entry_removed"     // sealed, and no longer there
	EntryInserted   ProblemKind = "entry_inserted"    // claims a block that never sealed it
	EntryMoved      ProblemKind = "entry_moved"       // stands in another block than the one that sealed it
	BlockChanged    ProblemKind = "block_changed"     // list, order, time or number differ from the signature
	BlockRemoved    ProblemKind = "block_removed"     // a number is missing
	BlockUnlinked   ProblemKind = "block_unlinked"    // does not follow the block before it
	BlockUnknownKey ProblemKind = "block_unknown_key" // sealed with a key this installation does not hold
	HeadMissing     ProblemKind = "head_missing"      // a head kept elsewhere names a block that is gone or another
	PayloadChanged  ProblemKind = "payload_changed"   // the stored determination is not what its entry recorded; found by storage
)

// Problem is one thing that is wrong.
type Problem struct {
	Kind  ProblemKind `json:"kind"`
	Block int64       `json:"block"`
	Entry string      `json:"entry,omitempty"` // id of the entry, when one is concerned
	// ObjectID is the id of the stored object that differs from its entry.
	ObjectID string `json:"object_id,omitempty"`
}

// sentences say each kind to the person who runs the check; # is the block, @ the entry, $ the object.
var sentences = map[ProblemKind]string{
	EntryChanged:    "Catatan @ di blok # diubah setelah disegel.",
	EntryRemoved:    "Catatan @ di blok # dihapus setelah disegel.",
	EntryInserted:   "Catatan @ disisipkan ke blok #; blok itu tidak pernah menyegelnya.",
	EntryMoved:      "Catatan @ dipindahkan ke blok # dari blok yang menyegelnya.",
	BlockChanged:    "Blok # diubah: isi, urutan, atau waktunya tidak cocok dengan tanda tangannya.",
	BlockRemoved:    "Blok # hilang.",
	BlockUnlinked:   "Blok # tidak menyambung ke blok sebelumnya.",
	BlockUnknownKey: "Blok # disegel dengan kunci yang tidak ada di berkas kunci. Pulihkan berkas kunci lama, lalu ulangi.",
	HeadMissing:     "Kepala rantai yang disimpan di luar menyebut blok #, tetapi blok itu tidak ada atau lain isinya.",
	PayloadChanged:  "Hasil cek $ diubah setelah dicatat (catatan @ di blok #).",
}

// String is the sentence for the person who runs the check.
func (p Problem) String() string {
	return strings.NewReplacer("#", strconv.FormatInt(p.Block, 10), "@", p.Entry, "$", p.ObjectID).Replace(sentences[p.Kind])
}

// Report is what Verify found.
type Report struct {
	Blocks   int64     `json:"blocks"`
	Entries  int64     `json:"entries"`        // sealed entries seen
	Unsealed int64     `json:"unsealed"`       // entries younger than the last block, filled in by storage
	Late     int64     `json:"late"`           // entries dated over an hour before the block ahead of theirs: worth a look, no proof
	Head     *Head     `json:"head,omitempty"` // end of the chain; nil while nothing is sealed
	Problems []Problem `json:"problems"`       // at most MaxProblems
	More     int64     `json:"more,omitempty"` // problems beyond those
}

// MaxProblems bounds the list in a report.
const MaxProblems = 1000

// Whole tells whether nothing is wrong.
func (r Report) Whole() bool { return len(r.Problems) == 0 }

// Add puts a problem into the report, or only counts it when the list is full.
func (r *Report) Add(p Problem) {
	if len(r.Problems) >= MaxProblems {
		r.More++
		return
	}
	r.Problems = append(r.Problems, p)
}

// lateBy is how far before the previous block an entry may be dated without being counted late:
// longer than any transaction that writes an entry.
const lateBy = time.Hour

const blocksAtOnce = 16

// Verify walks the whole chain and reports every entry that was changed, removed, inserted or
// moved and every block that is broken. Heads that were kept off the machine are compared too:
// only they show that the end of the chain was cut off. An error means the chain could not be
// read, not that it is broken.
func (k *Keyring) Verify(ctx context.Context, regency string, chain Chain, kept ...Head) (Report, error) {
	w := &walk{ring: k, regency: regency, kept: map[int64][]Head{}, inserted: map[string]int{}}
	for _, h := range kept {
		w.kept[h.Seq] = append(w.kept[h.Seq], h)
	}
	for {
		blocks, err := chain.Blocks(ctx, w.lastSeq(), blocksAtOnce)
		if err != nil {
			return w.report, fmt.Errorf("verify blocks after %d: %w", w.lastSeq(), err)
		}
		from, to := w.lastSeq()+1, int64(math.MaxInt64)
		if len(blocks) > 0 {
			to = blocks[len(blocks)-1].Seq
		}
		if w.last == nil {
			from = math.MinInt64 // also what claims block 0 or below
		}
		records, err := chain.Records(ctx, from, to)
		if err != nil {
			return w.report, fmt.Errorf("verify entries of blocks %d to %d: %w", from, to, err)
		}
		w.batch(blocks, records)
		if len(blocks) == 0 {
			return w.finish(), nil
		}
	}
}

// walk is the state of one verification.
type walk struct {
	ring     *Keyring
	regency  string
	kept     map[int64][]Head // not met yet, by block
	last     *Block
	report   Report
	removed  []Problem      // held back: an entry that turns up in another block was moved, not removed
	inserted map[string]int // entry id → index in strays
	strays   []Problem
}

func (w *walk) lastSeq() int64 {
	if w.last == nil {
		return 0
	}
	return w.last.Seq
}

func (w *walk) problem(kind ProblemKind, block int64, entry string) {
	w.report.Add(Problem{Kind: kind, Block: block, Entry: entry})
}

func (w *walk) batch(blocks []Block, records []Record) {
	byBlock := map[int64][]Record{}
	for _, r := range records {
		byBlock[r.Block] = append(byBlock[r.Block], r)
	}
	for i := range blocks {
		b := &blocks[i]
		w.link(b)
		w.entries(b, byBlock[b.Seq])
		delete(byBlock, b.Seq)
		w.last = b
	}
	for seq, left := range byBlock {
		for _, r := range left {
			w.stray(r, seq)
		}
	}
}

// link checks a block by itself and against the one before it.
func (w *walk) link(b *Block) {
	w.report.Blocks++
	for missing := w.lastSeq() + 1; missing < b.Seq; missing++ {
		w.problem(BlockRemoved, missing, "")
		if missing-w.lastSeq() >= MaxProblems {
			break
		}
	}
	err := b.signedWhole(w.ring)
	switch {
	case b.Regency != w.regency || errors.Is(err, ErrBadSignature):
		w.problem(BlockChanged, b.Seq, "")
	case errors.Is(err, ErrUnknownKey):
		w.problem(BlockUnknownKey, b.Seq, "")
	}
	var prev [32]byte
	var total int64
	if w.last != nil {
		prev, total = w.last.Hash, w.last.Total
	}
	following := w.lastSeq()+1 == b.Seq
	if following && (b.Prev != prev || b.Total != total+int64(len(b.Entries))) {
		w.problem(BlockUnlinked, b.Seq, "")
	}
	for _, h := range w.kept[b.Seq] {
		if h.Hash != hex.EncodeToString(b.Hash[:]) || h.Regency != w.regency {
			w.problem(HeadMissing, h.Seq, "")
		}
	}
	delete(w.kept, b.Seq)
}

// entries compares the list of a block with the entries that claim it.
func (w *walk) entries(b *Block, records []Record) {
	there := make(map[uuid.UUID]Record, len(records))
	for _, r := range records {
		id, err := uuid.Parse(r.ID)
		if err != nil {
			w.stray(r, b.Seq)
			continue
		}
		there[id] = r
	}
	for _, leaf := range b.Entries {
		r, ok := there[leaf.ID]
		if !ok {
			w.gone(Problem{Kind: EntryRemoved, Block: b.Seq, Entry: leaf.ID.String()})
			continue
		}
		delete(there, leaf.ID)
		w.report.Entries++
		if r.Hash() != leaf.Hash {
			w.problem(EntryChanged, b.Seq, r.ID)
		}
		if w.last != nil && r.At.Before(w.last.SealedAt.Add(-lateBy)) {
			w.report.Late++
		}
	}
	for _, r := range there {
		w.stray(r, b.Seq)
	}
}

// gone holds a missing entry back; beyond a bound that no memory needs to pay for it only counts.
func (w *walk) gone(p Problem) {
	if len(w.removed) >= 100*MaxProblems {
		w.report.More++
		return
	}
	w.removed = append(w.removed, p)
}

func (w *walk) stray(r Record, seq int64) {
	w.inserted[r.ID] = len(w.strays)
	w.strays = append(w.strays, Problem{Kind: EntryInserted, Block: seq, Entry: r.ID})
}

// finish joins what is missing in one block with what is too much in another.
func (w *walk) finish() Report {
	for _, p := range w.removed {
		if i, ok := w.inserted[p.Entry]; ok {
			w.strays[i].Kind = EntryMoved
			continue
		}
		w.problem(p.Kind, p.Block, p.Entry)
	}
	for _, p := range w.strays {
		w.problem(p.Kind, p.Block, p.Entry)
	}
	for seq := range w.kept {
		w.problem(HeadMissing, seq, "")
	}
	if w.last != nil {
		head := w.last.Head()
		w.report.Head = &head
	}
	return w.report
}
