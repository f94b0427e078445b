package policy

import (
	"strings"
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
		{"refused", e, func(in *Input) { in.Welfare.Desil = ptr(9) }, "Belum memenuhi syarat UHC: desil 9 di atas batas 5 dan tidak ada SKTM. Yang dapat dilakukan: minta SKTM di desa atau kelurahan, atau usulkan perbaikan data DTSEN di sana."},
		{"open", e, func(in *Input) { in.Welfare = nil }, "Perlu dilengkapi: bawa SKTM yang bertanggal."},
		{"emergency", e, func(in *Input) { in.Need, in.Welfare = "emergency", nil },
			"Layani dulu; berkas menyusul. Perlu dilengkapi: bawa SKTM yang bertanggal."},
		{"two papers", e, func(in *Input) { in.Resident, in.Welfare = nil, nil },
			"Perlu dilengkapi: lihat KTP dan KK, dan bawa SKTM yang bertanggal."},
		{"two reasons", e, func(in *Input) { in.Welfare.Desil, in.Statements.AcceptsClass3 = ptr(9), ptr(false) },
			"Belum memenuhi syarat UHC: desil 9 di atas batas 5 dan tidak ada SKTM; tidak bersedia rawat kelas 3. Yang dapat dilakukan: minta SKTM di desa atau kelurahan, atau usulkan perbaikan data DTSEN di sana; bila bersedia dirawat di kelas 3, cek ulang."},
		{"old letter", e, func(in *Input) {
			in.Welfare.Desil, in.Evidence = ptr(9), []Evidence{{Kind: "sktm", IssuedOn: "2026-01-01"}}
		},
			"Belum memenuhi syarat UHC: desil 9 di atas batas 5; SKTM 1 Jan 2026 sudah lebih dari 180 hari. Yang dapat dilakukan: minta SKTM di desa atau kelurahan, atau usulkan perbaikan data DTSEN di sana."},
		{"baby of a covered mother", e, func(in *Input) {
			*in = Input{At: in.At, ServiceOn: in.ServiceOn, Office: in.Office, Subject: "newborn", Evidence: []Evidence{},
				Resident: &Resident{Origin: Origin{Source: "document"}, BirthDate: "2026-11-18"},
				Mother:   &Mother{Resident: in.Resident, Membership: &Membership{Origin: in.Membership.Origin, Segment: "pbi_jk", Status: "active"}}}
		},
			"Sudah terjamin: JKN PBI ibu aktif; bayi ikut dijamin. Bawa surat lahir dan nomor JKN ibu, lalu daftarkan bayi hari ini."},
		{"covered", e, func(in *Input) { in.Membership.Status = "active" },
			"Sudah terjamin: JKN mandiri aktif. Tunjukkan KTP di puskesmas atau klinik terdaftar; ke rumah sakit perlu rujukan, kecuali gawat darurat."},
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

// TestSummaryOfOwnRules reads a rule aloud for whose banner nobody wrote a clause.
func TestSummaryOfOwnRules(t *testing.T) {
	for verdict, want := range map[string]string{
		"unknown": "Perlu dilengkapi: lakukan sesuatu.",
		"not_met": "Belum memenuhi syarat UHC: keadaan yang dilihat. Yang dapat dilakukan: lakukan sesuatu.",
		"note":    "Layak. Dapat didaftarkan hari ini.",
	} {
		src := strings.NewReplacer(`"verdict": "note", "seen": "x"`, `"verdict": "`+verdict+`", "seen": "Keadaan yang dilihat"`,
			`sesuatu.`, `sesuatu. Lalu yang lain.`, "routine", "inpatient").Replace(aRule)
		e, err := NewEngine(t.Context(), Shipped().with("extra.rego", []byte(src)))
		if err != nil {
			t.Fatal(err)
		}
		d, err := e.Decide(t.Context(), siti())
		if err != nil || d.Summary != want {
			t.Errorf("%q, %v; want %q", d.Summary, err, want)
		}
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
