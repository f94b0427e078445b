package main

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"layak/eligibility"
	"layak/policy"
	"layak/policy/workbench"
)

// policyLifeCmds bring rules from a folder into force and back. They act as the person of the operating
// system; whoever proposed cannot approve here either.
type policyLifeCmds struct {
	Propose  policyProposeCmd  `cmd:"" help:"Usulkan isi folder aturan sebagai versi baru."`
	Approve  policyApproveCmd  `cmd:"" help:"Setujui usulan; oleh orang lain dari yang menulis."`
	Reject   policyRejectCmd   `cmd:"" help:"Tolak usulan dengan alasan."`
	Activate policyActivateCmd `cmd:"" help:"Berlakukan versi yang sudah disetujui, sekarang atau pada waktu tertentu."`
	Rollback policyRollbackCmd `cmd:"" help:"Kembalikan ke versi yang dulu pernah berlaku."`
	Stop     policyStopCmd     `cmd:"" help:"Hentikan darurat: kembali ke versi sebelumnya sekarang juga."`
	Freeze   policyFreezeCmd   `cmd:"" help:"Masa beku: waktu ketika versi lain tidak boleh mulai berlaku."`
}

type policyProposeCmd struct {
	Dir     string `arg:"" help:"Folder aturan."`
	Name    string `help:"Nama konsep (nama folder)."`
	Note    string `required:"" help:"Apa yang diubah dan mengapa."`
	Confirm string `placeholder:"JUMLAH" help:"Jumlah orang yang hasilnya berubah, bila diminta."`
}

