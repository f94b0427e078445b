# Where the person lives: the newest KK decides, then the registry, then KTP and KK together. The
# digits of a NIK say where it was issued and are never read. Codes: residency_ok,
# residency_by_document, residency_unknown, residency_outside, residency_conflict,
# ktp_not_reprinted, residency_recent.
package layak.eligibility

office := input.office.regency

office_named := concat("", ["wilayah ", office])

# METADATA
# title: tanggal terbit
default issued(_) := ""

issued(e) := e.issued_on

# METADATA
# title: KK yang dilihat
kk_ranked := [[issued(e), i, regency_of(e.facts), area_of(e.facts)] |
	some i, e in input.evidence
	e.kind == "kk"
]

# METADATA
# title: KK terbaru
newest_kk := max(kk_ranked) if saw_kk

# METADATA
# title: KK terbaru dari kabupaten/kota ini
# custom:
#   not: KK terbaru bukan dari kabupaten/kota ini
kk_here if newest_kk[2] == office

# METADATA
# title: KK terbaru dari daerah lain
# custom:
#   not: KK terbaru bukan dari daerah lain
kk_elsewhere if newest_kk[2] != office

# METADATA
# title: KTP kabupaten/kota ini
# custom:
#   not: tidak ada KTP kabupaten/kota ini
ktp_here if {
	some e in input.evidence
	e.kind in {"ktp", "ikd", "suket"}
	regency_of(e.facts) == office
}

# METADATA
# title: KTP daerah lain
# custom:
#   not: tidak ada KTP daerah lain
ktp_elsewhere if {
	some e in input.evidence
	e.kind in {"ktp", "ikd", "suket"}
	regency_of(e.facts) != office
}

# METADATA
# title: tercatat pindah keluar
moved_out if home.life_status == "moved_out"

# METADATA
# title: tercatat sebagai penduduk di sini
registry_here if {
	home_in_registry
	regency_of(home) == office
	not moved_out
}

# METADATA
# title: tercatat sebagai penduduk daerah lain
registry_elsewhere if {
	home_in_registry
	regency_of(home) != office
}

registry_elsewhere if {
	home_in_registry
	moved_out
}

# A card older than the registry cannot overrule it; of a person who moved out the date must be
# known.
# METADATA
# title: KK lebih lama dari data kependudukan
# custom:
#   not: KK tidak lebih lama dari data kependudukan
kk_outdated if {
	registry_elsewhere
	newest_kk[0] < home.as_of
	newest_kk[0] != ""
}

kk_outdated if {
	registry_elsewhere
	moved_out
	newest_kk[0] == ""
}

# METADATA
# title: tempat tinggal
residence := "here" if {
	# The usual case in one step: in the registry, no papers that could say otherwise.
	input.subject in {"nik", "person"}
	input.resident.source == "registry"
	input.resident.regency == input.office.regency
	input.evidence == []
	not input.resident.life_status == "moved_out"
} else := weighed_residence

# Papers and registry weighed against each other.
# METADATA
# title: tempat tinggal menurut berkas dan data
default weighed_residence := "unknown"

weighed_residence := "conflict" if {
	kk_elsewhere
	ktp_here
} else := "conflict" if {
	kk_elsewhere
	registry_here
} else := "outside" if {
	kk_elsewhere
} else := "conflict" if {
	kk_here
	kk_outdated
} else := "here" if {
	kk_here
} else := "conflict" if {
	registry_elsewhere
	ktp_here
} else := "outside" if {
	registry_elsewhere
} else := "here" if {
	registry_here # a KK was seen whose address was not noted
} else := "outside" if {
	not home_in_registry
	regency_of(home) != office
} else := "here" if {
	identity_papers
	not home_in_registry
	regency_of(home) == office
} else := "here" if {
	identity_papers
	not home_in_registry
	ktp_here
}

# The place as words and where it was read: from the KK when one was seen, else from the registry.
residence_seen := [concat("", ["wilayah ", input.resident.village]), resident_source] if {
	input.subject in {"nik", "person"}
	input.evidence == []
} else := [concat("", ["wilayah ", newest_kk[3]]), papers_source] if {
	newest_kk
} else := [place_named(home), home_source]

# METADATA
# title: KTP dan KK kabupaten/kota ini
# custom:
#   code: residency_ok
#   order: 310
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Tidak ada yang perlu dilakukan.
#   document: kk
findings contains {"code": "residency_ok", "verdict": "met", "seen": seen, "limit": office_named, "source": source} if {
	residence == "here"
	assessed
	[seen, source] := residence_seen
}

# METADATA
# title: Domisili menurut berkas
# custom:
#   code: residency_by_document
#   because: domisili menurut berkas yang dilihat
#   order: 311
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Daftarkan, minta Dukcapil memperbarui data, dan cek ulang sesudah data berikutnya dimuat.
#   document: kk
findings contains {"code": "residency_by_document", "verdict": "note", "seen": "Belum ada di data kependudukan; KTP dan KK dilihat petugas", "source": papers_source} if {
	input.evidence[0].kind
	residence == "here"
	not home_in_registry
	assessed
}

# METADATA
# title: Kabupaten/kota tempat tinggal diketahui
# custom:
#   code: residency_unknown
#   because: lihat alamat di KK terbaru
#   order: 312
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Lihat KK terbaru dan isi desa atau kelurahannya.
#   document: kk
findings contains {"code": "residency_unknown", "verdict": "unknown", "seen": "Kabupaten/kota tempat tinggal belum tercatat", "limit": office_named} if {
	residence == "unknown"
	assessed
	not missing
}

