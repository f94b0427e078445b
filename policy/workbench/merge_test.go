package workbench_test

import (
	"bytes"
	"strings"
	"testing"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// edited gives files of a draft with some text in the place of other.
func edited(t *testing.T, d workbench.Draft, path, old, text string) workbench.Change {
	t.Helper()
	after := strings.Replace(string(d.Files[path]), old, text, 1)
	if after == string(d.Files[path]) {
		t.Fatalf("%s holds no %q", path, old)
	}
	return put(path, after)
}

// number changes one number of a draft as the form does.
func (b *bench) number(d workbench.Draft, name string, value int, day string) workbench.Draft {
	b.t.Helper()
	out, _, err := policy.SetParam(d.Bundle(), policy.ParamChange{Name: name, Value: value, ValidFrom: day, Source: "SK Bupati"}, "2026-11-22")
	b.must(err)
	d, err = b.SaveDraft(b.sari(), d.ID, d.Version, put("data.json", string(out.Files["data.json"])))
	b.must(err)
	return d
}

// decided brings a draft into force.
func (b *bench) decided(d workbench.Draft) workbench.Proposal {
	b.t.Helper()
	b.measured(d.Bundle().Hash())
	p, err := b.Propose(b.sari(), d.ID, d.Version, workbench.Ask{Note: d.Name})
	b.must(err)
	b.must(b.Approve(b.bambang(), p.Hash))
	b.must(b.Activate(b.bambang(), p.Hash))
	return p
}

func (b *bench) started(name string) workbench.Draft {
	b.t.Helper()
	d, err := b.StartDraft(b.sari(), name, workbench.Source{})
	b.must(err)
	return d
}

// TestTwoNumbersOfTwoOfficers is the commonest case of all: each changes another number, and both hold in the end.
func TestTwoNumbersOfTwoOfficers(t *testing.T) {
	b := newBench(t)
	slow := b.number(b.started("SKTM"), "sktm_days", 90, "2026-12-01")
	fast := b.decided(b.number(b.started("Desil"), "max_desil", 10, "2027-01-01"))

	// Who never presses the button is told as well, and cannot take the other number back unawares.
	b.measured(slow.Bundle().Hash())
	_, err := b.Propose(b.sari(), slow.ID, slow.Version, workbench.Ask{Note: "x"})
	b.wants(err, fault.Invalid, "not_ready", "Usulan ini akan membatalkan: Desil DTSEN tertinggi yang tergolong tidak mampu: 10 desil mulai 1 Jan 2027.")

	m, is, err := b.Moved(b.sari(), slow)
	b.must(err)
	if !is || len(m.Conflicts) != 0 || len(m.Undone) != 1 {
		t.Fatalf("%+v", m)
	}
	up, err := b.BringUp(b.sari(), slow.ID, slow.Version, workbench.Settled{})
	b.must(err)
	edits, err := policy.ParamEdits(policy.Shipped().Files["data.json"], up.Files["data.json"])
	b.must(err)
	if up.Base != fast.Hash || len(edits) != 2 || edits[0].Name != "max_desil" || edits[1].Name != "sktm_days" {
		t.Fatalf("%s, %+v", up.Base, edits)
	}
	if _, is, _ = b.Moved(b.sari(), up); is {
		t.Error("it is still behind")
	}
	b.decided(up)
}

// TestTheSameNumberOfTwoOfficers is a conflict: nothing is written until somebody says which number holds.
func TestTheSameNumberOfTwoOfficers(t *testing.T) {
	const key = "data.json:max_desil:2027-01-01"
	for name, c := range map[string]struct {
		choice workbench.Choice
		want   string
	}{"theirs": {workbench.TakeTheirs, "10"}, "ours": {workbench.KeepOurs, "7"}} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			slow := b.number(b.number(b.started("Tujuh"), "max_desil", 7, "2027-01-01"), "sktm_days", 90, "2026-12-01")
			fast := b.decided(b.number(b.started("Sepuluh"), "max_desil", 10, "2027-01-01"))
			m, _, err := b.Moved(b.sari(), slow)
			b.must(err)
			if len(m.Conflicts) != 1 || m.Conflicts[0].Key != key || m.Conflicts[0].Theirs.Text != "10 desil" || m.Conflicts[0].Ours.Text != "7 desil" || !m.Conflicts[0].Base.Gone {
				t.Fatalf("%+v", m.Conflicts)
			}
			_, err = b.BringUp(b.sari(), slow.ID, slow.Version, workbench.Settled{Active: fast.Hash})
			b.wants(err, fault.Invalid, "merge_open", "1 hal diubah")
			_, err = b.BringUp(b.sari(), slow.ID, slow.Version, workbench.Settled{Active: fast.Hash, Choices: map[string]workbench.Choice{key: workbench.TakeBoth}})
			b.wants(err, fault.Invalid, "merge_open", "1 hal diubah")
			said := workbench.Settled{Active: slow.Base, Choices: map[string]workbench.Choice{key: c.choice}}
			_, err = b.BringUp(b.sari(), slow.ID, slow.Version, said)
			b.wants(err, fault.Conflict, "merge_moved", "pilihan Anda belum dipakai")
			stored, err := b.Draft(b.sari(), slow.ID)
			b.must(err)
			if stored.Base != slow.Base || stored.Version != slow.Version {
				t.Fatal("something was written before it was settled")
			}
			b.measured(slow.Bundle().Hash())
			_, err = b.Propose(b.sari(), slow.ID, slow.Version, workbench.Ask{Note: "x"})
			b.wants(err, fault.Invalid, "not_ready", "10 desil mulai 1 Jan 2027")
			said.Active = fast.Hash
			up, err := b.BringUp(b.sari(), slow.ID, slow.Version, said)
			b.must(err)
			all, err := policy.Params(up.Bundle())
			b.must(err)
			for _, p := range all {
				if p.Name == "max_desil" && p.ValidFrom == "2027-01-01" && p.Text() != c.want+" desil" || p.Name == "sktm_days" && p.ValidFrom == "2026-12-01" && p.Text() != "90 hari" {
					t.Errorf("%s is %s", p.Name, p.Text())
				}
			}
			if up.Base != fast.Hash {
				t.Error("the base did not move")
			}
		})
	}
}

