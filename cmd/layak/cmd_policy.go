package main

import (
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"layak/eligibility"
	"layak/internal/fault"
	"layak/policy"
)

// policyCmd works on rule files and stored revisions.
type policyCmd struct {
	Verify policyVerifyCmd `cmd:"" help:"Periksa folder aturan: susunan, jenis nilai, keterangan tiap aturan."`
	Test   policyTestCmd   `cmd:"" help:"Jalankan uji Rego di folder aturan."`
	Fmt    policyFmtCmd    `cmd:"" help:"Rapikan tulisan berkas Rego."`
	Case   policyCaseCmd   `cmd:"" help:"Jadikan satu hasil cek sebuah uji Rego tanpa data pribadi."`
	List   policyListCmd   `cmd:"" help:"Daftar versi aturan yang tersimpan."`
	Impact policyImpactCmd `cmd:"" help:"Hitung apa yang berubah bila aturan lain berlaku."`
	policyLifeCmds
	policySignCmds
	Worker policyWorkerCmd `cmd:"" hidden:"" help:"Jalankan aturan yang dicoba dalam proses tersendiri."`
}

func readRules(dir string) (policy.Bundle, error) {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return policy.Bundle{}, usagef("%s bukan folder aturan.", dir)
	}
	return policy.ReadBundle(os.DirFS(dir))
}

type policyVerifyCmd struct {
	Dir string `arg:"" help:"Folder aturan."`
}

// Run lists what keeps the rules from being used, with what to do about it; exit 1 when anything does.
func (c *policyVerifyCmd) Run(k *call) error {
	bundle, err := readRules(c.Dir)
	if err != nil {
		return err
	}
	pool := rulesOnTrial()
	defer pool.Close()
	problems, err := pool.Verify(k, bundle)
	if err != nil {
		return err
	}
	if k.JSON {
		err = k.printJSON(map[string]any{"revision": bundle.Hash(), "problems": append([]policy.Problem{}, problems...)})
		if err != nil {
			return err
		}
	}
	blocking := 0
	for _, p := range problems {
		if p.Blocks() {
			blocking++
		}
		if !k.JSON {
			k.printf("%s %s\n", levelWord(p), p)
			if p.Fix != "" {
				k.printf("    %s\n", p.Fix)
			}
		}
	}
	if blocking > 0 {
		return fault.New(fault.Invalid, "rules_invalid", "Aturan belum dapat dipakai: "+strconv.Itoa(blocking)+" hal perlu dibenahi.")
	}
	if !k.JSON {
		k.printf("Aturan dapat dipakai. Versi %s\n", short(bundle.Hash()))
	}
	return nil
}

func levelWord(p policy.Problem) string {
	if p.Blocks() {
		return "SALAH"
	}
	return "CATATAN"
}

type policyTestCmd struct {
	Dir string `arg:"" help:"Folder aturan."`
}

// Run runs the Rego tests; exit 1 when one does not pass or there is none.
func (c *policyTestCmd) Run(k *call) error {
	bundle, err := readRules(c.Dir)
	if err != nil {
		return err
	}
	pool := rulesOnTrial()
	defer pool.Close()
	report, err := pool.Test(k, bundle)
	if err != nil {
		return err
	}
	if k.JSON {
		err = k.printJSON(report)
		if err != nil {
			return err
		}
	} else {
		k.printTests(report)
	}
	switch {
	case len(report.Results) == 0:
		return fault.New(fault.Invalid, "no_tests", "Tidak ada uji di folder ini (berkas *_test.rego).")
	case report.Failed > 0:
		return fault.New(fault.Invalid, "tests_failed", strconv.Itoa(report.Failed)+" uji aturan tidak lulus.")
	}
	return nil
}

// printTests prints each test with its cases, of those that did not pass the line that failed, what the
// tests reach, and which causes of refusal lack a case.
func (k *call) printTests(report policy.TestReport) {
	for _, r := range report.Results {
		k.printf("%s %s:%d %s\n", passWord(r.Pass), r.File, r.Row, r.Name)
		for _, c := range r.Cases {
			k.printf("    %s %s\n", passWord(c.Pass), c.Name)
		}
		if !r.Pass {
			k.printf("    %s\n", r.Message)
		}
		if r.Output != "" {
			k.printf("    tercetak: %s\n", strings.TrimSpace(r.Output))
		}
	}
	for _, f := range report.Coverage {
		k.printf("%5.1f %% %s%s\n", f.Percent, f.File, missedLines(f))
	}
	for _, c := range report.Causes {
		if c.Missing != "" {
			k.printf("KURANG %s:%d %s\n", c.File, c.Row, c.Missing)
		}
	}
	k.printf("%d dari %d uji lulus; %.1f %% baris aturan tercapai.\n", report.Passed, len(report.Results), report.Covered)
}

func passWord(pass bool) string {
	if pass {
		return "LULUS"
	}
	return "GAGAL"
}

// missedLines names the lines of a file that no test reached; a star marks those that the machine passed
// over because of its index or because the answer was certain already.
func missedLines(f policy.FileCoverage) string {
	if len(f.NotCovered) == 0 {
		return ""
	}
	parts := make([]string, len(f.NotCovered))
	for i, r := range f.NotCovered {
		parts[i] = strconv.Itoa(r.From)
		if r.To > r.From {
			parts[i] += "-" + strconv.Itoa(r.To)
		}
		if r.Reason != "" {
			parts[i] += "*"
		}
	}
	return ", belum: " + strings.Join(parts, " ")
}

type policyFmtCmd struct {
	Dir string `arg:"" help:"Folder aturan."`
}

// Run rewrites the files that are not laid out as `opa fmt` does, and names them.
func (c *policyFmtCmd) Run(k *call) error {
	bundle, err := readRules(c.Dir)
	if err != nil {
		return err
	}
	pool := rulesOnTrial()
	defer pool.Close()
	neat, changed, err := pool.Format(k, bundle)
	if err != nil {
		return err
	}
	for _, name := range changed {
		err = writeWhole(filepath.Join(c.Dir, filepath.FromSlash(name)), func(w io.Writer) error {
			_, err := w.Write(neat.Files[name])
			return err
		})
		if err != nil {
			return err
		}
	}
	if k.JSON {
		return k.printJSON(map[string]any{"changed": append([]string{}, changed...)})
	}
	for _, name := range changed {
		k.printf("%s\n", name)
	}
	return nil
}

type policyListCmd struct{}

var stageWords = map[policy.Stage]string{
	policy.Draft: "konsep", policy.Proposed: "diusulkan", policy.Approved: "disetujui",
	policy.Active: "berlaku", policy.Retired: "tidak berlaku lagi", policy.Rejected: "ditolak",
}

// Run lists the stored revisions.
func (c *policyListCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		all, err := p.DB.Revisions(k)
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"revisions": append([]policy.Revision{}, all...)})
		}
		var rows [][]string
		for _, r := range all {
			rows = append(rows, []string{strconv.Itoa(r.Number), short(r.Hash), stageWords[r.Stage],
				r.CreatedAt.In(eligibility.WIB).Format("2006-01-02 15:04"), r.CreatedBy, r.Note})
		}
		return k.table([]string{"NOMOR", "VERSI", "KEADAAN", "DIBUAT", "OLEH", "CATATAN"}, rows)
	})
}
