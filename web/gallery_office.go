package web

import (
	"time"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// officeStates are people, units, tokens and the trail.
func (s *Server) officeStates() []State {
	units := []auth.Unit{
		{Code: "KEL-MANGLI", Name: "Kelurahan Mangli", Kind: "kelurahan", Areas: []area.Code{"35.09.19.1001"}},
		{Code: "PKM-KALIWATES", Name: "Puskesmas Kaliwates", Kind: "puskesmas", Areas: []area.Code{"35.09.19"}},
		{Code: "RSUD-DOKTER-SOEBANDI", Name: "Rumah Sakit Umum Daerah dr. Soebandi Kabupaten Jember, Kelas B Pendidikan", Kind: "hospital", Areas: []area.Code{"35.09"}},
	}
	people := []auth.Staff{
		{User: "bagus", Name: "Bagus Hermawan", Role: auth.Kelurahan, Unit: "KEL-MANGLI", MustChange: true, CreatedAt: galleryNow, PasswordAt: galleryNow},
		{User: "maria", Name: galleryLongName.Title, Role: auth.Puskesmas, Unit: "RSUD-DOKTER-SOEBANDI", CreatedAt: galleryNow.Add(-900 * time.Hour), PasswordAt: galleryNow},
		{User: "rini", Name: "dr. Rini W.", Role: auth.Puskesmas, Unit: "PKM-KALIWATES", CreatedAt: galleryNow.Add(-900 * time.Hour), PasswordAt: galleryNow},
		{User: "sri", Name: "Sri Wahyuni", Role: auth.Administrator, CreatedAt: galleryNow.Add(-900 * time.Hour), PasswordAt: galleryNow},
		{User: "tono", Name: "Tono", Role: auth.Auditor, Disabled: true, CreatedAt: galleryNow.Add(-900 * time.Hour), PasswordAt: galleryNow},
	}
	short := "Kata sandi paling sedikit 12 huruf."
	noUnit := "Petugas loket harus terikat pada satu unit kerja. Isi kode unitnya."
	last := "Ini administrator terakhir yang aktif. Angkat administrator lain dulu."
	one := func(b Base, i int) *staffOnePage {
		b.Title = people[i].Name
		m := people[i]
		return &staffOnePage{Base: b, Staff: m, Unit: unitName(units, m.Unit), Form: staffForm{Role: string(m.Role), Unit: m.Unit}, Roles: auth.Roles, Units: units}
	}
	unit := newUnitPage(s.Home, units[0], false)
	unit.Base = office("units.one", "staff")
	bad := newUnitPage(s.Home, auth.Unit{Code: "pkm silo", Name: "Puskesmas Silo", Kind: "puskesmas"}, true)
	bad.Base = refused(office("units.new", "staff"), "Data unit kerja belum lengkap atau belum benar.",
		fault.Field{Name: "code", Message: "Kode unit terdiri dari 1–32 huruf, angka, titik, garis bawah, atau tanda hubung, misalnya PKM-SILO."},
		fault.Field{Name: "areas", Message: "Isi paling sedikit satu kode wilayah kerja unit."})
	return append([]State{
		{"staff", "staff", &staffPage{Base: office("staff.title", "staff"), Groups: groupStaff(people, units), Roles: auth.Roles, Units: units}},
		{"staff-refused", "staff", &staffPage{Base: refused(office("staff.title", "staff"), short, fault.Field{Name: "unit", Message: noUnit}, fault.Field{Name: "password", Message: short}),
			Groups: groupStaff(people[3:4], units), Roles: auth.Roles, Units: units, Open: true, Form: staffForm{User: "dewi", Name: "Dewi", Role: "puskesmas"}}},
		{"staff-one", "staff_one", one(office("", "staff"), 1)},
		{"staff-one-refused", "staff_one", one(refused(office("", "staff"), last), 3)},
		{"staff-one-disabled", "staff_one", one(office("", "staff"), 4)},
		{"units", "units", &unitsPage{Base: office("units.title", "staff"), Units: units, May: true}},
		{"units-missing", "units", &unitsPage{Base: office("units.title", "staff"), Units: units, May: true,
			Missing: []missingOffice{{"civil", "DUKCAPIL"}, {"health", "DINKES"}, {"lead", "DISKOMINFO"}, {"social", "DINSOS"}}}},
		{"units-empty", "units", &unitsPage{Base: office("units.title", "staff"), May: true}},
		{"units-reader", "units", &unitsPage{Base: inside("units.title", ""), Units: units}},
		{"unit", "unit", unit},
		{"unit-refused", "unit", bad},
	}, append(s.tokenStates(), s.auditStates()...)...)
}

func (s *Server) tokenStates() []State {
	gone := galleryNow.Add(-time.Hour)
	list := []auth.Token{
		{ID: "a", Label: "Jembatan LAPOR! ke Layak", Limited: true, Only: []auth.Permission{auth.ComplaintFile, auth.ComplaintRead}, CreatedAt: galleryNow, ExpiresAt: galleryNow.AddDate(0, 0, 30)},
		{ID: "b", Label: "Percobaan penghubung sistem informasi manajemen rumah sakit daerah tahap kedua", CreatedAt: galleryNow, ExpiresAt: galleryNow.AddDate(0, 1, 0), RevokedAt: &gone},
		{ID: "c", CreatedAt: galleryNow.AddDate(0, -2, 0), ExpiresAt: gone},
	}
	at := func(b Base, list []auth.Token) *tokensPage {
		p := newTokensPage(list, auth.Coordinator, tokenForm{Days: "30"}, galleryNow)
		p.Base = b
		return p
	}
	made := at(inside("tokens.title", "account"), list[:1])
	made.Secret, made.Made = "lyk_contoh-yang-bukan-token-sungguhan-0000000000", list[0]
	days := "Masa berlaku 1 sampai 366 hari."
	return []State{
		{"tokens", "tokens", at(inside("tokens.title", "account"), list)},
		{"tokens-empty", "tokens", at(inside("tokens.title", "account"), nil)},
		{"tokens-made", "tokens", made},
		{"tokens-refused", "tokens", at(refused(inside("tokens.title", "account"), days, fault.Field{Name: "days", Message: days}), nil)},
	}
}

func (s *Server) auditStates() []State {
	entries := []audit.Record{
		{At: galleryNow, Actor: "rini", Act: "determination.create", Object: "determination", ObjectID: "019e7a3c-0000-7000-8000-000000000001", Purpose: "Melayani warga di loket"},
		{At: galleryNow.Add(-time.Minute), Actor: "rini", Act: "person.view", Object: "determination", ObjectID: "019e7a3c-0000-7000-8000-000000000001", Purpose: "Mencocokkan dengan KTP", Block: 12},
		{At: galleryNow.Add(-time.Hour), Actor: "visitor", Act: "session.refuse", Object: "staff", Purpose: "unknown_user", Block: 11},
		{At: galleryNow.Add(-2 * time.Hour), Actor: "token:koordinator.kabupaten/019e7a3c-0000-7000-8000-0000000000c1", Act: "complaint.file", Object: "complaint", ObjectID: "3509-0044-17KX-C", Block: 10},
		{At: galleryNow.Add(-3 * time.Hour), Actor: "system", Act: "revision.activate", Object: "revision", ObjectID: "4f1c9a7722aa0b5d", Block: 1},
	}
	rules := []audit.Record{
		{ID: "r1", At: galleryNow, Actor: "bambang", Act: "revision.reject", Object: "revision", ObjectID: "sha256:77aa19c0b2d4e1", Block: 9},
		{ID: "r2", At: galleryNow.Add(-time.Hour), Actor: "bambang", Act: "revision.comment", Object: "revision", ObjectID: "sha256:77aa19c0b2d4e1", Block: 9},
		{ID: "r3", At: galleryNow.Add(-2 * time.Hour), Actor: "dewi", Act: "draft.save", Object: "draft", ObjectID: "019e7a3c-0000-7000-8000-0000000000d1", Block: 8},
		{ID: "r4", At: galleryNow.Add(-3 * time.Hour), Actor: "dewi", Act: "person.trial", Object: "draft", ObjectID: "019e7a3c-0000-7000-8000-0000000000d1", Purpose: "x", Block: 8},
		{ID: "r5", At: galleryNow.Add(-4 * time.Hour), Actor: "bambang", Act: "freeze.create", Object: "freeze", ObjectID: "019e7a3c-0000-7000-8000-0000000000f1", Block: 7},
	}
	version := trailPlace{Text: "Versi aturan 13", Link: "/rules/proposals/sha256:77aa19c0b2d4e1", ID: "77aa19c0", Said: "Dasar hukumnya belum ada."}
	draft := trailPlace{Text: "Konsep “Desil 6 mulai Januari”", Link: "/rules/drafts/d1", ID: "019e7a3c-0000-7000-8000-0000000000d1"}
	remark, tried := version, draft
	remark.Said, tried.Purpose = "Mengapa bukan 7?", "Menjawab keberatan warga (konsep 77aa19c0b2d4 terhadap Versi aturan 12, 2026-11-22)"
	places := map[string]trailPlace{"r1": version, "r2": remark, "r3": draft, "r4": tried,
		"r5": {Text: "Masa beku", Link: "/rules/revisions#freeze-title", Said: "Pilkada 2029"}}
	at := func(change func(*auditPage)) *auditPage {
		p := newAuditPage(auditForm{})
		p.Base, p.Entries = office("audit.title", "audit"), entries
		change(p)
		return p
	}
	nik := "NIK terdiri dari 16 angka."
	return []State{
		{"audit", "audit", at(func(p *auditPage) { p.Next = "/audit?before=x" })},
		{"audit-empty", "audit", at(func(p *auditPage) { p.Entries, p.Form, p.Narrow = nil, auditForm{Actor: "budi", Act: "import"}, true })},
		{"audit-person", "audit", at(func(p *auditPage) {
			p.Person, p.More, p.Cursor, p.Entries = "350919••••••0001", "x", "y", entries[:2]
		})},
		{"audit-rules", "audit", at(func(p *auditPage) {
			p.Form, p.Narrow, p.Entries, p.Places = auditForm{Act: ruleNoun}, true, rules, places
		})},
		{"audit-refused", "audit", at(func(p *auditPage) { p.Problem, p.Errors = nik, Problems{{Name: "nik", Message: nik}} })},
		{"audit-whole", "audit", at(func(p *auditPage) { p.show(audit.Report{Blocks: 812, Entries: 40_213, Unsealed: 3}) })},
		{"audit-broken", "audit", at(func(p *auditPage) {
			p.show(audit.Report{Blocks: 812, Entries: 40_213, Problems: []audit.Problem{{Kind: audit.EntryChanged, Block: 17, Entry: "019e7a3c-0000-7000-8000-00000000000d"}, {Kind: audit.BlockRemoved, Block: 18}}})
		})},
	}
}
