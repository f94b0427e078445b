package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// generateCmd writes a synthetic workbook.
type generateCmd struct {
	Kind  string   `arg:"" enum:"residents,welfare,membership" help:"residents, welfare, atau membership."`
	Count int      `required:"" placeholder:"N" help:"Berapa orang."`
	Seed  uint64   `default:"1" placeholder:"N" help:"Bilangan awal; yang sama memberi orang yang sama."`
	Out   string   `required:"" placeholder:"F.xlsx" help:"Berkas yang dibuat."`
	AsOf  dateFlag `placeholder:"TANGGAL" default:"2026-01-01" help:"Keadaan per tanggal (${default}); tetap, supaya bilangan awal yang sama selalu memberi orang yang sama."`
}

// Run writes the file whole or not at all.
func (g *generateCmd) Run(k *call) error {
	if g.Count < 1 || g.Count > 1_000_000 {
		return usagef("Jumlah orang antara 1 dan 1.000.000: satu lembar kerja tidak memuat lebih.")
	}
	kind, day := eligibility.Kind(g.Kind), eligibility.Date(g.AsOf)
	err := writeWhole(g.Out, func(w io.Writer) error {
		return importers.Generate(kind, g.Count, g.Seed, area.Code(k.Regency), day, w)
	})
	if err != nil {
		return err
	}
	if k.JSON {
		return k.printJSON(map[string]any{"kind": kind, "count": g.Count, "seed": g.Seed, "file": g.Out})
	}
	k.printf("%s berisi %d baris rekaan.\n", g.Out, g.Count)
	return nil
}

// importCmd loads one kind of registry file, or the register of another complaint system.
type importCmd struct {
	Kind        string   `arg:"" enum:"residents,welfare,membership,complaints" help:"residents (Dukcapil), welfare (DTSEN), membership (BPJS), atau complaints (register aduan)."`
	Files       []string `arg:"" name:"berkas" help:"Satu atau lebih buku kerja .xlsx; semuanya menjadi satu impor."`
	AsOf        dateFlag `placeholder:"TANGGAL" help:"Data menggambarkan keadaan pada tanggal ini; hari ini bila tidak disebut."`
	Mode        string   `enum:"update,snapshot" default:"update" help:"update: tambahan dan perubahan. snapshot: daftar semua orang di wilayah itu."`
	Area        areaFlag `placeholder:"KODE" help:"Wilayah snapshot; biasanya seluruh kabupaten."`
	Map         []string `placeholder:"JUDUL=ISIAN" sep:"none" help:"Kolom yang judulnya tidak dikenal, misalnya \"No Induk=nik\". Boleh berulang."`
	DryRun      bool     `help:"Hitung saja, jangan simpan."`
	Again       bool     `help:"Terima berkas yang sudah pernah dimuat."`
	ConfirmGone bool     `help:"Setujui bila lebih dari 2 % orang hilang dari daftar."`
	Rejects     string   `placeholder:"F.xlsx" help:"Simpan baris yang ditolak beserta alasannya."`
	Source      string   `enum:",lapor,wadul" default:"" placeholder:"ASAL" help:"Register aduan dari mana: lapor (SP4N-LAPOR!) atau wadul (Wadul Gus'e)."`
	Category    []string `placeholder:"KATA" help:"Register aduan: hanya kategori yang memuat kata ini. Boleh berulang."`
}

// Run imports and prints the counts; exit code 3 when rows were rejected.
func (c *importCmd) Run(k *call) error {
	if c.Kind == "complaints" {
		return c.registers(k)
	}
	opts, err := c.options(k)
	if err != nil {
		return usage(err)
	}
	return k.with(func(p *Program) error {
		bar := newProgress(k.err, k.JSON)
		opts.Progress = bar.importing
		opts.Clock = p.Clock
		result, runErr := importers.Run(k, p.DB, opts)
		bar.done()
		if importers.OptionFault(runErr) {
			runErr = usage(runErr)
		}
		for _, dead := range result.Swept {
			fmt.Fprintf(k.err, "Impor %s yang terhenti sudah dibersihkan: %s\n", dead.ID, dead.Message)
		}
		if runErr != nil && (result.Status == "" || !k.JSON) {
			return runErr
		}
		err := c.show(k, p, result)
		switch {
		case err != nil || runErr != nil:
			return errors.Join(runErr, err)
		case result.Status == importers.Refused || result.Status == importers.Failed:
			return fault.New(fault.Conflict, "import_"+string(result.Status), result.Message)
		case result.Rejected > 0:
			return errPartial
		}
		return nil
	})
}

func (c *importCmd) options(k *call) (importers.Options, error) {
	o := importers.Options{
		Kind: eligibility.Kind(c.Kind), AsOf: eligibility.Date(c.AsOf), Mode: importers.Mode(c.Mode),
		Area: area.Code(c.Area), DryRun: c.DryRun, Again: c.Again, ConfirmGone: c.ConfirmGone,
		Home: area.Code(k.Regency), Actor: auth.From(k).Name, Map: map[string]eligibility.Field{},
	}
	if o.AsOf == "" {
		o.AsOf = today()
	}
	for _, path := range c.Files {
		o.Files = append(o.Files, importers.File{Name: filepath.Base(path), Path: path})
	}
	for _, m := range c.Map {
		at := strings.LastIndexByte(m, '=')
		if at <= 0 {
			return o, usagef("Isian --map berbentuk JUDUL=ISIAN, misalnya \"No Induk=nik\".")
		}
		f, ok := eligibility.FieldNamed(strings.TrimSpace(m[at+1:]))
		if !ok {
			return o, usagef("Isian “%s” tidak dikenal. Daftarnya ada di docs/cli.md.", strings.TrimSpace(m[at+1:]))
		}
		o.Map[m[:at]] = f
	}
	return o, nil
}

