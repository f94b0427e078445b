package main

import (
	"context"
	"io"
	"slices"
	"time"

	"layak/complaints/numbers"
	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
)

// wireReports makes what counts and what answers questions about figures.
func (p *Program) wireReports() {
	office, _ := area.Lookup(p.Regency)
	p.Numbers = &numbers.Counter{Store: p.DB, Calendars: p.Complaints.Calendars, Zone: eligibility.WIB, Clock: p.Clock, Log: p.Log}
	p.Reports = &numbers.Service{Counter: p.Numbers, Cases: p.DB, Staff: p.DB, Live: p.DB, Office: office.Title()}
}

// exportShape says in which layout cases are written, and which of them.
type exportShape struct {
	Shape   string `placeholder:"BENTUK" help:"cases (baris per aduan), events (baris per kejadian), lapor, wadul, atau handover (serah terima ke sistem asal)."`
	Source  string `placeholder:"ASAL" help:"Untuk --shape handover: lapor atau wadul."`
	File    string `name:"out" short:"o" placeholder:"F.xlsx" help:"Berkas yang dibuat."`
	From    string `placeholder:"BULAN" help:"Aduan yang masuk sejak bulan ini, misalnya 2026-01."`
	To      string `placeholder:"BULAN" help:"Sampai bulan ini."`
	Class   string `placeholder:"KLASIFIKASI" help:"information, complaint, oversight, atau aspiration."`
	Channel string `placeholder:"SALURAN" help:"Hanya yang lewat saluran ini."`
}

// exportShape writes one of the shapes, row by row.
func (k *call) exportShape(c *complaintsExportCmd) error {
	if c.Shape == "handover" {
		return k.with(func(p *Program) error { return k.exportHandover(p, c.Source, c.Out) })
	}
	if !slices.Contains(numbers.Shapes, numbers.Shape(c.Shape)) {
		return usagef("--shape %q tidak ada. Pilih cases, events, lapor, wadul, atau handover.", c.Shape)
	}
	if c.State != "" {
		return usagef("--state tidak dipakai bersama --shape. Saring dengan --unit, --from, --to, --class, atau --channel.")
	}
	f := numbers.Filter{From: c.From, To: c.To, Unit: c.Unit, Class: c.Class, Channel: c.Channel}
	if f.From != "" && f.To == "" {
		f.To = time.Now().In(eligibility.WIB).Format("2006-01")
	}
	return k.with(func(p *Program) error {
		export, err := p.Reports.Export(k, numbers.Shape(c.Shape), f)
		if err != nil {
			return usage(err)
		}
		rows := 0
		err = writeWhole(c.Out, func(w io.Writer) error {
			rows, err = writeExport(k, export, w)
			return err
		})
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"file": c.Out, "rows": rows})
		}
		k.printf("%s berisi %d baris.\n", c.Out, rows)
		return nil
	})
}

func writeExport(ctx context.Context, export *numbers.Export, out io.Writer) (int, error) {
	book, err := importers.NewTableWriter(export.Sheet, export.Header, export.Kinds)
	if err != nil {
		return 0, err
	}
	defer book.Close()
	for n := 0; ; {
		rows, err := export.Next(ctx)
		if err != nil {
			return n, err
		}
		if len(rows) == 0 {
			return n, book.Send(out)
		}
		err = book.Write(rows)
		if err != nil {
			return n, err
		}
		n += len(rows)
	}
}

// countNumbers keeps the figures up with the cases: what changed every minute, and everything that
// was missed at the start and each hour after it.
func (p *Program) countNumbers(ctx context.Context) {
	const everyMinute, sweeps = time.Minute, 60
	turn := 0
	p.every(ctx, everyMinute, "count complaints", func(ctx context.Context) error {
		turn++
		if turn%sweeps == 1 {
			_, err := p.Numbers.Sweep(ctx)
			return err
		}
		_, err := p.Numbers.Refresh(ctx)
		return err
	})
}
