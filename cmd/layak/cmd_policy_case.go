package main

import (
	"bytes"
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
		text, err := c.text(k, p)
		if err != nil {
			return err
		}
		err = writeWhole(file, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		})
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"determination": c.ID, "file": file})
		}
		k.printf("%s berisi uji tanpa data pribadi. Jalankan layak policy test %s.\n", file, c.Dir)
		return nil
	})
}

// text decides the facts of the check by the rules that decided them then.
func (c *policyCaseCmd) text(k *call, p *Program) (string, error) {
	d, err := p.Checker.Prove(k, c.ID, "dijadikan uji aturan: "+c.Name)
	if err != nil {
		return "", err
	}
	r, err := p.DB.Revision(k, d.Revision)
	if err != nil {
		return "", err
	}
	bundle, err := policy.ReadTarGz(bytes.NewReader(r.Bundle))
	if err != nil {
		return "", err
	}
	engine, err := policy.NewEngine(k, bundle)
	if err != nil {
		return "", err
	}
	return policy.CaseOf(k, engine, c.Name, d.Facts)
}
