package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"

	"layak/eligibility"
	"layak/eligibility/impact"
	"layak/internal/fault"
	"layak/policy"
)

// policyImpactCmd counts what other rules would change.
type policyImpactCmd struct {
	Rules   string `arg:"" placeholder:"DIR|REV" help:"Folder aturan, atau hash atau nomor versi."`
	Against string `placeholder:"REV" help:"Versi pembanding (yang sedang berlaku)." default:"active"`
	On      string `placeholder:"TANGGAL" help:"Hari layanan, YYYY-MM-DD. Tanpa ini: hari mulai berlakunya angka yang diubah, atau hari ini."`
	Full    bool   `help:"Periksa ulang 1 % dari semua orang satu per satu, seperti yang diperlukan usulan."`
	Replay  int    `placeholder:"BULAN" help:"Hitung ulang hasil cek sekian bulan terakhir, bukan seluruh penduduk."`

	Complaints bool `help:"Lihat apa yang berubah bagi aduan yang masih terbuka, bukan bagi penduduk."`
}

// Run computes, stores and prints; exit 1 when the self-check found a difference.
func (c *policyImpactCmd) Run(k *call) error {
	if c.Replay < 0 {
		return usagef("Isi --replay dengan banyaknya bulan, paling sedikit 1.")
	}
	return k.with(func(p *Program) error {
		draft, err := c.bundle(k, p, c.Rules)
		if err != nil {
			return err
		}
		base, err := c.stored(k, p, c.Against)
		if err != nil {
			return err
		}
		run, err := c.compute(k, p, base, draft)
		if err != nil {
			return err
		}
		if k.JSON {
			err = k.printJSON(run)
		} else {
			k.printImpact(run, newImpactWords(base, draft, run))
			k.tellNeeds(p.Impact.Needs(base, draft), run)
		}
		if err == nil && run.State == impact.Void {
			err = fault.New(fault.Conflict, "impact_void", run.Message)
		}
		return err
	})
}

// compute does the run that was asked for, and shows how far it is.
func (c *policyImpactCmd) compute(k *call, p *Program, base, draft policy.Bundle) (impact.Run, error) {
	line := newProgress(k.err, k.JSON)
	defer line.done()
	switch {
	case c.Replay > 0:
		return p.Impact.DoReplay(k, impact.ReplayRequest{Base: base, Draft: draft, Months: c.Replay}, line.counting)
	case c.Complaints:
		return p.Impact.DoRouting(k, impact.Request{Base: base, Draft: draft, ServiceOn: c.On}, line.counting)
	}
	return p.Impact.Do(k, impact.Request{Base: base, Draft: draft, ServiceOn: c.On, Full: c.Full}, line.counting)
}

// bundle reads a folder, or else a stored revision.
func (c *policyImpactCmd) bundle(k *call, p *Program, name string) (policy.Bundle, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return readRules(name)
	}
	return c.stored(k, p, name)
}

func (c *policyImpactCmd) stored(k *call, p *Program, name string) (policy.Bundle, error) {
	r, err := findRevision(k, p, name)
	if err != nil {
		return policy.Bundle{}, err
	}
	return bundleOf(r)
}

// bundleOf unpacks the stored bytes of a revision.
func bundleOf(r policy.Revision) (policy.Bundle, error) {
	b, err := policy.ReadTarGz(bytes.NewReader(r.Bundle))
	if err != nil {
		return policy.Bundle{}, fmt.Errorf("rule revision %s: %w", r.Hash, err)
	}
	return b, nil
}

var stageNames = map[string]string{
	"build": "menyusun data penduduk", "load": "memuat data penduduk", "rules": "membaca aturan", "scan": "mengelompokkan",
	"decide": "memutuskan per kelompok", "check": "memeriksa satu per satu", "replay": "menghitung ulang hasil cek",
	"complaints": "membaca aduan terbuka",
}

// counting shows how far a run is.
func (p *progress) counting(s impact.Progress) {
	if !p.live {
		return
	}
	text := fmt.Sprintf("%-26s", stageNames[s.Stage])
	if s.Done > 0 {
		text += " " + strconv.Itoa(s.Done)
	}
	if s.Total > 0 {
		text += " dari " + strconv.Itoa(s.Total)
	}
	p.draw(text)
}

// groupNames are what changes for people.
var groupNames = map[impact.Group]string{
	impact.Gained: "menjadi layak", impact.Lost: "tidak lagi layak", impact.Unclear: "perlu ditanya dulu",
	impact.Reason: "alasan atau saran lain", impact.Failed: "tidak dapat dihitung", impact.Same: "tetap",
}

