# The way from each inactive segment. Codes: mandiri_inactive_move, bp_inactive_move,
# pemda_inactive, pbi_reactivate, pbi_window_passed, ppu_termination_grace, ppu_employer_due,
# segment_unknown.
package layak.eligibility

# METADATA
# title: segmen JKN yang nonaktif
route := input.membership.segment if inactive

# METADATA
# title: Pindah dari JKN mandiri
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: mandiri_inactive_move
#   order: 410
#   article: Perpres 82/2018 Pasal 42 (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Usulkan pindah segmen sekeluarga. Tunggakan tidak hapus; tanyakan denda rawat inap ke BPJS.
#   document: bpjs_screen
findings contains {"code": "mandiri_inactive_move", "verdict": "note", "seen": "Tunggakan tidak hapus; tanyakan denda rawat inap ke BPJS", "source": membership_source} if {
	input.membership.segment == "mandiri"
	inactive
}

# METADATA
# title: Pindah dari segmen bukan pekerja
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: bp_inactive_move
#   order: 411
#   article: Perpres 82/2018 Pasal 42 (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Usulkan pindah segmen. Tunggakan tidak hapus; tanyakan denda rawat inap ke BPJS.
#   document: bpjs_screen
findings contains {"code": "bp_inactive_move", "verdict": "note", "seen": "Tunggakan tidak hapus; tanyakan denda rawat inap ke BPJS", "source": membership_source} if {
	input.membership.segment == "bp"
	inactive
}

# METADATA
# title: Pernah dibayar Pemda, kini nonaktif
# custom:
#   code: pemda_inactive
#   order: 412
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Usulkan ulang di e-Dabu dan catat sebab nonaktifnya.
#   document: bpjs_screen
findings contains {"code": "pemda_inactive", "verdict": "note", "seen": "Dapat diusulkan ulang", "source": membership_source} if {
	input.membership.segment == "pemda"
	inactive
}

# METADATA
# title: lama PBI nonaktif dalam hari
pbi_inactive_days := days_since(input.membership.inactive_since) if route == "pbi_jk"

# METADATA
# title: PBI-JK masih dapat diaktifkan kembali
# custom:
#   code: pbi_reactivate
#   because_not_met: PBI diaktifkan kembali lewat jalur PBI
#   order: 413
#   article: Ketentuan Kementerian Sosial tentang pengaktifan kembali PBI-JK (perlu dicek)
#   effective_from: "2026-02-01"
#   remedy: Bawa surat keterangan berobat dari faskes kepada operator SIKS-NG di desa/kelurahan atau Dinas Sosial. Bila gawat darurat, hubungi Dinas Sosial hari ini.
#   document: facility_letter
findings contains {"code": "pbi_reactivate", "verdict": verdict, "seen": $"PBI nonaktif sejak {input.membership.inactive_since}", "limit": $"{current.pbi_reactivation_days} hari", "source": membership_source} if {
	input.membership.segment == "pbi_jk"
	pbi_inactive_days <= current.pbi_reactivation_days
	verdict := {"reactivate": "not_met", "pemda_now": "note"}[current.pbi_route]
}

# METADATA
# title: Masa pengaktifan kembali PBI-JK
# custom:
#   code: pbi_window_passed
#   because_unknown: lihat di layar BPJS sejak kapan PBI nonaktif
#   order: 414
#   article: Ketentuan Kementerian Sosial tentang pengaktifan kembali PBI-JK (perlu dicek)
#   effective_from: "2026-02-01"
#   remedy: Daftarkan sebagai peserta yang dibayar Pemda dan ajukan pemutakhiran DTSEN di desa/kelurahan.
#   document: bpjs_screen
findings contains {"code": "pbi_window_passed", "verdict": verdict, "seen": seen, "limit": $"{current.pbi_reactivation_days} hari", "source": membership_source} if {
	input.membership.segment == "pbi_jk"
	inactive
	[verdict, seen] := pbi_window
}

