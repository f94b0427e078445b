package web

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"layak/complaints/numbers"
	"layak/internal/auth"
	"layak/internal/fault"
)

// fakeReports answers with the sample of the gallery and remembers what it was asked.
type fakeReports struct {
	asked  []numbers.Filter
	shapes []numbers.Shape
}

func (f *fakeReports) Report(_ context.Context, q numbers.Filter) (numbers.Report, error) {
	f.asked = append(f.asked, q)
	if q.From > q.To {
		return numbers.Report{}, fault.New(fault.Invalid, "period_invalid", "Pilih bulan awal dan bulan akhir.").At("from", "Bulan awal harus lebih dulu.")
	}
	return sampleReport(1), nil
}

func (f *fakeReports) Monthly(_ context.Context, month, _ string) ([]byte, error) {
	return []byte("%PDF-" + month), nil
}

func (f *fakeReports) Export(_ context.Context, shape numbers.Shape, _ numbers.Filter) (*numbers.Export, error) {
	f.shapes = append(f.shapes, shape)
	return nil, fault.New(fault.NotFound, "shape_unknown", "Bentuk unduhan ini tidak ada.")
}

func (f *fakeReports) Public(context.Context) (numbers.OpenData, error) { return sampleOpenData(), nil }

func (f *fakeReports) Load(context.Context) (numbers.Load, error) {
	return numbers.Load{Open: 12, Overdue: 3, Outbox: 1}, nil
}

func TestReports(t *testing.T) {
	f := &fakeReports{}
	d := newDesk(t, Services{Reports: f})
	t.Run("open data needs no sign-in and may be kept by caches", func(t *testing.T) {
		for path, want := range map[string]string{"/terbuka": "Kaliwates", "/terbuka.csv": "district,35.09.19,Kaliwates,2026-10,", "/terbuka.json": `"count":"\u003c5"`} {
			a := d.get(path)
			if a.StatusCode != http.StatusOK || !strings.Contains(a.body, want) {
				t.Errorf("%s answers %d and lacks %s:\n%s", path, a.StatusCode, want, a.body[:min(len(a.body), 600)])
			}
			if path != "/terbuka" && a.Header.Get("Cache-Control") != openFor {
				t.Errorf("%s says %q", path, a.Header.Get("Cache-Control"))
			}
		}
		if a := d.get("/sign-in"); !strings.Contains(a.body, `href="/terbuka"`) {
			t.Error("the sign-in page does not lead there")
		}
	})
	t.Run("what waits is in the metrics", func(t *testing.T) {
		a := d.get("/metrics")
		for _, want := range []string{"layak_complaints_open 12", "layak_complaints_overdue 3", "layak_outbox_waiting 1"} {
			if !strings.Contains(a.body, want) {
				t.Errorf("lacks %s", want)
			}
		}
	})
	t.Run("a visitor is asked to sign in", func(t *testing.T) {
		if a := d.get("/reports"); a.StatusCode == http.StatusOK {
			t.Error("the dashboard is open to everybody")
		}
	})
	d.signInAs(auth.Supervisor)
	t.Run("the dashboard", func(t *testing.T) {
		a := d.get("/reports?class=complaint&channel=nonsense&from=2026-01&to=2026-11")
		last := f.asked[len(f.asked)-1]
		if last.Class != "complaint" || last.Channel != "" || last.From != "2026-01" || last.To != "2026-11" {
			t.Errorf("asked %+v", last)
		}
		for _, want := range []string{"Apakah tenggat ditepati?", "<svg", "Dihitung per", "/reports/export/lapor?"} {
			if !strings.Contains(a.body, want) {
				t.Errorf("lacks %q", want)
			}
		}
		if strings.Contains(a.body, "style=") || strings.Contains(a.body, "<script>") {
			t.Error("a style or script stands in the page")
		}
	})
	t.Run("a period that ends before it begins", func(t *testing.T) {
		a := d.get("/reports?from=2026-11&to=2026-01")
		if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "Bulan awal harus lebih dulu") {
			t.Errorf("answers %d", a.StatusCode)
		}
	})
	t.Run("the monthly report", func(t *testing.T) {
		if a := d.get("/reports/monthly.pdf?month=2026-10"); a.body != "%PDF-2026-10" || !strings.Contains(a.Header.Get("Content-Disposition"), "laporan-aduan-2026-10.pdf") {
			t.Errorf("%d %q", a.StatusCode, a.body)
		}
	})
	t.Run("an unknown shape", func(t *testing.T) {
		if a := d.get("/reports/export/pdf"); a.StatusCode != http.StatusNotFound {
			t.Errorf("answers %d", a.StatusCode)
		}
	})
	t.Run("who reads reports and who takes them along", func(t *testing.T) {
		for _, r := range auth.Roles {
			d.client = d.visitor()
			d.signInAs(r)
			if a := d.get("/reports"); (a.StatusCode == http.StatusOK) != r.May(auth.ReportRead) {
				t.Errorf("%s: the dashboard answers %d", r, a.StatusCode)
			}
			if a := d.get("/reports/export/cases"); (a.StatusCode == http.StatusNotFound) != r.May(auth.ComplaintExport) {
				t.Errorf("%s: the export answers %d", r, a.StatusCode)
			}
		}
	})
}

// Texts of units and places are words, never markup.
func TestChartsEscape(t *testing.T) {
	drawn := string(barChart(`"><script>`, []bar{{Label: `<b>&`, Value: 1, Text: `1<`}}, 0)) + string(columnChart("a", []pair{{Label: "<i>", Whole: 1, ShownBelow: true}}, func(int) string { return "<u>" }))
	for _, bad := range []string{"<script>", "<b>", "<i>", "<u>", `"">`} {
		if strings.Contains(drawn, bad) {
			t.Errorf("draws %s: %s", bad, drawn)
		}
	}
}