// TestRulesOfTwoOfficers: lines of one file join; lines that both wrote are put one behind the other when somebody
// says so.
func TestRulesOfTwoOfficers(t *testing.T) {
	b := newBench(t)
	first := "package layak.eligibility"
	begin := b.started("Ekor")
	slow, err := b.SaveDraft(b.sari(), begin.ID, begin.Version, put("need.rego", string(begin.Files["need.rego"])+"# ours\n"))
	b.must(err)
	other := b.started("Kepala")
	other, err = b.SaveDraft(b.sari(), other.ID, other.Version, edited(t, other, "need.rego", first, first+"\n\n# head"))
	b.must(err)
	b.decided(other)
	slow, err = b.BringUp(b.sari(), slow.ID, slow.Version, workbench.Settled{})
	b.must(err)
	if text := string(slow.Files["need.rego"]); !strings.Contains(text, "# head\n") || !strings.HasSuffix(text, "# ours\n") {
		t.Fatalf("%s", text)
	}
	third := b.started("Ekor lain")
	third, err = b.SaveDraft(b.sari(), third.ID, third.Version, put("need.rego", string(third.Files["need.rego"])+"# theirs\n"))
	b.must(err)
	in := b.decided(third)
	m, _, err := b.Moved(b.sari(), slow)
	b.must(err)
	if len(m.Conflicts) != 1 || m.Conflicts[0].File != "need.rego" || m.Conflicts[0].Theirs.Text != "# theirs\n" || m.Conflicts[0].Ours.Text != "# ours\n" || !m.Conflicts[0].Lines() {
		t.Fatalf("%+v", m.Conflicts)
	}
	up, err := b.BringUp(b.sari(), slow.ID, slow.Version, workbench.Settled{Active: in.Hash, Choices: map[string]workbench.Choice{"need.rego#1": workbench.TakeBoth}})
	b.must(err)
	if !bytes.HasSuffix(up.Files["need.rego"], []byte("# theirs\n# ours\n")) {
		t.Errorf("%s", up.Files["need.rego"])
	}
}