pbi_window := ["note", $"PBI nonaktif sejak {input.membership.inactive_since}, masa pengaktifan kembali sudah lewat"] if {
	pbi_inactive_days > current.pbi_reactivation_days
}

pbi_window := ["unknown", "Tanggal nonaktif PBI belum tercatat"] if {
	route == "pbi_jk"
	not input.membership.inactive_since
}

termination_papers := [issued(e) | some e in input.evidence; e.kind == "termination"]

# METADATA
# title: masih bekerja
# custom:
#   not: tidak masih bekerja
employed if {
	input.statements.still_employed == true
	count(termination_papers) == 0
}

# METADATA
# title: sudah berhenti bekerja
job_ended if count(termination_papers) > 0

job_ended if input.statements.still_employed == false

# The day the job ended: from the paper when it is dated, else when the card stopped.
# METADATA
# title: tanggal berhenti bekerja
job_ended_on := max(termination_papers) if max(termination_papers) != ""

else := input.membership.inactive_since

# METADATA
# title: baru berhenti bekerja
# custom:
#   not: tidak baru saja berhenti bekerja
job_ended_recently if {
	not employed
	within_months(job_ended_on, current.ppu_grace_months)
}

# METADATA
# title: Masa jaminan sesudah berhenti bekerja
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-59-tahun-2024
#     description: Perpres 59/2024
# custom:
#   code: ppu_termination_grace
#   because: bawa bukti berhenti bekerja
#   order: 415
#   article: Perpres 59/2024 (perlu dicek)
#   effective_from: "2024-05-08"
#   remedy: Bawa bukti pemutusan hubungan kerja ke BPJS Kesehatan; jaminan tanpa iuran di kelas 3.
#   document: termination
findings contains {"code": "ppu_termination_grace", "verdict": "unknown", "seen": seen, "limit": $"{current.ppu_grace_months} bulan", "source": membership_source} if {
	input.membership.segment == "ppu"
	inactive
	seen := grace_seen
}

grace_seen := $"JKN pekerja nonaktif atau hubungan kerja berakhir sejak {job_ended_on}" if job_ended_recently

grace_seen := "Hubungan kerja berakhir, tanggalnya belum tercatat" if {
	job_ended
	not job_ended_on
}

# METADATA
# title: Tidak lagi menjadi tanggungan pemberi kerja
# related_resources:
#   - ref: https://peraturan.go.id/id/perpres-no-82-tahun-2018
#     description: Perpres 82/2018
# custom:
#   code: ppu_employer_due
#   because_not_met: pemberi kerja wajib mendaftarkan
#   because_unknown: tanyakan apakah warga masih bekerja
#   order: 416
#   article: Perpres 82/2018 Pasal 13 (perlu dicek)
#   effective_from: "2018-09-18"
#   remedy: Laporkan ke BPJS dan Dinas Tenaga Kerja. Pemberi kerja wajib mendaftarkan dan membayar. Bila gawat darurat, layani dulu.
#   document: termination
findings contains {"code": "ppu_employer_due", "verdict": verdict, "seen": seen, "source": membership_source} if {
	input.membership.segment == "ppu"
	inactive
	[verdict, seen] := employer_duty
}

employer_duty := ["not_met", "Masih bekerja; JKN pekerja nonaktif"] if employed

employer_duty := ["met", $"Hubungan kerja berakhir {job_ended_on}, lebih dari {current.ppu_grace_months} bulan"] if {
	job_ended
	not employed
	not within_months(job_ended_on, current.ppu_grace_months)
}

employer_duty := ["unknown", "Belum diketahui apakah masih bekerja"] if {
	not employed
	not job_ended
	not job_ended_recently
}

