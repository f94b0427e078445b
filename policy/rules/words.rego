# Words for codes, sources and places. Dates and area codes stay as codes here; the program that
# shows a decision turns 2026-11-01 and "wilayah 35.09" into words.
package layak.eligibility

segment_words := {
	"pbi_jk": "JKN PBI dari pemerintah pusat",
	"pemda": "JKN yang dibayar Pemda",
	"ppu": "JKN pekerja penerima upah",
	"mandiri": "JKN mandiri",
	"bp": "JKN bukan pekerja",
	"none": "belum terdaftar JKN",
}

reason_words := {
	"premium": ", karena iuran belum dibayar",
	"employer": ", karena urusan pemberi kerja",
	"purged": ", karena pemutakhiran data",
	"quota": ", karena kuota",
	"deceased": ", karena dicatat meninggal",
	"moved": ", karena dicatat pindah",
	"month_end": ", berhenti pada akhir bulan",
	"other": "",
}

default segment_named(_) := "JKN"

segment_named(m) := segment_words[m.segment]

default membership_named := "JKN"

membership_named := segment_words[input.membership.segment]

default reason_named := ""

reason_named := reason_words[input.membership.member_reason]

default since_named := ""

since_named := concat("", [" sejak ", input.membership.inactive_since])

default place_named(_) := "alamat belum tercatat"

place_named(r) := concat("", ["wilayah ", area_of(r)])

area_of(r) := r.village if r.village

else := r.district if r.district

else := r.regency if r.regency

# METADATA
# title: kabupaten/kota menurut
regency_of(r) := r.regency if {
	r.regency
} else := substring(r.village, 0, 5) if {
	r.village
} else := substring(r.district, 0, 5)

default resident_source := "pernyataan di loket"

resident_source := concat(", ", ["Dukcapil", input.resident.as_of]) if {
	input.resident.source == "registry"
} else := source_named(input.resident, "Dukcapil")

default home_source := "pernyataan di loket"

home_source := source_named(input.mother.resident, "Dukcapil") if input.subject == "newborn"

home_source := resident_source if input.subject in {"nik", "person", "unknown"}

default membership_source := ""

membership_source := concat(", ", ["BPJS Kesehatan", input.membership.as_of]) if {
	input.membership.source == "registry"
} else := source_named(input.membership, "BPJS Kesehatan")

source_named(g, office) := concat(", ", [office, g.as_of]) if {
	g.source == "registry"
} else := office if {
	g.source == "registry"
} else := $"berkas dilihat petugas, {g.as_of}" if {
	g.as_of
} else := "berkas dilihat petugas"

paper_source(e) := $"dilihat petugas, {e.seen_at}" if e.seen_at

else := "dilihat petugas"

default papers_source := "dilihat petugas"

papers_source := max([paper_source(e) | some e in input.evidence; e.kind in {"kk", "ktp", "ikd", "suket"}])
