package web

import (
	"strconv"

	"layak/complaints/numbers"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/i18n"
)

// sampleReport is a year of a made-up regency; scale makes it small or large.
func sampleReport(scale int) numbers.Report {
	counts := func(n int) numbers.Counts {
		n *= scale
		c := numbers.Counts{numbers.Received: n, numbers.Open: n / 5, numbers.Overdue: n / 20, numbers.Decided: n * 3 / 4, numbers.Followed: n * 9 / 10,
			"s.received": n / 20, "s.in_progress": n / 10, "s.answered": n / 20, "s.closed": n * 7 / 10, "s.forwarded": n / 20, "s.rejected": n / 20,
			"k.verify": n * 9 / 10, "l.verify": n / 20, "k.first": n * 8 / 10, "l.first": n / 10, "k.resolve": n * 7 / 10, "l.resolve": n / 8, "k.emergency": n / 30, "l.emergency": n / 90,
			"tf.40": n / 2, "tf.55": n / 3, "tfs": n * 400, "td.60": n / 2, "td.75": n / 4, "tds": n * 1900, "r.5": n / 9, "r.3": n / 30, "re": n / 40, "ret": n / 12,
			"o.eligible": n / 3, "o.not_eligible": n / 6, "o.already_covered": n / 4, "x.need_not_met": n / 9, "x.residency_outside": n / 20}
		for k, v := range c {
			if v == 0 {
				delete(c, k)
			}
		}
		return c
	}
	r := numbers.Report{Filter: numbers.Filter{From: "2025-12", To: "2026-11"}, Total: numbers.Counts{}, By: map[numbers.Dimension][]numbers.Row{}, CountedAt: galleryNow, Day: 480}
	months, _ := numbers.Months("2025-12", "2026-11")
	for i, m := range months {
		c := counts(210 + 37*i%160)
		r.Months = append(r.Months, numbers.Row{Value: m, Counts: c})
		r.Total.Add(c, 1)
	}
	for d, values := range map[numbers.Dimension][]string{
		numbers.ByUnit: {"PKM-KALIWATES", "KEL-MANGLI", "RSUD-DOKTER-SOEBANDI", ""}, numbers.ByDistrict: {"35.09.19", "35.09.20", "35.09.21", "35.09.29", ""},
		numbers.ByChannel: {"whatsapp", "counter", "wadul", "lapor"}, numbers.ByMatter: {"activation", "eligibility", "charge", "data"},
		numbers.ByClass: {"complaint", "information", "oversight", ""}, numbers.ByElement: {"requirements", "cost", "conduct", ""},
	} {
		for i, v := range values {
			r.By[d] = append(r.By[d], numbers.Row{Value: v, Counts: counts(1400 >> i)})
		}
	}
	return r
}

// reportStates are pages of numbers, exports and open data.
func (s *Server) reportStates() []State {
	units := []auth.Unit{{Code: "PKM-KALIWATES", Name: "Puskesmas Kaliwates"}, {Code: "KEL-MANGLI", Name: "Kelurahan Mangli"},
		{Code: "RSUD-DOKTER-SOEBANDI", Name: "Rumah Sakit Umum Daerah dr. Soebandi Kabupaten Jember, Kelas B Pendidikan"}}
	at := func(b Base, r numbers.Report, whole bool) *reportsPage {
		w := reportWords{Printer: s.words.For(i18n.Indonesian), units: units, zone: s.Zone}
		p := &reportsPage{Base: b, Form: reportForm{From: "2025-12", To: "2026-11"}, Units: units, Districts: area.Children(s.Home), Report: r, Month: "2026-11", Words: reportTerms}
		p.Presets = presets(w.Printer, p.Form, galleryNow)
		p.Spelled.From, p.Spelled.To = w.month(p.Form.From), w.month(p.Form.To)
		p.Figures, p.Parts = w.figures(r), w.parts(r, whole)
		return p
	}
	lead := office("reports.title", "reports")
	whole := at(lead, sampleReport(1), true)
	whole.Exports = whole.Form.query()
	own := at(inside("reports.title", "reports"), sampleReport(0), false)
	own.Own = "Puskesmas Kaliwates"
	months, _ := numbers.Months("2026-11", "2026-11")
	few := numbers.Report{Total: numbers.Counts{numbers.Received: 3, "s.closed": 2, "s.received": 1, "k.resolve": 1, "l.resolve": 1, "td.30": 2, "tds": 90, "o.not_eligible": 2, "x.need_not_met": 1},
		Months: []numbers.Row{{Value: months[0], Counts: numbers.Counts{numbers.Received: 3}}}, By: map[numbers.Dimension][]numbers.Row{}, CountedAt: galleryNow, Day: 480}
	empty := at(office("reports.title", "reports"), numbers.Report{Total: numbers.Counts{}, Day: 480}, true)
	bad := "Pilih bulan awal dan bulan akhir, paling panjang sepuluh tahun."
	refusedPage := at(refused(office("reports.title", "reports"), bad), numbers.Report{Total: numbers.Counts{}, Day: 480}, true)
	open := newOpenDataPage(reportWords{Printer: s.words.For(i18n.Indonesian), zone: s.Zone}, sampleOpenData())
	open.Base = outside("opendata.title")
	none := newOpenDataPage(reportWords{Printer: s.words.For(i18n.Indonesian), zone: s.Zone}, numbers.OpenData{})
	none.Base = outside("opendata.title")
	return []State{
		{"reports", "reports", whole}, {"reports-own", "reports", own}, {"reports-few", "reports", at(office("reports.title", "reports"), few, true)},
		{"reports-uncounted", "reports", empty}, {"reports-refused", "reports", refusedPage},
		{"opendata", "opendata", open}, {"opendata-empty", "opendata", none},
	}
}

func sampleOpenData() numbers.OpenData {
	months, _ := numbers.Months("2025-11", "2026-10")
	d := numbers.OpenData{CountedAt: galleryNow, Months: months}
	for dimension, values := range map[numbers.Dimension][]string{numbers.Total: {""}, numbers.ByChannel: {"whatsapp", "lapor"}, numbers.ByDistrict: {"35.09.19", "35.09.29"}} {
		t := numbers.OpenTable{Dimension: dimension}
		for i, v := range values {
			row := numbers.OpenRow{Value: v}
			for m := range months {
				row.Figures = append(row.Figures, []string{strconv.Itoa(120 + m*7), numbers.Few, numbers.Hidden}[(i+m)%(2+i)%3])
			}
			t.Rows = append(t.Rows, row)
		}
		d.Tables = append(d.Tables, t)
	}
	return d
}
