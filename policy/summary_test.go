package policy

import (
	"testing"
)

// TestSummary fixes the sentence of the banner for each outcome.
func TestSummary(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	cutOff, err := NewEngine(t.Context(), withParams(t, map[string]any{"uhc_status": "cut_off"}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		engine *Engine
		change func(*Input)
		want   string
	}{
		{"eligible", e, func(*Input) {}, "Layak. Dapat didaftarkan hari ini."},
		{"cut off", cutOff, func(*Input) {}, "Layak. Dapat didaftarkan hari ini; kartu baru aktif bulan depan."},
		{"refused", e, func(in *Input) { in.Welfare.Desil = ptr(9) }, "Belum memenuhi syarat UHC: belum terbukti tidak mampu."},
		{"open", e, func(in *Input) { in.Welfare = nil }, "Perlu dilengkapi: SKTM dari desa atau kelurahan."},
		{"emergency", e, func(in *Input) { in.Need, in.Welfare = "emergency", nil },
			"Layani dulu; berkas menyusul. Perlu dilengkapi: SKTM dari desa atau kelurahan."},
		{"covered", e, func(in *Input) { in.Membership.Status = "active" },
			"Sudah terjamin JKN dan aktif. Tunjukkan KTP di puskesmas atau klinik terdaftar; ke rumah sakit perlu rujukan, kecuali gawat darurat."},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := siti()
			c.change(&in)
			d, err := c.engine.Decide(t.Context(), in)
			if err != nil || d.Summary != c.want {
				t.Errorf("%q, %v; want %q", d.Summary, err, c.want)
			}
		})
	}
}

// TestRender turns what rules write into what a clerk reads.
func TestRender(t *testing.T) {
	for in, want := range map[string]string{
		"Dukcapil, 2026-11-01":                            "Dukcapil, 1 Nov 2026",
		"dilihat petugas, 2026-11-21T02:12:00Z":           "dilihat petugas, 21 Nov 2026 pukul 09.12",
		"wilayah 35.09":                                   "Kabupaten Jember",
		"wilayah 35.09.19.1001":                           "Desa/Kelurahan Mangli, Kecamatan Kaliwates, Kabupaten Jember",
		"wilayah 99.99":                                   "wilayah 99.99",
		"2026-02-30":                                      "2026-02-30",
		"berkas – 16 angka, 2,5 juta":                     "berkas – 16 angka, 2,5 juta",
		"wilayah 35.09, sejak 2026-01-05. Selesai.":       "Kabupaten Jember, sejak 5 Jan 2026. Selesai.",
		"alamat di wilayah 35.09.19.1001. Tanya Dukcapil": "alamat di Desa/Kelurahan Mangli, Kecamatan Kaliwates, Kabupaten Jember. Tanya Dukcapil",
	} {
		if got := render(in, wib); got != want {
			t.Errorf("%q: %q; want %q", in, got, want)
		}
	}
	if humanDay("2026-08-17") != "17 Agu 2026" {
		t.Error(humanDay("2026-08-17"))
	}
}