// printImpact prints a run for a person, in words; --json has the codes.
func (k *call) printImpact(r impact.Run, words impactWords) {
	k.printf("Aturan %s dibandingkan dengan %s\n", short(r.Draft), short(r.Base))
	if r.Replay != nil {
		k.printReplay(r.Replay)
		return
	}
	if r.Routing != nil {
		k.printRouting(r.Routing)
		return
	}
	v := r.Preview
	k.printf("Dihitung untuk layanan %s\n", eligibility.Date(v.ServiceOn).Words())
	k.printCounts(v.Counts)
	k.printf("  layak: %s sekarang, %s nanti\n", thousands(v.Counts.Before), thousands(v.Counts.After))
	if c := v.Cost; c != nil {
		k.printf("  biaya: %s rupiah sebulan (iuran %s per orang sejak %s)\n", signedThousands(c.Net), thousands(int(c.Premium)), c.ValidFrom)
		if c.Dearer != 0 {
			k.printf("    karena orang yang berubah: %s; karena iuran berubah dari %s bagi %s orang yang sudah dibayar: %s\n",
				signedThousands(c.Others()), thousands(int(c.Before)), thousands(c.Paid), signedThousands(c.Dearer))
		}
	}
	if len(v.Where) > 0 {
		k.printf("Di mana berbeda:\n")
	}
	for _, d := range v.Where {
		k.printf("  %8s  %s\n", thousands(d.People), groupNames[d.Group])
		for _, why := range words.thenAndNow(d.Gone, d.New) {
			k.printf("            %s\n", why)
		}
		for _, w := range d.Where {
			k.printf("            %s\n", words.where(w))
		}
	}
	for _, d := range v.Dimensions {
		if d.Key == "village" || v.Counts.Changed() == 0 {
			continue
		}
		k.printf("%s:\n", d.Title)
		for _, row := range d.Rows {
			if row.Changed() > 0 {
				k.printf("  %-28s %9s  +%s  -%s  ?%s  alasan %s\n", row.Name, thousands(row.People), thousands(row.Gained),
					thousands(row.Lost), thousands(row.Unclear), thousands(row.Reason))
			}
		}
	}
	if len(v.Profile) > 0 {
		k.printf("Dibaca aturan:\n")
	}
	for _, f := range v.Profile {
		k.printf("  %s\n", words.column(f, v.Counts.People))
	}
	k.printf("%s orang dalam %s kelompok (%s), %d ms. Diperiksa satu per satu: %s orang, %d berbeda.\n", thousands(v.Counts.People),
		thousands(v.Classes), pathNames[v.Path], v.Timing.Total, thousands(v.Check.Compared), v.Check.Differences)
	if v.Why != "" {
		k.printf("Jalur lambat: %s\n", v.Why)
	}
}

var pathNames = map[string]string{"conditions": "menurut syarat", "values": "menurut nilai", "each": "hampir tiap orang sendiri"}

func (k *call) printCounts(c impact.Counts) {
	for _, g := range []struct {
		group impact.Group
		n     int
	}{{impact.Gained, c.Gained}, {impact.Lost, c.Lost}, {impact.Unclear, c.Unclear}, {impact.Reason, c.Reason}, {impact.Failed, c.Failed}, {impact.Same, c.Same}} {
		k.printf("%11s  %s\n", thousands(g.n), groupNames[g.group])
	}
}

func (k *call) printReplay(r *impact.Replayed) {
	k.printf("%s hasil cek sejak %s\n", thousands(r.Answers), r.Since.Format("2006-01-02"))
	for _, part := range []struct {
		title string
		impact.Compared
	}{{"Dengan fakta waktu itu:", r.Stored}, {"Dengan data hari ini:", r.Today}} {
		k.printf("%s\n", part.title)
		k.printCounts(part.Counts)
		for _, a := range part.Changed[:min(10, len(part.Changed))] {
			k.printf("    %s  %s -> %s\n", a.ID, orWord(outcomeWords, a.From), orWord(outcomeWords, a.To))
		}
	}
}

// thousands writes a number with dots between the thousands.
func thousands(n int) string {
	s := strconv.Itoa(max(n, -n))
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	if n < 0 {
		return "-" + s
	}
	return s
}

func signedThousands(n int64) string {
	if n > 0 {
		return "+" + thousands(int(n))
	}
	return thousands(int(n))
}