func (c *importCmd) show(k *call, p *Program, r importers.Result) error {
	if c.Rejects != "" && r.Rejected > 0 {
		all, err := p.DB.Rejects(k, r.ID, 0)
		if err != nil {
			return err
		}
		err = writeWhole(c.Rejects, func(w io.Writer) error { return importers.WriteRejects(w, all) })
		if err != nil {
			return err
		}
	}
	if k.JSON {
		if r.Rejects == nil {
			r.Rejects = []importers.Reject{}
		}
		return k.printJSON(r)
	}
	k.showImport(r.Import)
	for i, reject := range r.Rejects {
		if i == 10 {
			k.printf("  … dan %d baris lain; --rejects F.xlsx menyimpan semuanya.\n", r.Rejected-10)
			break
		}
		k.printf("  %s, %s baris %d: %s\n", reject.File, reject.Sheet, reject.Row, reject.Reason)
	}
	for _, left := range r.Left {
		k.printf("  Tidak dibaca: %s\n", left)
	}
	return nil
}

var statusWords = map[importers.Status]string{
	importers.Running: "berjalan", importers.Previewed: "pratinjau, belum disimpan", importers.Published: "terbit",
	importers.Refused: "ditolak", importers.Failed: "gagal", importers.RolledBack: "dibatalkan",
}

var kindWords = map[eligibility.Kind]string{
	eligibility.Residents: "Penduduk", eligibility.Welfares: "Kesejahteraan", eligibility.Membership: "Kepesertaan",
}

func (k *call) showImport(i importers.Import) {
	k.printf("Impor %s: %s, keadaan %s, %s.\n", i.ID, kindWords[i.Kind], i.AsOf, statusWords[i.Status])
	k.printf("  dibaca %d = diterima %d + ditolak %d + kembar %d + lebih lama %d\n", i.Read, i.Accepted, i.Rejected, i.Duplicates, i.Older)
	k.printf("  diterima: baru %d, berubah %d, sama %d; tidak lagi terdaftar %d; dilewati %d; peringatan %d; %.1f detik\n",
		i.New, i.Changed, i.Unchanged, i.Gone, i.Skipped, i.Warnings, i.Seconds)
	if i.Message != "" {
		k.printf("  %s\n", i.Message)
	}
}

// importsCmd shows and rolls back.
type importsCmd struct {
	List     importsListCmd     `cmd:"" help:"Daftar impor, yang terbaru dulu."`
	Show     importsShowCmd     `cmd:"" help:"Angka dan baris yang ditolak dari satu impor."`
	Rollback importsRollbackCmd `cmd:"" help:"Batalkan impor yang sudah terbit."`
}

type importsListCmd struct {
	Limit int `default:"50" help:"Paling banyak berapa."`
}

// listedImport is one line of `imports list --json`.
type listedImport struct {
	ID       string           `json:"id"`
	Kind     eligibility.Kind `json:"kind"`
	Status   importers.Status `json:"status"`
	AsOf     eligibility.Date `json:"as_of"`
	Accepted int              `json:"accepted"`
	Rejected int              `json:"rejected"`
}

// Run lists imports.
func (c *importsListCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		all, err := p.DB.Imports(k, c.Limit)
		if err != nil {
			return err
		}
		list, rows := []listedImport{}, [][]string{}
		for _, i := range all {
			list = append(list, listedImport{i.ID, i.Kind, i.Status, i.AsOf, i.Accepted, i.Rejected})
			rows = append(rows, []string{i.ID, kindWords[i.Kind], statusWords[i.Status], string(i.AsOf),
				strconv.Itoa(i.Accepted), strconv.Itoa(i.Rejected)})
		}
		if k.JSON {
			return k.printJSON(map[string]any{"imports": list})
		}
		return k.table([]string{"ID", "JENIS", "STATUS", "KEADAAN", "DITERIMA", "DITOLAK"}, rows)
	})
}

type importsShowCmd struct {
	ID string `arg:"" help:"ID impor."`
}

// Run shows one import with up to 1,000 of its rejected rows.
func (c *importsShowCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		i, err := p.DB.Import(k, c.ID)
		if err != nil {
			return err
		}
		rejects, err := p.DB.Rejects(k, c.ID, 1000)
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(importers.Result{Import: i, Rejects: append([]importers.Reject{}, rejects...)})
		}
		k.showImport(i)
		for _, r := range rejects {
			k.printf("  %s, %s baris %d, %s: %s\n", r.File, r.Sheet, r.Row, r.Column, r.Reason)
		}
		return nil
	})
}

type importsRollbackCmd struct {
	ID string `arg:"" help:"ID impor."`
}

// Run hides a published import again.
func (c *importsRollbackCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		i, err := p.DB.RollbackImport(k, c.ID, audit.Entry{Actor: auth.From(k).Name, Act: "import.rollback", Object: "import", ObjectID: c.ID})
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(i)
		}
		k.printf("Impor %s dibatalkan. Data kembali seperti sebelum impor itu.\n", i.ID)
		return nil
	})
}

// writeWhole writes a file under another name and renames it, so that nobody finds half of it.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".layak-*")
	if err != nil {
		return fault.New(fault.Unavailable, "file_not_written",
			fmt.Sprintf("Berkas %s tidak dapat dibuat. Periksa nama folder dan izinnya.", path)).Because(err)
	}
	defer os.Remove(f.Name())
	err = write(f)
	if err != nil {
		f.Close()
		return err
	}
	err = f.Close()
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}
