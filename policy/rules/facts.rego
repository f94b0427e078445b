# What the rules share about the person, the papers and the calendar. Nothing here is a finding.
# "home" is whose residency and welfare count: the mother's for a newborn, else the person's own.
package layak.eligibility

# METADATA
# title: bayi baru lahir
# custom:
#   not: bukan bayi baru lahir
newborn if input.subject == "newborn"

# METADATA
# title: data orang yang menentukan domisili
home := input.mother.resident if input.subject == "newborn"

home := input.resident if input.subject in {"nik", "person", "unknown"}

# METADATA
# title: domisilinya tercatat di data kependudukan
# custom:
#   not: domisilinya tidak tercatat di data kependudukan
home_in_registry if home.source == "registry"

# METADATA
# title: warga tercatat di data kependudukan
# custom:
#   not: warga tidak tercatat di data kependudukan
in_registry if input.resident.source == "registry"

# METADATA
# title: warga tidak ada di data kependudukan terbaru
# custom:
#   not: warga tidak hilang dari data kependudukan terbaru
gone if {
	in_registry
	input.resident.in_latest == false
}

# METADATA
# title: berkas sudah dilihat
saw(kind) if {
	some e in input.evidence
	e.kind == kind
}

# METADATA
# title: KK sudah dilihat
saw_kk if saw("kk")

# METADATA
# title: KTP, IKD, atau surat perekaman sudah dilihat
saw_ktp if {
	some e in input.evidence
	e.kind in {"ktp", "ikd", "suket"}
}

# METADATA
# title: berkas identitas sudah dilihat
identity_papers if {
	saw_kk
	saw_ktp
}

identity_papers if {
	saw_kk
	not newborn
	minor
}

default papers_named := "KK"

papers_named := "KTP dan KK" if saw_ktp

# METADATA
# title: NIK diketahui
has_nik if input.subject == "nik"

has_nik if input.resident.nik

has_nik if {
	some e in input.evidence
	e.facts.nik
}

# METADATA
# title: hari layanan
service_ns := time.parse_ns("2006-01-02", input.service_on)

day_ns(day) := time.parse_ns("2006-01-02", day)

# Whole days from a day to the day of service; negative when the day lies after it.
# METADATA
# title: jumlah hari sejak
days_since(day) := (service_ns - day_ns(day)) / 86400000000000

# True when so many months after the day have not passed yet on the day of service.
# METADATA
# title: belum lewat sekian bulan
within_months(day, months) if time.add_date(day_ns(day), 0, months, 0) >= service_ns

months_after(day, months) := time.format([time.add_date(day_ns(day), 0, months, 0), "UTC", "2006-01-02"])

# METADATA
# title: belum berumur wajib KTP
minor if time.add_date(day_ns(input.resident.birth_date), current.ktp_age, 0, 0) > service_ns

# METADATA
# title: tercatat meninggal
deceased if input.resident.life_status == "deceased"

# Somebody of whom nothing is known yet: no other criterion can be asked about.
# METADATA
# title: identitas belum diketahui
unresolved if input.subject == "unknown"

unresolved if {
	input.subject == "person"
	not in_registry
	not identity_papers
	not has_nik
	not child_without_nik
}

# Registered nowhere and not shown on papers.
# METADATA
# title: tidak tercatat di mana pun dan belum ada berkas
# custom:
#   not: tercatat di data kependudukan, atau sudah ada berkas
missing if {
	input.subject in {"nik", "person"}
	not in_registry
	not identity_papers
	not unresolved
	not child_without_nik
}

# A child of known birth date who is neither in the registry nor shown with a NIK.
# METADATA
# title: anak tanpa NIK
# custom:
#   not: bukan anak tanpa NIK
child_without_nik if {
	newborn
	input.resident.birth_date
	not input.resident.nik
}

child_without_nik if {
	input.subject == "person"
	not in_registry
	not has_nik
	not saw_kk
	minor
}

# METADATA
# title: umur anak dalam hari
child_age_days := days_since(input.resident.birth_date) if child_without_nik

# The criteria of the programme apply to everybody alive who is not covered and whose identity is
# not wholly open.
# METADATA
# title: warga hidup, dikenali, dan belum dijamin
# custom:
#   not: warga meninggal, belum dikenali, atau sudah dijamin
assessed if {
	not unresolved
	not covered
	not deceased
}
