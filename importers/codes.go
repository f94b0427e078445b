package importers

import (
	"strings"

	"layak/eligibility"
)

// codeSpellings maps folded values to members of the closed lists of the input schema. A test
// holds them against the lists, so that no import can store a word that the rules do not know.
var codeSpellings = map[eligibility.Field]map[string]string{
	eligibility.FieldSex: values(
		"L", "l lk laki lakilaki laki2 pria 1 m male",
		"P", "p pr perempuan wanita 2 w f female"),
	eligibility.FieldRelation: values(
		"head", "1 kepalakeluarga kepala kk kepalakk kepalarumahtangga krt head",
		"husband", "2 suami husband",
		"wife", "3 istri isteri wife",
		"child", "4 anak anakkandung anaktiri anakangkat child",
		"in_law_child", "5 menantu inlawchild",
		"grandchild", "6 cucu grandchild",
		"parent", "7 orangtua ortu ayah ibu parent",
		"in_law_parent", "8 mertua inlawparent",
		"relative", "9 famililain famili kerabat saudara keluargalain keponakan kakak adik relative",
		"servant", "10 pembantu art pembanturumahtangga asistenrumahtangga servant",
		"other", "11 lainnya lain other"),
	eligibility.FieldMarital: values(
		"single", "1 bk b belumkawin belummenikah belumnikah lajang tidakkawin single",
		"married", "2 k s kawin sudahkawin menikah nikah sudahmenikah kawintercatat kawinbelumtercatat kawintidaktercatat married",
		"divorced", "3 ch ceraihidup janda duda ceraihiduptercatat ceraihidupbelumtercatat divorced",
		"widowed", "4 cm ceraimati widowed"),
	eligibility.FieldLifeStatus: values(
		"alive", "1 hidup masihhidup alive",
		"deceased", "2 mati meninggal meninggaldunia wafat md almarhum almarhumah deceased",
		"moved_out", "3 6 pindah pindahdalamnegeri pindahluarnegeri pindahkeluar pindahluar pindahdomisili pergi movedout",
		"lost", "4 hilang lost",
		"unknown", "9 tidakvalid tidakdiketahui unknown"),
	eligibility.FieldSegment: values(
		"pbi_jk", "pbi pbijk pbiapbn pbijkn pbijkapbn pbipusat pbinasional pbijkpusat apbn",
		"pemda", "pbiapbd pbidaerah pbid pbpupemda pbpubppemda pbpudanbppemda pbpudanbppemerintahdaerah pbpubppemerintahdaerah pdpemda pemda jamkesda apbd pesertapemda pbijkapbd",
		"ppu", "ppu ppubu ppupn ppupns ppubumn ppubumd pputni ppupolri pputnipolri ppuasn ppuswasta pegawaiswasta pns asn tni polri perangkatdesa kepaladesa pekerjapenerimaupah karyawanswasta ppubadanusaha ppuperangkatdesa ppupd pppk ppupnsd ppupnpn ppnpn",
		"mandiri", "pbpu pbpumandiri mandiri pekerjamandiri pekerjabukanpenerimaupah bpumandiri pesertamandiri",
		"bp", "bp bukanpekerja pensiunan bppensiunan bpmandiri bppenerimapensiun penerimapensiun veteran bpveteran investor bpswasta",
		"none", "none nonpeserta bukanpeserta belumterdaftar tidakterdaftar belumjkn belumpeserta nonjkn tidakada belumada"),
	eligibility.FieldClass: values(
		"1", "1 i kelas1 kelasi kls1 klsi satu",
		"2", "2 ii kelas2 kelasii kls2 klsii dua",
		"3", "3 iii kelas3 kelasiii kls3 klsiii tiga"),
	eligibility.FieldMemberReason: values(
		"premium", "premium premi karenapremi tunggakan menunggak iuran tunggakaniuran menunggakiuran nonaktifkarenapremi tidakmembayariuran",
		"employer", "employer phk keluarkerja berhentikerja resign berhenti badanusaha pemberikerja keluardaribadanusaha nonaktifbadanusaha berhentibekerja",
		"purged", "purged dinonaktifkan dinonaktifkankemensos pemutakhiran pemutakhirandata pemadanan tidaklayak dikeluarkan skmensos nonaktifdtsen dihapus",
		"quota", "quota kuota kuotahabis kuotapenuh pengurangankuota",
		"deceased", "deceased meninggal meninggaldunia mati wafat",
		"moved", "moved pindah pindahdomisili pindahdaerah pindahsegmen pindahkeluar",
		"month_end", "monthend akhirbulan diakhirbulan nonaktifdiakhirbulan nonaktifakhirbulan",
		"other", "other lainnya lain lainlain"),
}

