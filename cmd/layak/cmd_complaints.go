package main

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"layak/complaints"
	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
)

// complaintsCmd files and reads complaints.
type complaintsCmd struct {
	File    complaintsFileCmd    `cmd:"" help:"Catat aduan baru."`
	Show    complaintsShowCmd    `cmd:"" help:"Lihat satu aduan dengan riwayatnya."`
	List    complaintsListCmd    `cmd:"" help:"Daftar aduan, yang terbaru dulu."`
	Export  complaintsExportCmd  `cmd:"" help:"Simpan daftar aduan sebagai buku kerja."`
	Recheck complaintsRecheckCmd `cmd:"" help:"Cek ulang sekarang semua yang dulu belum memenuhi syarat dan aduan yang terbuka."`
}

type complaintsFileCmd struct {
	Channel  string   `required:"" placeholder:"SALURAN" help:"whatsapp, phone, counter, stall, lapor, wadul, …"`
	Matter   string   `placeholder:"POKOK" help:"eligibility, activation, charge, refusal, …"`
	Need     string   `placeholder:"KEBUTUHAN" help:"emergency, inpatient, outpatient, delivery, routine, atau accident."`
	Reporter string   `required:"" placeholder:"NAMA" help:"Nama pelapor."`
	Phone    string   `placeholder:"NOMOR" help:"Nomor telepon pelapor."`
	Relation string   `placeholder:"HUBUNGAN" help:"self, family, cadre, companion, ngo, …"`
	NIK      []string `name:"nik" placeholder:"NIK|-" help:"Pasien; - membaca NIK dari masukan standar, satu per baris. Boleh berulang, boleh kosong."`
	Village  areaFlag `placeholder:"KODE" help:"Desa/kelurahan tempat kejadian."`
	Text     string   `required:"" placeholder:"TEKS" help:"Isi aduan."`
	Key      string   `placeholder:"KUNCI" help:"Kunci agar pengiriman ulang tidak menjadi aduan kedua."`
}

// Run files a complaint and prints its ticket.
func (c *complaintsFileCmd) Run(k *call) error {
	filing := complaints.Filing{
		Channel: c.Channel, Matter: c.Matter, Need: c.Need, Text: c.Text, Village: area.Code(c.Village),
		Reporter: complaints.Reporter{Name: c.Reporter, Phone: c.Phone, Relation: c.Relation}, IdempotencyKey: c.Key,
	}
	for _, text := range c.NIK {
		lines := []string{text}
		if text == "-" {
			all, err := io.ReadAll(io.LimitReader(k.in, 4096))
			if err != nil {
				return err
			}
			lines = strings.Fields(string(all))
		}
		for _, one := range lines {
			nik, err := eligibility.ParseNIK(one)
			if err != nil {
				return usage(err)
			}
			filing.Patients = append(filing.Patients, complaints.FilingPatient{NIK: nik})
		}
	}
	return k.with(func(p *Program) error {
		filed, err := p.Complaints.File(k, filing)
		if err != nil {
			return usage(err)
		}
		if k.JSON {
			return k.printJSON(filed)
		}
		k.printf("Aduan %s tercatat.\n", filed.Ticket)
		return nil
	})
}

type complaintsShowCmd struct {
	Ticket string `arg:"" help:"Nomor aduan, misalnya 3509-7K2M-Q4XD-8."`
}

// Run shows a complaint.
func (c *complaintsShowCmd) Run(k *call) error {
	ticket, err := complaints.ParseTicket(c.Ticket)
	if err != nil {
		return usage(err)
	}
	return k.with(func(p *Program) error {
		one, err := p.Complaints.Complaint(k, ticket)
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(one)
		}
		k.showComplaint(one)
		return nil
	})
}

func (k *call) showComplaint(c complaints.Complaint) {
	k.printf("%s  %s (versi %d)\n", c.Ticket, c.State.Label(), c.Version)
	k.printf("Lewat %s, pelapor %s\n", complaints.Label(complaints.Channels, c.Channel), c.Reporter.Name)
	for _, p := range c.Patients {
		who := "belum dikenali"
		if p.Known() {
			who = strings.TrimSpace(p.NIK.Masked() + " " + eligibility.MaskName(p.Name))
		}
		k.printf("Pasien %d: %s\n", p.No, who)
	}
	k.printf("\n%s\n\n", wrap(c.Text, "", 90))
	for _, e := range c.Events {
		k.printf("%s  %-12s %s  %s\n", e.At.In(eligibility.WIB).Format("2006-01-02 15:04"), e.Type, e.Actor, e.Note)
	}
	if r, ok := c.Resolution(); ok {
		k.printf("\nKeputusan: %s. %s\n", r.Decision, r.Reason)
	}
}

type complaintsFilter struct {
	State string `placeholder:"STATUS" help:"Hanya yang berstatus ini, dipisah koma."`
	Unit  string `placeholder:"KODE" help:"Hanya yang ada di unit ini."`
}

func (f complaintsFilter) filter() (complaints.Filter, error) {
	out := complaints.Filter{Unit: f.Unit}
	for s := range strings.SplitSeq(f.State, ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if !slices.Contains(complaints.States, complaints.State(s)) {
			return out, usagef("Status “%s” tidak dikenal. Daftarnya ada di docs/cli.md.", s)
		}
		out.States = append(out.States, complaints.State(s))
	}
	return out, nil
}

type complaintsListCmd struct {
	complaintsFilter
	After string `placeholder:"NOMOR" help:"Lanjutkan sesudah nomor aduan ini."`
	Limit int    `default:"50" help:"Paling banyak berapa."`
}

// Run lists complaints, masked.
func (c *complaintsListCmd) Run(k *call) error {
	filter, err := c.filter()
	if err != nil {
		return err
	}
	filter.Limit = c.Limit
	if c.After != "" {
		after, err := complaints.ParseTicket(c.After)
		if err != nil {
			return usage(err)
		}
		filter.After = after
	}
	return k.with(func(p *Program) error {
		page, err := p.Complaints.List(k, filter)
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"complaints": append([]complaints.Line{}, page.Items...), "next": page.Next})
		}
		var rows [][]string
		for _, l := range page.Items {
			rows = append(rows, []string{string(l.Ticket), l.State.Label(), l.Need, l.Name, strconv.Itoa(l.Patients), l.Unit,
				l.FiledAt.In(eligibility.WIB).Format("2006-01-02 15:04")})
		}
		return k.table([]string{"NOMOR", "STATUS", "KEBUTUHAN", "PASIEN", "ORANG", "UNIT", "MASUK"}, rows)
	})
}

type complaintsExportCmd struct {
	complaintsFilter
	exportShape
	Out string `arg:"" optional:"" placeholder:"F.xlsx" help:"Berkas yang dibuat; boleh juga dengan -o."`
}

// Run writes the list, or one of the shapes, as a workbook.
func (c *complaintsExportCmd) Run(k *call) error {
	if c.Out == "" {
		c.Out = c.File
	}
	if c.Out == "" {
		return usagef("Sebutkan berkas yang dibuat, misalnya -o aduan.xlsx.")
	}
	if c.Shape != "" {
		return k.exportShape(c)
	}
	filter, err := c.filter()
	if err != nil {
		return err
	}
	return k.with(func(p *Program) error {
		header, rows, err := p.Complaints.Export(k, filter)
		if err != nil {
			return err
		}
		err = writeWhole(c.Out, func(w io.Writer) error { return importers.WriteTable(w, "Aduan", header, rows) })
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"file": c.Out, "rows": len(rows)})
		}
		k.printf("%s berisi %d aduan.\n", c.Out, len(rows))
		return nil
	})
}
