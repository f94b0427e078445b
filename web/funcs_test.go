package web

import "testing"

func TestUnderBannerDoesNotRepeatTheAnswer(t *testing.T) {
	cases := map[string]string{
		"Perlu dilengkapi: lihat KTP dan KK.":                   "Lihat KTP dan KK.",
		"Belum memenuhi syarat UHC: desil 7 di atas batas 5.":   "Desil 7 di atas batas 5.",
		"Layak. Dapat didaftarkan hari ini.":                    "Dapat didaftarkan hari ini.",
		"Sudah terjamin: JKN mandiri aktif. Tunjukkan KTP.":     "JKN mandiri aktif. Tunjukkan KTP.",
		"Layani dulu. Perlu dilengkapi: identitas orang ini.":   "Layani dulu. Perlu dilengkapi: identitas orang ini.",
		"Kalimat aturan lain yang tidak dimulai dengan jawaban": "Kalimat aturan lain yang tidak dimulai dengan jawaban",
		"": "",
	}
	for in, want := range cases {
		if got := underBanner(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