// values turns pairs of a code and its spellings into a look-up.
func values(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		for _, w := range strings.Fields(pairs[i+1]) {
			m[w] = pairs[i]
		}
		m[fold(pairs[i])] = pairs[i]
	}
	return m
}

// memberState is what one word in a status column says; the reason may be unsaid.
type memberState struct{ status, reason string }

var memberStates = map[string]memberState{
	"aktif": {"active", ""}, "active": {"active", ""}, "ya": {"active", ""}, "a": {"active", ""}, "pesertaaktif": {"active", ""},
	"inactive": {"inactive", ""}, "nonaktif": {"inactive", ""}, "tidakaktif": {"inactive", ""}, "na": {"inactive", ""},
	"nonaktifkarenapremi": {"inactive", "premium"}, "nonaktifpremi": {"inactive", "premium"}, "tunggakan": {"inactive", "premium"}, "menunggak": {"inactive", "premium"},
	"nonaktifdiakhirbulan": {"inactive", "month_end"}, "nonaktifakhirbulan": {"inactive", "month_end"},
	"nonaktifkarenaphk": {"inactive", "employer"}, "phk": {"inactive", "employer"}, "keluarkarenaphk": {"inactive", "employer"},
	"meninggal": {"inactive", "deceased"}, "meninggaldunia": {"inactive", "deceased"}, "nonaktifkarenameninggal": {"inactive", "deceased"}, "nonaktifmeninggal": {"inactive", "deceased"},
	"penangguhanpembayaran": {"suspended", ""}, "penangguhanpeserta": {"suspended", ""}, "ditangguhkan": {"suspended", ""}, "suspended": {"suspended", ""},
	"dinonaktifkan": {"inactive", "purged"}, "nonaktifpemutakhirandata": {"inactive", "purged"}, "dihapus": {"inactive", "purged"},
	"nonaktifkuota": {"inactive", "quota"}, "nonaktifkarenakuota": {"inactive", "quota"},
	"nonaktifpindah": {"inactive", "moved"}, "nonaktifkarenapindah": {"inactive", "moved"},
}

// codeOf maps a value of a code field; ok is false when the spelling is not known.
func codeOf(f eligibility.Field, value string) (code string, ok bool) {
	if doubtful(value) {
		return "", false
	}
	folded := fold(value)
	if code, ok = codeSpellings[f][folded]; ok {
		return code, true
	}
	// "2.0" from a number column, "02" from a fixed width one
	if t := strings.TrimLeft(strings.TrimSuffix(value, ".0"), "0"); t != "" && t != value {
		code, ok = codeSpellings[f][fold(t)]
		return code, ok
	}
	// "4 - ANAK", "1. KEPALA KELUARGA": the number before the word
	if i := strings.IndexAny(value, ".-)"); i > 0 && i < 4 {
		code, ok = codeSpellings[f][fold(value[i+1:])]
	}
	return code, ok
}

// statusOf reads a membership status; a reason in brackets or behind the word is understood.
func statusOf(value string) (memberState, bool) {
	if doubtful(value) {
		return memberState{}, false
	}
	folded := fold(value)
	if s, ok := memberStates[folded]; ok {
		return s, true
	}
	for _, prefix := range []string{"nonaktifkarena", "tidakaktifkarena", "nonaktif", "tidakaktif"} {
		rest, found := strings.CutPrefix(folded, prefix)
		if !found {
			continue
		}
		if reason, ok := codeSpellings[eligibility.FieldMemberReason][rest]; ok {
			return memberState{"inactive", reason}, true
		}
		return memberState{"inactive", "other"}, true
	}
	return memberState{}, false
}

// doubtful tells whether a sign beside a word takes it back: "AKTIF?", ">3", "!PBI". Folding would
// drop the sign and leave the opposite of what was written.
func doubtful(value string) bool { return strings.ContainsAny(value, "?!<>=~≠") }
