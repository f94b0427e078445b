package main

import (
	"io"
	"os"
	"path/filepath"

	"layak/internal/fault"
	"layak/policy"
)

// policyCaseCmd makes a Rego test of a stored check.
type policyCaseCmd struct {
	ID   string `arg:"" help:"ID hasil cek."`
	Dir  string `arg:"" help:"Folder aturan, tempat uji ditulis."`
	Name string `required:"" placeholder:"TEKS" help:"Nama uji, misalnya \"desil 7 tanpa SKTM\"."`
}

// Run writes the case beside the rules, with the person in it made up. A file that is there already stays
// as it is. Reading the check is in the trail.
func (c *policyCaseCmd) Run(k *call) error {
	if _, err := readRules(c.Dir); err != nil {
		return err
	}
	file := filepath.Join(c.Dir, policy.CaseFile(c.Name))
	if _, err := os.Stat(file); err == nil {
		return fault.New(fault.Conflict, "case_exists", "Sudah ada uji bernama itu di folder ini. Pilih nama lain.")
	}
	return k.with(func(p *Program) error {
		made, err := p.trials().Case(k, c.ID, c.Name)
		if err != nil {
			return err
		}
		err = writeWhole(file, func(w io.Writer) error {
			_, err := io.WriteString(w, made.Text)
			return err
		})
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"determination": c.ID, "file": file, "real_days": made.RealDays})
		}
		if made.RealDays {
			k.printf("Perhatian: tanggal pada uji ini tidak dapat digeser tanpa mengubah hasilnya, jadi tanggal aslinya tetap ada.\n")
		}
		k.printf("%s berisi uji tanpa data pribadi. Jalankan layak policy test %s.\n", file, c.Dir)
		return nil
	})
}