# METADATA
# title: Segmen JKN diketahui
# custom:
#   code: segment_unknown
#   because: lihat segmen JKN di layar BPJS
#   order: 417
#   article: Pertimbangan program
#   effective_from: "2025-04-01"
#   remedy: Lihat layar BPJS dan isi segmen kepesertaannya.
#   document: bpjs_screen
findings contains {"code": "segment_unknown", "verdict": "unknown", "seen": "JKN nonaktif, segmennya belum tercatat", "source": membership_source} if {
	not input.membership.segment
	input.membership.member_status in {"inactive", "suspended"}
	inactive
}

ask["pbi_window_passed"] := [{"text": "Sejak tanggal berapa PBI nonaktif menurut layar BPJS?", "field": "inactive_since", "document": "bpjs_screen"}]

ask["ppu_termination_grace"] := [{"text": "Apakah warga masih bekerja? Bila sudah berhenti, apakah ada bukti pemutusan hubungan kerja dan kapan tanggalnya?", "field": "still_employed", "document": "termination"}]

ask["ppu_employer_due"] := [{"text": "Apakah warga masih bekerja pada pemberi kerja yang mendaftarkannya? Bila sudah berhenti, kapan?", "field": "still_employed", "document": "termination"}]

ask["segment_unknown"] := [{"text": "Apa segmen JKN di layar BPJS: PBI, Pemda, pekerja, mandiri, atau bukan pekerja?", "field": "segment", "document": "bpjs_screen"}]

step["mandiri_inactive_move"] := [
	[410, "Pindahkan segmen dari mandiri ke peserta yang dibayar Pemda, dan usulkan sekeluarga."],
	[411, "Jelaskan bahwa tunggakan tidak hapus; denda rawat inap ditanyakan ke BPJS, jangan menjanjikan apa pun."],
] if outcome == "eligible"

step["bp_inactive_move"] := [
	[410, "Pindahkan segmen ke peserta yang dibayar Pemda."],
	[411, "Jelaskan bahwa tunggakan tidak hapus; denda rawat inap ditanyakan ke BPJS, jangan menjanjikan apa pun."],
] if outcome == "eligible"

step["pemda_inactive"] := [[412, "Usulkan ulang di e-Dabu dan catat sebab nonaktifnya."]] if outcome == "eligible"

step["pbi_reactivate"] := [
	[413, "Minta surat keterangan berobat dari faskes, lalu serahkan kepada operator SIKS-NG desa/kelurahan atau Dinas Sosial agar PBI diaktifkan kembali."],
	[414, "Bila gawat darurat, hubungi Dinas Sosial hari ini."],
]

step["pbi_window_passed"] := [[415, "Daftarkan sebagai peserta yang dibayar Pemda, dan ajukan pemutakhiran DTSEN di desa/kelurahan."]] if {
	pbi_window[0] == "note"
	outcome == "eligible"
}

step["pbi_window_passed"] := [[415, "Lihat layar BPJS dan isi sejak kapan PBI nonaktif."]] if pbi_window[0] == "unknown"

step["ppu_termination_grace"] := [[416, $"Bawa bukti pemutusan hubungan kerja ke BPJS Kesehatan: {current.ppu_grace_months} bulan pertama dijamin tanpa iuran di kelas 3."]]

step["ppu_employer_due"] := [[417, "Pemberi kerja wajib mendaftarkan dan membayar: laporkan ke BPJS Kesehatan dan Dinas Tenaga Kerja. Bila gawat darurat, layani dulu."]] if {
	employer_duty[0] == "not_met"
}

step["ppu_employer_due"] := [[417, "Tanyakan apakah warga masih bekerja, dan minta bukti bila sudah berhenti."]] if employer_duty[0] == "unknown"

step["ppu_employer_due"] := [[417, "Daftarkan di e-Dabu dan lampirkan bukti berhenti bekerja."]] if {
	employer_duty[0] == "met"
	outcome == "eligible"
}

step["segment_unknown"] := [[418, "Lihat layar BPJS dan isi segmen kepesertaannya."]]
