package main

import (
	"path/filepath"

	"layak/importers"
)

// holidaysCmd keeps the holidays by which deadlines are counted.
type holidaysCmd struct {
	List   holidaysListCmd   `cmd:"" help:"Daftar hari libur per tahun."`
	Import holidaysImportCmd `cmd:"" help:"Muat daftar libur dari buku kerja (kolom Tanggal, Nama, Jenis, Sumber)."`
}

type holidaysListCmd struct{}

// Run lists the holidays.
func (c *holidaysListCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		years, err := p.Hours.Holidays(k)
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"years": years})
		}
		var rows [][]string
		for _, y := range years {
			if !y.Loaded {
				k.printf("Daftar libur %d belum dimuat, tenggat di tahun itu dapat berubah.\n", y.Year)
			}
			for _, d := range y.Days {
				rows = append(rows, []string{d.Day, d.Kind.Label(), d.Name, d.Source})
			}
		}
		return k.table([]string{"TANGGAL", "JENIS", "NAMA", "SUMBER"}, rows)
	})
}

type holidaysImportCmd struct {
	File    string `arg:"" name:"berkas" help:"Buku kerja .xlsx."`
	Partial bool   `help:"Daftar ini hanya tambahan: tahunnya tidak dianggap lengkap."`
}

// Run loads a list. Rows that cannot be taken are told, and the command then ends with exit code 3.
func (c *holidaysImportCmd) Run(k *call) error {
	list, bad, err := importers.ReadHolidays(k, importers.File{Path: c.File, Name: filepath.Base(c.File)})
	if err != nil {
		return err
	}
	return k.with(func(p *Program) error {
		err := p.Hours.AddHolidays(k, list, !c.Partial)
		if err != nil {
			return err
		}
		if k.JSON {
			err = k.printJSON(map[string]any{"loaded": len(list), "rejected": len(bad), "rejects": append([]importers.BadHoliday{}, bad...)})
		} else {
			k.printf("%d hari libur dimuat.\n", len(list))
			for _, b := range bad {
				k.printf("Lembar %s baris %d tidak dimuat: %s\n", b.Sheet, b.Row, b.Reason)
			}
		}
		if err == nil && len(bad) > 0 {
			return errPartial
		}
		return err
	})
}
