package policy

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func explained(t *testing.T, name string) Explanation {
	t.Helper()
	all := goldens(t)
	i := slices.IndexFunc(all, func(g golden) bool { return g.name == name })
	if i < 0 {
		t.Fatalf("no case %s", name)
	}
	e, err := NewEngine(t.Context(), all[i].bundle(t))
	if err != nil {
		t.Fatal(err)
	}
	x, err := Explain(t.Context(), e, all[i].input(t))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestExplainReadsAloud: of known cases, the sentence of a rule as an officer reads it.
func TestExplainReadsAloud(t *testing.T) {
	for _, c := range []struct{ name, code, sentence string }{
		{"23-desil-di-atas-batas", "need_not_met", "Desil 8 di atas batas 5 dan tidak ada SKTM (batas: desil 5 atau kurang), jadi syarat ini belum terpenuhi."},
		{"23-desil-di-atas-batas", "deceased", "Tidak berlaku. Syaratnya: keadaan menurut data kependudukan adalah meninggal; yang terlihat: keadaan menurut data kependudukan: hidup."},
		{"23-desil-di-atas-batas", "residency_outside", "Tidak berlaku. Syaratnya: tempat tinggal adalah di luar; yang terlihat: tempat tinggal: di sini."},
		{"23-desil-di-atas-batas", "need_met", "Tidak berlaku. Syaratnya: desil paling banyak 5 (desil DTSEN tertinggi yang tergolong tidak mampu), atau (SKTM masih berlaku: jumlah hari sejak tanggal SKTM terbaru paling banyak 180 hari (umur SKTM yang masih diterima) dan (desil tidak di atas batas: desil paling banyak 5 (desil DTSEN tertinggi yang tergolong tidak mampu), atau belum diketahui, atau SKTM mengalahkan desil yang di atas batas: ya)); yang terlihat: desil: 8, jumlah hari sejak tanggal SKTM terbaru: tidak diketahui."},
		{"23-desil-di-atas-batas", "not_in_latest", "Tidak berlaku. Syaratnya: masih tercantum di data kependudukan terbaru: tidak; yang terlihat: masih tercantum di data kependudukan terbaru: ya."},
		{"23-desil-di-atas-batas", "activation_next_month", "Tidak berlaku. Syaratnya: status UHC daerah adalah cut off; yang terlihat: status UHC daerah: UHC Prioritas."},
		{"23-desil-di-atas-batas", "cover_started_later", "Tidak berlaku. Syaratnya: menjadi peserta sejak sesudah hari layanan; yang terlihat: menjadi peserta sejak: tidak diketahui, hari layanan: 21 Nov 2026."},
		{"22-masih-bekerja", "ppu_employer_due", "Masih bekerja; JKN pekerja nonaktif, jadi syarat ini belum terpenuhi."},
		{"23-desil-tidak-tahu", "need_unknown", "Desil DTSEN belum tercatat (batas: desil 5 atau kurang), jadi syarat ini belum dapat dipastikan."},
	} {
		x := explained(t, c.name)
		i := slices.IndexFunc(x.Steps, func(s Step) bool { return s.Code == c.code })
		if i < 0 || x.Steps[i].Sentence != c.sentence {
			t.Errorf("%s %s:\n got %s\nwant %s", c.name, c.code, x.Steps[max(i, 0)].Sentence, c.sentence)
		}
	}
	if x := explained(t, "23-desil-di-atas-batas"); x.Summary != "Belum memenuhi syarat, karena ada syarat yang pasti belum terpenuhi: Tergolong tidak mampu." {
		t.Error(x.Summary)
	}
}

var regoSigns = regexp.MustCompile(`:=|==|\binput\.|\bcurrent\.|\bnot \w|__local|[{}\[\]]|[a-z]_[a-z]`)

// TestExplainHidesRego: no condition of any case is written in Rego, none shows a whole NIK, and a step
// holds exactly when the decision has its finding.
func TestExplainHidesRego(t *testing.T) {
	e, err := NewEngine(t.Context(), Shipped())
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range goldens(t) {
		if i%4 != 0 || len(g.Params) > 0 {
			continue
		}
		x, err := Explain(t.Context(), e, g.input(t))
		if err != nil {
			t.Fatal(err)
		}
		if len(x.Steps) != len(e.Rules()) {
			t.Fatalf("%d steps", len(x.Steps))
		}
		for _, s := range x.Steps {
			found := slices.ContainsFunc(x.Decision.Findings, func(f Finding) bool { return f.Code == s.Code })
			all := append(slices.Clone(s.Deciding), s.Conditions...)
			contrary := slices.ContainsFunc(all, func(c Condition) bool { return c.Holds != found || !c.Asked })
			if s.Holds != found || contrary || len(s.Deciding) == 0 {
				t.Errorf("%s %s: holds %v, finding %v, %+v", g.name, s.Code, s.Holds, found, all)
			}
			readable(t, g.name+" "+s.Code, s.Sentence, all)
		}
	}
}

func readable(t *testing.T, where, sentence string, all []Condition) {
	t.Helper()
	texts := []string{sentence}
	for _, c := range all {
		texts = append(texts, c.Text, c.Seen)
		readable(t, where, "", c.Parts)
		if c.File == "" || c.Row == 0 {
			t.Errorf("%s: %q has no place", where, c.Text)
		}
	}
	for _, s := range texts {
		if sign := regoSigns.FindString(s); sign != "" || strings.Contains(s, "3509190101800001") {
			t.Errorf("%s: %q in %q", where, sign, s)
		}
	}
}
