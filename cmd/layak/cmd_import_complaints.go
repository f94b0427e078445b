package main

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"layak/complaints/register"
	"layak/importers"
)

// registers takes registers of other complaint systems over, one after the other; exit code 3 when
// rows were refused.
func (c *importCmd) registers(k *call) error {
	columns, err := c.registerColumns()
	if err != nil {
		return err
	}
	return k.with(func(p *Program) error {
		var all register.Result
		for i, path := range c.Files {
			f := importers.File{Name: filepath.Base(path), Path: path}
			o := register.Options{Source: c.Source, DryRun: c.DryRun, Categories: c.Category}
			if o.Source == "" {
				o.Source, err = importers.RegisterSource(k, f)
				if err != nil {
					return usage(err)
				}
			}
			if o.Source == "" {
				return usagef("Tidak terbaca %s register dari mana. Sebutkan --source lapor atau --source wadul.", f.Name)
			}
			res, err := p.Register.Load(k, importers.RegisterRows(f, columns), o)
			if err != nil {
				return usage(err)
			}
			all = sumRegisters(all, res, i)
		}
		err = c.showRegister(k, all)
		if err != nil {
			return err
		}
		if all.Rejected > 0 {
			return errPartial
		}
		return nil
	})
}

// registerColumns reads --map for a register.
func (c *importCmd) registerColumns() (map[string]string, error) {
	columns := map[string]string{}
	for _, m := range c.Map {
		at := strings.LastIndexByte(m, '=')
		if at <= 0 {
			return nil, usagef("Isian --map berbentuk JUDUL=ISIAN, misalnya \"No Aduan=number\".")
		}
		field := strings.TrimSpace(m[at+1:])
		if !slices.Contains(register.Fields, register.Field(field)) {
			return nil, usagef("Isian “%s” tidak dikenal untuk register aduan. Daftarnya ada di docs/cli.md.", field)
		}
		columns[m[:at]] = field
	}
	return columns, nil
}

func sumRegisters(all, one register.Result, i int) register.Result {
	if i == 0 {
		return one
	}
	all.Read += one.Read
	all.New += one.New
	all.Changed += one.Changed
	all.Same += one.Same
	all.Rejected += one.Rejected
	all.Duplicates += one.Duplicates
	all.Skipped += one.Skipped
	all.Warnings += one.Warnings
	all.Seconds += one.Seconds
	all.Rejects = append(all.Rejects, one.Rejects...)
	all.Warned = append(all.Warned, one.Warned...)
	all.Strayed = append(all.Strayed, one.Strayed...)
	if all.Source != one.Source {
		all.Source = "" // several
	}
	return all
}

func (c *importCmd) showRegister(k *call, r register.Result) error {
	if c.Rejects != "" && len(r.Rejects) > 0 {
		err := writeWhole(c.Rejects, func(w io.Writer) error { return importers.WriteRejects(w, importers.RegisterRejects(r.Rejects)) })
		if err != nil {
			return err
		}
	}
	if k.JSON {
		r.Rejects = r.Rejects[:min(len(r.Rejects), 1000)]
		return k.printJSON(r)
	}
	stored := "diambil alih"
	if r.DryRun {
		stored = "pratinjau, belum disimpan"
	}
	k.printf("Register %s: %s.\n", register.SourceName(r.Source), stored)
	k.printf("  dibaca %d = baru %d + berubah %d + sama %d + ditolak %d + kembar %d + dilewati %d; peringatan %d; %.1f detik\n",
		r.Read, r.New, r.Changed, r.Same, r.Rejected, r.Duplicates, r.Skipped, r.Warnings, r.Seconds)
	for i, reject := range r.Rejects {
		if i == 10 {
			k.printf("  … dan %d lainnya; --rejects F.xlsx menyimpan semuanya.\n", len(r.Rejects)-10)
			break
		}
		k.printf("  %s, %s baris %d: %s\n", reject.File, reject.Sheet, reject.Row, reject.Reason)
	}
	if len(r.Strayed) > 0 {
		k.printf("  Bukan unit di sini, jadi aduannya belum ada yang memegang: %s\n", strings.Join(r.Strayed, ", "))
	}
	return nil
}

// openRegister wires the desk of registers.
func (p *Program) openRegister() *register.Desk {
	return &register.Desk{Store: p.DB, Cases: p.Complaints, Clock: p.Clock, Home: p.Regency}
}
