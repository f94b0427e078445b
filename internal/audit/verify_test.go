package audit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"layak/internal/audit"
)

// memory is a chain in memory that a test may tamper with.
type memory struct {
	blocks  []audit.Block
	records []audit.Record
}

func (m *memory) Blocks(_ context.Context, after int64, limit int) ([]audit.Block, error) {
	var out []audit.Block
	for _, b := range m.blocks {
		if b.Seq > after && len(out) < limit {
			out = append(out, b)
		}
	}
	return out, nil
}

func (m *memory) Records(_ context.Context, from, to int64) ([]audit.Record, error) {
	var out []audit.Record
	for _, r := range m.records {
		if r.Block >= from && r.Block <= to {
			out = append(out, r)
		}
	}
	return out, nil
}

func ring(t interface{ Fatal(...any) }, b byte) *audit.Keyring {
	k, err := audit.NewKeyring(slices.Repeat([]byte{b}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

var morning = time.Date(2026, 11, 21, 8, 0, 0, 0, time.UTC)

// sealed builds a chain of n blocks with three entries each, one block a second.
func sealed(t interface{ Fatal(...any) }, k *audit.Keyring, n int) *memory {
	m := &memory{}
	for i := range n {
		m.add(t, k, 3, morning.Add(time.Duration(i)*time.Second))
	}
	return m
}

func (m *memory) add(t interface{ Fatal(...any) }, k *audit.Keyring, n int, at time.Time) {
	var batch []audit.Record
	for i := range n {
		r, err := k.Record(audit.Entry{
			ID: uuid.Must(uuid.NewV7()).String(), At: at, Actor: "rini", Act: "person.view",
			Object: "resident", ObjectID: fmt.Sprint(i), Person: "3509190101900001", Payload: []byte{byte(i)},
		})
		if err != nil {
			t.Fatal(err)
		}
		batch = append(batch, r)
	}
	var prev *audit.Block
	if len(m.blocks) > 0 {
		prev = &m.blocks[len(m.blocks)-1]
	}
	b, err := k.Seal("35.09", prev, batch, at.Add(time.Second))
	if err != nil {
		t.Fatal(err)
	}
	for i := range batch {
		batch[i].Block = b.Seq
	}
	m.blocks = append(m.blocks, b)
	m.records = append(m.records, batch...)
}

func (m *memory) reseal(k *audit.Keyring, from int) {
	for i := from; i < len(m.blocks); i++ {
		var prev *audit.Block
		if i > 0 {
			prev = &m.blocks[i-1]
		}
		var own []audit.Record
		for _, r := range m.records {
			if r.Block == m.blocks[i].Seq {
				own = append(own, r)
			}
		}
		b, _ := k.Seal("35.09", prev, own, m.blocks[i].SealedAt)
		m.blocks[i] = b
	}
}

func TestVerifyFindsTampering(t *testing.T) {
	k := ring(t, 1)
	const blocks = 40 // more than one reading
	cases := []struct {
		name   string
		tamper func(m *memory)
		want   []audit.Problem // Entry is left out of the comparison
	}{
		{"nothing touched", func(*memory) {}, nil},
		{"actor changed", func(m *memory) { m.records[4].Actor = "budi" }, []audit.Problem{{Kind: audit.EntryChanged, Block: 2}}},
		{"time changed", func(m *memory) { m.records[4].At = m.records[4].At.Add(time.Microsecond) }, []audit.Problem{{Kind: audit.EntryChanged, Block: 2}}},
		{"text moved from one field to the next", func(m *memory) {
			m.records[4].Object, m.records[4].ObjectID = "residen", "t1"
		}, []audit.Problem{{Kind: audit.EntryChanged, Block: 2}}},
		{"person wiped", func(m *memory) { m.records[4].PersonHash = "" }, []audit.Problem{{Kind: audit.EntryChanged, Block: 2}}},
		{"entry removed", func(m *memory) { m.records = slices.Delete(m.records, 4, 5) }, []audit.Problem{{Kind: audit.EntryRemoved, Block: 2}}},
		{"entry inserted", func(m *memory) {
			r := m.records[4]
			r.ID = uuid.Must(uuid.NewV7()).String()
			m.records = append(m.records, r)
		}, []audit.Problem{{Kind: audit.EntryInserted, Block: 2}}},
		{"entry inserted after the end", func(m *memory) {
			r := m.records[4]
			r.ID, r.Block = uuid.Must(uuid.NewV7()).String(), 99
			m.records = append(m.records, r)
		}, []audit.Problem{{Kind: audit.EntryInserted, Block: 99}}},
		{"entry under a block that cannot be", func(m *memory) {
			r := m.records[4]
			r.ID, r.Block = uuid.Must(uuid.NewV7()).String(), -3
			m.records = append(m.records, r)
		}, []audit.Problem{{Kind: audit.EntryInserted, Block: -3}}},
		{"entry moved to a later block", func(m *memory) { m.records[4].Block = 37 }, []audit.Problem{{Kind: audit.EntryMoved, Block: 37}}},
		{"two entries change places", func(m *memory) {
			m.records[3].ID, m.records[4].ID = m.records[4].ID, m.records[3].ID
		}, []audit.Problem{{Kind: audit.EntryChanged, Block: 2}, {Kind: audit.EntryChanged, Block: 2}}},
		{"order inside a block changed", func(m *memory) {
			e := slices.Clone(m.blocks[4].Entries)
			e[0], e[1] = e[1], e[0]
			m.blocks[4].Entries = e
		}, []audit.Problem{{Kind: audit.BlockChanged, Block: 5}}},
		{"block dated back", func(m *memory) { m.blocks[4].SealedAt = morning }, []audit.Problem{{Kind: audit.BlockChanged, Block: 5}}},
		{"block removed, its entries left", func(m *memory) { m.blocks = slices.Delete(m.blocks, 4, 5) }, []audit.Problem{
			{Kind: audit.BlockRemoved, Block: 5}, {Kind: audit.EntryInserted, Block: 5}, {Kind: audit.EntryInserted, Block: 5}, {Kind: audit.EntryInserted, Block: 5}}},
		{"first block removed with its entries", func(m *memory) {
			m.blocks, m.records = m.blocks[1:], m.records[3:]
		}, []audit.Problem{{Kind: audit.BlockRemoved, Block: 1}}},
		{"block and list rebuilt without the key", func(m *memory) {
			m.records = slices.Delete(m.records, 4, 5)
			m.reseal(ring(t, 9), 1)
		}, func() (out []audit.Problem) {
			for i := int64(2); i <= blocks; i++ {
				out = append(out, audit.Problem{Kind: audit.BlockUnknownKey, Block: i})
			}
			return out
		}()},
		{"one block sealed anew with the key", func(m *memory) {
			m.records = slices.Delete(m.records, 4, 5)
			rest := slices.Clone(m.blocks[2:])
			m.reseal(k, 1)
			copy(m.blocks[2:], rest)
		}, []audit.Problem{{Kind: audit.BlockUnlinked, Block: 3}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m := sealed(t, k, blocks)
			c.tamper(m)
			report, err := k.Verify(context.Background(), "35.09", m)
			if err != nil {
				t.Fatal(err)
			}
			got := slices.Clone(report.Problems)
			for i := range got {
				if got[i].String() == "" {
					t.Errorf("no sentence for %s", got[i].Kind)
				}
				got[i].Entry = ""
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("problems %v, want %v", report.Problems, c.want)
			}
			if report.Whole() != (len(c.want) == 0) {
				t.Errorf("Whole() = %v", report.Whole())
			}
		})
	}
}

// TestOneFlippedFieldIsAlwaysFound lets rapid choose what is changed.
func TestOneFlippedFieldIsAlwaysFound(t *testing.T) {
	k := ring(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		m := sealed(t, k, rapid.IntRange(1, 4).Draw(t, "blocks"))
		r := &m.records[rapid.IntRange(0, len(m.records)-1).Draw(t, "record")]
		fields := []*string{&r.ID, &r.Actor, &r.Act, &r.Object, &r.ObjectID, &r.PersonHash, &r.Purpose, &r.PayloadHash}
		field := fields[rapid.IntRange(0, len(fields)-1).Draw(t, "field")]
		was := *field
		*field = rapid.String().Filter(func(s string) bool { return s != was }).Draw(t, "value")
		report, err := k.Verify(context.Background(), "35.09", m)
		if err != nil || report.Whole() {
			t.Fatalf("%q for %q went unnoticed (%v)", *field, was, err)
		}
	})
}

// TestKeptHead: only a head kept elsewhere shows that the end was cut off.
func TestKeptHead(t *testing.T) {
	k := ring(t, 1)
	m := sealed(t, k, 5)
	head, err := audit.ParseHead(m.blocks[4].Head().String())
	if err != nil || k.Check(head) != nil {
		t.Fatalf("head does not survive its line: %v, %v", err, k.Check(head))
	}
	whole, _ := k.Verify(context.Background(), "35.09", m, head)
	if !whole.Whole() || whole.Entries != 15 || whole.Head.Total != 15 {
		t.Errorf("untouched chain: %+v", whole)
	}
	m.blocks, m.records = m.blocks[:4], m.records[:12]
	blind, _ := k.Verify(context.Background(), "35.09", m)
	if !blind.Whole() {
		t.Errorf("without the head the cut cannot be seen, yet: %v", blind.Problems)
	}
	cut, _ := k.Verify(context.Background(), "35.09", m, head)
	if len(cut.Problems) != 1 || cut.Problems[0].Kind != audit.HeadMissing || cut.Problems[0].Block != 5 {
		t.Errorf("cut chain: %v", cut.Problems)
	}
	m.add(t, k, 1, morning)
	again, _ := k.Verify(context.Background(), "35.09", m, head)
	if len(again.Problems) != 1 || again.Problems[0].Kind != audit.HeadMissing {
		t.Errorf("cut and grown chain: %v", again.Problems)
	}
}

func TestForgedHead(t *testing.T) {
	k := ring(t, 1)
	head := sealed(t, k, 2).blocks[1].Head()
	forged := head
	forged.Total++
	if err := k.Check(forged); !errors.Is(err, audit.ErrBadSignature) {
		t.Errorf("forged total: %v", err)
	}
	if err := ring(t, 2).Check(head); !errors.Is(err, audit.ErrUnknownKey) {
		t.Errorf("foreign key: %v", err)
	}
	for _, line := range []string{"", "layak-head-1 35.09 x 1 2 3 4 5", "hello"} {
		if _, err := audit.ParseHead(line); err == nil {
			t.Errorf("%q is a head", line)
		}
	}
}

// TestLate: an entry dated well before the block ahead of its own is counted.
func TestLate(t *testing.T) {
	k := ring(t, 1)
	m := sealed(t, k, 2)
	m.add(t, k, 2, morning.Add(-3*time.Hour))
	report, _ := k.Verify(context.Background(), "35.09", m)
	if report.Late != 2 || !report.Whole() {
		t.Errorf("%+v", report)
	}
}

func TestRecordRefusesWhatCannotBeTold(t *testing.T) {
	k := ring(t, 1)
	good := audit.Entry{ID: uuid.NewString(), Actor: "rini", Act: "person.view"}
	cases := map[string]func(*audit.Entry){
		"no id":    func(e *audit.Entry) { e.ID = "" },
		"no actor": func(e *audit.Entry) { e.Actor = "" },
		"no act":   func(e *audit.Entry) { e.Act = "" },
	}
	for name, spoil := range cases {
		e := good
		spoil(&e)
		if _, err := k.Record(e); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