// TestFilesOfTwoOfficers: a file that came anew is taken over, one that is gone goes, and one that the one took out
// and the other changed is asked about.
func TestFilesOfTwoOfficers(t *testing.T) {
	for name, c := range map[string]struct {
		theirs, ours workbench.Change
		undone       string
		conflicts    int
	}{
		"a new file":                  {put("kader.rego", "package layak.eligibility\n"), put("need.rego", "package layak.eligibility\n"), "berkas baru kader.rego", 0},
		"a file that is gone":         {workbench.Change{Remove: []string{"segment.rego"}}, put("need.rego", "package layak.eligibility\n"), "penghapusan segment.rego", 0},
		"taken out there, changed":    {workbench.Change{Remove: []string{"need.rego"}}, put("need.rego", "package layak.eligibility\n"), "", 1},
		"changed there, taken out":    {put("need.rego", "package layak.eligibility\n"), workbench.Change{Remove: []string{"need.rego"}}, "", 1},
		"a broken file of parameters": {put("data.json", "{}\n"), put("data.json", "{"), "", 1},
		"the same on both sides":      {put("need.rego", "package layak.eligibility\n"), put("need.rego", "package layak.eligibility\n"), "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			slow, fast := b.started("Lambat"), b.started("Cepat")
			slow, err := b.SaveDraft(b.sari(), slow.ID, slow.Version, c.ours)
			b.must(err)
			fast, err = b.SaveDraft(b.as("dewi", auth.PolicyOfficer), fast.ID, fast.Version, c.theirs)
			b.must(err)
			in := b.decided(fast)
			m, _, err := b.Moved(b.sari(), slow)
			b.must(err)
			if strings.Join(m.Undone, ", ") != c.undone || len(m.Conflicts) != c.conflicts {
				t.Fatalf("undone %v, conflicts %+v", m.Undone, m.Conflicts)
			}
			said := workbench.Settled{Active: in.Hash, Choices: map[string]workbench.Choice{}}
			for _, x := range m.Conflicts {
				said.Choices[x.Key] = workbench.TakeTheirs
			}
			up, err := b.BringUp(b.sari(), slow.ID, slow.Version, said)
			b.must(err)
			for path := range c.theirs.Put {
				if !bytes.Equal(up.Files[path], c.theirs.Put[path]) {
					t.Errorf("%s is %q", path, up.Files[path])
				}
			}
			for _, path := range c.theirs.Remove {
				if _, there := up.Files[path]; there {
					t.Errorf("%s is still there", path)
				}
			}
		})
	}
}

// TestAnApprovedProposalSaysWhatItTakesBack once other rules came into force.
func TestAnApprovedProposalSaysWhatItTakesBack(t *testing.T) {
	b := newBench(t)
	slow := b.number(b.started("SKTM"), "sktm_days", 90, "2026-12-01")
	b.measured(slow.Bundle().Hash())
	p, err := b.Propose(b.sari(), slow.ID, slow.Version, workbench.Ask{Note: "x"})
	b.must(err)
	b.must(b.Approve(b.bambang(), p.Hash))
	b.decided(b.number(b.started("Desil"), "max_desil", 10, "2027-01-01"))
	b.wants(b.Activate(b.bambang(), p.Hash), fault.Conflict, "base_moved", "membatalkan: Desil DTSEN tertinggi yang tergolong tidak mampu: 10 desil mulai 1 Jan 2027")
}

// TestAPreviewAgainstRulesOfBeforeIsNone: after a draft was brought up, its impact is counted anew.
func TestAPreviewAgainstRulesOfBeforeIsNone(t *testing.T) {
	b := newBench(t)
	d := b.draft("Lama")
	b.inForce("Lain")
	m, _, err := b.Moved(b.sari(), d)
	b.must(err)
	up, err := b.BringUp(b.sari(), d.ID, d.Version, workbench.Settled{Active: m.Active.Hash, Choices: map[string]workbench.Choice{"need.rego#1": workbench.KeepOurs}})
	b.must(err)
	b.impacts[up.Bundle().Hash()+d.Base] = workbench.Impact{People: 10, Compared: 10}
	_, err = b.Propose(b.sari(), up.ID, up.Version, workbench.Ask{Note: "x"})
	b.wants(err, fault.Invalid, "not_ready", "belum dihitung")
}