# METADATA
# title: Warga kabupaten/kota ini
# custom:
#   code: residency_outside
#   because: menurut data bukan warga kabupaten/kota ini
#   order: 313
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Hubungi Dinas Sosial atau puskesmas daerah asal. Bila sudah pindah ke sini, urus KK baru lalu cek ulang.
#   document: kk
findings contains {"code": "residency_outside", "verdict": "not_met", "seen": seen, "limit": office_named, "source": source} if {
	residence == "outside"
	assessed
	[seen, source] := outside_seen
}

outside_seen := ["Tercatat pindah keluar", home_source] if {
	moved_out
	not newest_kk
}

else := residence_seen

# Which of them is behind, where it shows: data that have not heard of a move are the usual case.
default addresses_seen := "Alamat di KTP, KK, dan data kependudukan tidak sama kabupaten/kotanya"

addresses_seen := concat("", ["Data kependudukan masih mencatat wilayah ", regency_of(home), ", KTP atau KK yang dilihat wilayah ", office]) if {
	registry_elsewhere
	not moved_out
	not kk_elsewhere
}

# METADATA
# title: KTP dan KK sejalan
# custom:
#   code: residency_conflict
#   because: minta KK terbaru dan tanyakan status warga kepada Dukcapil
#   order: 314
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: KK terbaru menentukan. Tanyakan status warga kepada Dukcapil.
#   document: kk
findings contains {"code": "residency_conflict", "verdict": "unknown", "seen": addresses_seen, "limit": office_named, "source": residence_seen[1]} if {
	input.evidence[0].kind
	residence == "conflict"
	assessed
}

# METADATA
# title: KTP masih memakai alamat lama
# custom:
#   code: ktp_not_reprinted
#   order: 315
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Lanjutkan dengan KK; KTP dapat dicetak ulang belakangan.
#   document: kk
findings contains {"code": "ktp_not_reprinted", "verdict": "note", "seen": "KK kabupaten/kota ini, KTP masih alamat lama", "source": papers_source} if {
	input.evidence[0].kind
	residence == "here"
	ktp_elsewhere
	assessed
}

# METADATA
# title: Sudah cukup lama tinggal di sini
# custom:
#   code: residency_recent
#   because_not_met: belum cukup lama tinggal di kabupaten/kota ini
#   because_unknown: isi tanggal pindah masuk menurut surat pindah
#   order: 316
#   article: Pertimbangan program; sebagian daerah mensyaratkannya
#   effective_from: "2025-04-01"
#   remedy: Daerah asal masih menjamin sampai syarat lama tinggal terpenuhi. Bila gawat darurat, layani dulu.
#   document: moving_letter
findings contains {"code": "residency_recent", "verdict": stay[0], "seen": stay[1], "limit": stay_limit, "source": home_source} if {
	stay_counts
	residence == "here"
	assessed
}

# METADATA
# title: lama tinggal disyaratkan
# custom:
#   not: lama tinggal tidak disyaratkan
stay_counts if current.min_residency_months > 0

stay_limit := $"paling sedikit {current.min_residency_months} bulan"

stay := ["not_met", $"Pindah masuk {home.moved_in_on}; daerah asal menjamin sampai {months_after(home.moved_in_on, current.min_residency_months)}"] if {
	time.add_date(day_ns(home.moved_in_on), 0, current.min_residency_months, 0) > service_ns
}

else := ["met", $"Pindah masuk {home.moved_in_on}"] if home.moved_in_on

else := ["unknown", "Tanggal pindah masuk belum tercatat"]

ask["residency_unknown"] := [{"text": "Desa atau kelurahan mana yang tertulis di Kartu Keluarga?", "field": "village", "document": "kk"}]

ask["residency_conflict"] := [{"text": "Apakah ada Kartu Keluarga terbaru, dan kapan diterbitkan? Tanyakan juga status warga kepada Dukcapil.", "field": "regency", "document": "kk"}]

ask["residency_recent"] := [{"text": "Kapan warga pindah masuk ke sini menurut surat pindah?", "field": "moved_in_on", "document": "moving_letter"}]

step["residency_by_document"] := [[501, "Minta Dukcapil memperbarui data warga ini, dan cek ulang sesudah data berikutnya dimuat."]] if outcome == "eligible"

step["residency_unknown"] := [[312, "Lihat KK terbaru dan isi desa atau kelurahannya."]]

step["residency_outside"] := [
	[313, "Hubungi Dinas Sosial atau puskesmas daerah asal agar warga didaftarkan di sana."],
	[314, "Bila warga sudah pindah ke sini, urus KK baru di Dukcapil lalu cek ulang."],
]

step["residency_conflict"] := [[315, "KK terbaru menentukan: minta KK terbaru dan tanyakan status warga kepada Dukcapil."]]

step["ktp_not_reprinted"] := [[502, "Lanjutkan dengan KK; KTP dapat dicetak ulang di Dukcapil belakangan."]] if outcome == "eligible"

step["residency_recent"] := [[316, "Tunjukkan lama tinggal dengan surat pindah; sampai syaratnya terpenuhi, daerah asal yang menjamin. Bila gawat darurat, layani dulu."]] if stay[0] != "met"