// Run verifies, tests and measures the folder, then freezes it as a proposal.
func (c *policyProposeCmd) Run(k *call) error {
	bundle, err := readRules(c.Dir)
	if err != nil {
		return err
	}
	return k.with(func(p *Program) error {
		name := c.Name
		if name == "" {
			name = strings.TrimRight(c.Dir, `/\`)
		}
		err := p.measure(k, bundle)
		if err != nil {
			return err
		}
		r, err := p.Workbench.ProposeBundle(k, lastRunes(name, 100), bundle, workbench.Ask{Note: c.Note, Confirm: c.Confirm})
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"proposal": r})
		}
		k.printf("Diusulkan sebagai versi %d (%s). Uji: %d lulus.\n", r.Number, short(r.Hash), r.Report.Tests.Passed)
		if i := r.Report.Impact; i != nil {
			k.printf("Dampak: %d orang menjadi layak, %d tidak lagi, %d berubah alasan.\n", i.Gained, i.Lost, i.Other)
		}
		k.printf("Orang lain yang berhak menyetujui: layak policy approve %d\n", r.Number)
		return nil
	})
}

// lastRunes keeps the end of a text.
func lastRunes(text string, n int) string {
	r := []rune(text)
	return string(r[max(0, len(r)-n):])
}

// findRevision reads a revision by its hash, the beginning of it, or its number; "active" is the one in force.
func findRevision(k *call, p *Program, name string) (policy.Revision, error) {
	return (&policyExportCmd{Revision: name}).find(k, p)
}

// onRevision does one act on the revision of that name and tells what became of it.
func onRevision(k *call, name string, act func(p *Program, r policy.Revision) error) error {
	return k.with(func(p *Program) error {
		r, err := findRevision(k, p, name)
		if err != nil {
			return err
		}
		err = act(p, r)
		if err != nil {
			return err
		}
		return k.tellRevision(p, r.Hash)
	})
}

func (k *call) tellRevision(p *Program, hash string) error {
	r, err := p.DB.Revision(k, hash)
	if err != nil {
		return err
	}
	if k.JSON {
		return k.printJSON(map[string]any{"policy": r})
	}
	k.printf("Versi %d (%s): %s.\n", r.Number, short(r.Hash), stageWords[r.Stage])
	return nil
}

type policyApproveCmd struct {
	Revision string `arg:"" help:"Hash versi aturan atau nomornya."`
}

// Run approves a proposal.
func (c *policyApproveCmd) Run(k *call) error {
	return onRevision(k, c.Revision, func(p *Program, r policy.Revision) error { return p.Workbench.Approve(k, r.Hash) })
}

type policyRejectCmd struct {
	Revision string `arg:"" help:"Hash versi aturan atau nomornya."`
	Reason   string `required:"" help:"Alasan, dibaca pengusul."`
}

// Run rejects a proposal.
func (c *policyRejectCmd) Run(k *call) error {
	return onRevision(k, c.Revision, func(p *Program, r policy.Revision) error { return p.Workbench.Reject(k, r.Hash, c.Reason) })
}

type policyActivateCmd struct {
	Revision string `arg:"" help:"Hash versi aturan atau nomornya."`
	From     string `placeholder:"WAKTU" help:"Mulai berlaku: 2027-01-01 atau 2027-01-01T08:00 (WIB); tanpa ini sekarang."`
}

// Run brings a revision into force, or says when the service is to do so.
func (c *policyActivateCmd) Run(k *call) error {
	when, err := parseMoment(c.From)
	if err != nil {
		return err
	}
	return onRevision(k, c.Revision, func(p *Program, r policy.Revision) error {
		if when.IsZero() {
			return p.Workbench.Activate(k, r.Hash)
		}
		err := p.Workbench.Schedule(k, r.Hash, when)
		if err == nil && !k.JSON {
			k.printf("Mulai berlaku %s WIB, selama layanan (layak serve) berjalan.\n", when.Format("2006-01-02 15:04"))
		}
		return err
	})
}

// parseMoment reads a day or a minute in western Indonesian time; "" is no moment.
func parseMoment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02 15:04"} {
		t, err := time.ParseInLocation(layout, text, eligibility.WIB)
		if err == nil {
			return t, nil
		}
	}
	return time.Time{}, usagef("Waktu ditulis seperti 2027-01-01 atau 2027-01-01T08:00, bukan %s.", text)
}

type policyRollbackCmd struct {
	Revision string `arg:"" help:"Hash versi aturan atau nomornya."`
	Reason   string `required:"" help:"Alasan."`
}

// Run measures what going back changes, and goes back.
func (c *policyRollbackCmd) Run(k *call) error {
	return onRevision(k, c.Revision, func(p *Program, r policy.Revision) error {
		bundle, err := policy.ReadTarGz(bytes.NewReader(r.Bundle))
		if err != nil {
			return err
		}
		err = p.measure(k, bundle)
		if err != nil {
			return err
		}
		return p.Workbench.Rollback(k, r.Hash, c.Reason)
	})
}

type policyStopCmd struct {
	Reason string `required:"" help:"Alasan, dilihat semua petugas."`
}

// Run goes back to the rules before those in force at once.
func (c *policyStopCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		w, err := p.Workbench.Stop(k, c.Reason)
		if err != nil {
			return err
		}
		return k.tellRevision(p, w.Hash)
	})
}

type policyFreezeCmd struct {
	Add    policyFreezeAddCmd    `cmd:"" help:"Tambah masa beku."`
	List   policyFreezeListCmd   `cmd:"" help:"Daftar masa beku."`
	Remove policyFreezeRemoveCmd `cmd:"" help:"Hapus masa beku."`
}

type policyFreezeAddCmd struct {
	From   string `arg:"" help:"Hari pertama, YYYY-MM-DD."`
	Until  string `arg:"" help:"Hari terakhir, YYYY-MM-DD."`
	Reason string `required:"" help:"Alasan, misalnya Pilkada 2029."`
}

// Run adds a freeze.
func (c *policyFreezeAddCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		f, err := p.Workbench.AddFreeze(k, workbench.Freeze{From: c.From, Until: c.Until, Reason: c.Reason})
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"freeze": f})
		}
		k.printf("Aturan dibekukan dari %s sampai %s.\n", f.From, f.Until)
		return nil
	})
}

type policyFreezeListCmd struct{}

// Run lists the freezes.
func (c *policyFreezeListCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		all, err := p.Workbench.Freezes(k)
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"freezes": append([]workbench.Freeze{}, all...)})
		}
		var rows [][]string
		for i, f := range all {
			rows = append(rows, []string{strconv.Itoa(i + 1), f.From, f.Until, f.Reason, f.By, f.ID})
		}
		return k.table([]string{"NO", "DARI", "SAMPAI", "ALASAN", "OLEH", "ID"}, rows)
	})
}

type policyFreezeRemoveCmd struct {
	ID string `arg:"" help:"ID dari daftar."`
}

// Run removes a freeze.
func (c *policyFreezeRemoveCmd) Run(k *call) error {
	return k.with(func(p *Program) error { return p.Workbench.RemoveFreeze(k, c.ID) })
}
