# Whether the family cannot pay. Codes: need_met, need_not_met, need_unknown, need_conflict.
package layak.eligibility

# METADATA
# title: ketidakmampuan dinilai
# custom:
#   not: ketidakmampuan tidak dinilai
need_asked if current.need_mode != "off"

# METADATA
# title: ketidakmampuan menentukan
# custom:
#   not: ketidakmampuan tidak menentukan
need_counts if {
	need_asked
	assessed
	not newborn_route
}

# The family's place in DTSEN: of the mother for a newborn when she has one.
# METADATA
# title: desil
desil := input.welfare.desil if input.subject in {"nik", "person", "unknown"}

desil := mother_desil if input.subject == "newborn"

# METADATA
# title: desil bagi bayi
mother_desil := input.mother.welfare.desil if {
	input.mother.welfare
} else := input.welfare.desil

default welfare_source := ""

welfare_source := concat(", ", ["DTSEN", input.welfare.as_of]) if {
	input.subject in {"nik", "person", "unknown"}
	input.welfare.source == "registry"
} else := source_named(input.mother.welfare, "DTSEN") if {
	newborn
	input.mother.welfare
} else := source_named(input.welfare, "DTSEN")

# A letter dated after the check itself is a slip of the pen and counts as undated.
sktm_dates := {e.issued_on |
	some e in input.evidence
	e.kind == "sktm"
	e.issued_on <= substring(input.at, 0, 10)
}

# METADATA
# title: tanggal SKTM terbaru
newest_sktm := max(sktm_dates)

# METADATA
# title: SKTM masih berlaku
# custom:
#   not: tidak ada SKTM yang masih berlaku
sktm_valid if days_since(newest_sktm) <= current.sktm_days

# METADATA
# title: SKTM belum bertanggal
# custom:
#   not: tidak ada SKTM yang belum bertanggal
sktm_undated if {
	saw("sktm")
	count(sktm_dates) == 0
}

# METADATA
# title: desil di atas batas
# custom:
#   not: desil tidak di atas batas
desil_exceeds if desil > current.max_desil

# METADATA
# title: hasil penilaian ketidakmampuan
need := "by_desil" if {
	desil <= current.max_desil
} else := need_by_letter

default need_by_letter := "unknown"

# METADATA
# title: penilaian menurut SKTM
need_by_letter := "by_sktm" if {
	sktm_valid
	not desil_exceeds
} else := "by_sktm_over_desil" if {
	sktm_valid
	current.sktm_overrides_desil
} else := "unknown" if {
	sktm_undated
} else := "not_met" if {
	desil_exceeds
	current.need_mode == "required"
}

desil_limit := concat("", ["desil ", format_int(current.max_desil, 10), " atau kurang"])

default desil_seen := "Desil DTSEN belum tercatat"

desil_seen := concat("", ["Desil ", format_int(desil, 10), " dari 10"])

need_words := concat("", [desil_seen, sktm_seen])

sktm_seen := "; SKTM belum bertanggal" if {
	sktm_undated
} else := $"; SKTM {newest_sktm}" if {
	newest_sktm
} else := ""

# METADATA
# title: Tergolong tidak mampu
# related_resources:
#   - ref: https://peraturan.go.id/id/uu-no-40-tahun-2004
#     description: UU 40/2004
# custom:
#   code: need_met
#   order: 510
#   article: Pertimbangan program; sejalan dengan UU 40/2004 Pasal 17
#   effective_from: "2025-04-01"
#   remedy: Tidak ada yang perlu dilakukan.
#   document: sktm
findings contains {"code": "need_met", "verdict": "met", "seen": seen, "limit": limit, "source": source} if {
	need_counts
	[seen, limit, source] := need_seen
}

# What proves the need, its limit and its source; nothing unless it is proven.
need_seen := [desil_seen, desil_limit, welfare_source] if {
	need == "by_desil"
} else := [$"SKTM {newest_sktm}", $"tidak lebih dari {current.sktm_days} hari", "SKTM dilihat petugas"] if {
	need in {"by_sktm", "by_sktm_over_desil"}
}

# METADATA
# title: Tergolong tidak mampu
# related_resources:
#   - ref: https://peraturan.go.id/id/uu-no-40-tahun-2004
#     description: UU 40/2004
# custom:
#   code: need_not_met
#   because: "{seen}"
#   order: 511
#   article: Pertimbangan program; sejalan dengan UU 40/2004 Pasal 17
#   effective_from: "2025-04-01"
#   remedy: Minta SKTM di desa atau kelurahan, atau usulkan perbaikan data DTSEN di sana. Bila tidak, warga dapat membayar JKN mandiri.
#   document: sktm
findings contains {"code": "need_not_met", "verdict": "not_met", "seen": refused_words, "limit": desil_limit, "source": welfare_source} if {
	need == "not_met"
	need_counts
}

refused_words := concat("", [$"Desil {desil} di atas batas {current.max_desil}", letter_words])

# What became of the letter when the desil decided.
letter_words := $"; SKTM {newest_sktm} tidak mengubahnya" if {
	sktm_valid
} else := $"; SKTM {newest_sktm} sudah lebih dari {current.sktm_days} hari" if {
	newest_sktm
} else := " dan tidak ada SKTM"

# METADATA
# title: Tergolong tidak mampu
# related_resources:
#   - ref: https://peraturan.go.id/id/uu-no-40-tahun-2004
#     description: UU 40/2004
# custom:
#   code: need_unknown
#   because: bawa SKTM yang bertanggal
#   order: 512
#   article: Pertimbangan program; sejalan dengan UU 40/2004 Pasal 17
#   effective_from: "2025-04-01"
#   remedy: Bawa SKTM bertanggal dari desa atau kelurahan.
#   document: sktm
findings contains {"code": "need_unknown", "verdict": "unknown", "seen": need_words, "limit": desil_limit, "source": need_unknown_source} if {
	need == "unknown"
	need_counts
}

default need_unknown_source := ""

need_unknown_source := welfare_source if desil

# METADATA
# title: SKTM dan desil berbeda
# custom:
#   code: need_conflict
#   because: perlu verifikasi lapangan
#   order: 513
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Lakukan verifikasi lapangan dan usulkan perbaikan DTSEN.
#   document: sktm
findings contains {"code": "need_conflict", "verdict": "note", "seen": conflict_seen, "limit": field_check_limit, "source": welfare_source} if {
	need == "by_sktm_over_desil"
	need_counts
}

conflict_seen := $"{desil_seen}, tetapi ada SKTM {newest_sktm}"

field_check_limit := $"verifikasi lapangan paling lama {current.field_check_days} hari kerja"

ask["need_unknown"] := [{"text": "Kapan SKTM diterbitkan? Isi tanggal yang tertulis di surat.", "field": "", "document": "sktm"}] if sktm_undated

ask["need_unknown"] := [{"text": "Apakah ada SKTM dari desa atau kelurahan?", "field": "", "document": "sktm"}] if not sktm_undated

step["need_not_met"] := [
	[510, "Minta SKTM di desa atau kelurahan bila keadaan keluarga memang tidak mampu, lalu cek ulang."],
	[511, "Usulkan perbaikan DTSEN di desa atau kelurahan."],
	[512, "Bila keluarga mampu, JKN dapat dibayar mandiri."],
]

step["need_unknown"] := [[513, "Bawa SKTM dari desa atau kelurahan, lalu cek ulang; hasilnya langsung terlihat."]]

step["need_conflict"] := [[514, $"Lakukan verifikasi lapangan paling lama {current.field_check_days} hari kerja, dan usulkan perbaikan DTSEN."]] if outcome == "eligible"
