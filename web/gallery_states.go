package web

import (
	"slices"
	"time"

	"layak/internal/area"
	"layak/internal/auth"
	"layak/internal/fault"
)

// The people of the gallery are invented.
var (
	galleryNow  = time.Date(2026, 11, 21, 3, 42, 0, 0, time.UTC)
	galleryDesk = auth.Actor{Name: "rini", User: "rini", Title: "dr. Rini W.", Role: auth.Puskesmas,
		Unit: "PKM-KALIWATES", Areas: []area.Code{"35.09.19"}}
	galleryLongName = auth.Actor{Name: "maria", User: "maria", Role: auth.Puskesmas, Unit: "RUMAH-SAKIT-UMUM-DAERAH-DOKTER-SOEBANDI",
		Title: "dr. Raden Ajeng Maria Magdalena Kusumaningtyas Wijayakusuma, Sp.PD-KGEH", Areas: []area.Code{"35.09"}}
	galleryHandedOut = auth.Actor{Name: "bagus", User: "bagus", Title: "Bagus H.", Role: auth.Kelurahan,
		Unit: "KEL-MANGLI", Areas: []area.Code{"35.09.19.1001"}, MustChange: true}
)

// gallery lists the states of every page; each call makes new values.
func (s *Server) gallery() []State {
	return slices.Concat(s.frameStates(), s.deskStates(), s.checkStates(), s.ruleStates(), s.dataStates(), s.officeStates(), s.complaintStates(),
		s.hoursStates(), s.replyStates(), s.recheckStates(), s.worklistStates(), s.reportStates(), s.queueStates(), s.handoverStates(), s.editorStates(), s.workbenchStates(), s.trialStates(), s.lawbookStates(), s.impactStates())
}

func outside(title string) Base { return Base{Title: title, Path: "/sign-in", Now: galleryNow} }

func inside(title, section string) Base {
	return Base{Title: title, Section: section, Actor: galleryDesk, Path: "/", Now: galleryNow}
}

func refused(b Base, message string, fields ...fault.Field) Base {
	b.Problem, b.Errors = message, fields
	return b
}

func (s *Server) frameStates() []State {
	wrong := "Nama pengguna atau kata sandi tidak cocok. Periksa huruf besar dan kecil, lalu coba lagi."
	short := "Kata sandi paling sedikit 12 huruf."
	sessions := []auth.Session{
		{ID: "a", Agent: "Chrome · Windows", CreatedAt: galleryNow.Add(-2 * time.Hour), LastSeen: galleryNow, Current: true},
		{ID: "b", Agent: "Samsung Internet · Android", CreatedAt: galleryNow.Add(-26 * time.Hour), LastSeen: galleryNow.Add(-20 * time.Hour)},
		{ID: "c", CreatedAt: galleryNow.Add(-30 * time.Hour), LastSeen: galleryNow.Add(-29 * time.Hour)},
	}
	states := []State{
		{"signin", "signin", &signInPage{Base: outside("signin.title")}},
		{"signin-wrong", "signin", &signInPage{Base: refused(outside("signin.title"), wrong), User: "rini"}},
		{"signin-ended", "signin", &signInPage{Base: outside("signin.title"), Ended: true, Next: "/checks"}},
		{"signin-unprepared", "signin", &signInPage{Base: outside("signin.title"), NeedsSetup: true}},
		{"setup", "setup", &setupPage{Base: outside("setup.title")}},
		{"setup-refused", "setup", &setupPage{Base: refused(outside("setup.title"), short, fault.Field{Name: "password", Message: short}),
			Token: "6Jk2vYw0q", Name: "Sri Wahyuni", User: "sri"}},
		{"account", "account", &accountPage{Base: inside("account.title", "account"), Sessions: sessions}},
		{"account-temporary", "account", &accountPage{Base: Base{Title: "account.title", Actor: galleryHandedOut, Now: galleryNow}, Sessions: sessions[:1]}},
		{"account-refused", "account", &accountPage{Base: refused(inside("account.title", "account"), short, fault.Field{Name: "new", Message: short}), Sessions: sessions}},
		{"more", "more", &struct{ Base }{inside("nav.more", "more")}},
		{"about", "about", &aboutPage{Base: outside("about.title"), Version: "1.0", Engine: "1.22.2", AreaSource: area.Source()}},
		{"gallery", "gallery", &galleryIndexPage{Base: outside("Galeri"), States: []State{{Name: "signin", Template: "signin"}}}},
	}
	for kind, message := range map[string]string{
		"missing": errNoPage.Message, "forbidden": "Peran akun Anda tidak mencakup tindakan ini. Minta bantuan koordinator atau administrator.",
		"conflict": "Aduan ini baru saja diubah petugas lain.", "busy": "Layanan sedang sibuk. Tunggu sebentar, lalu ulangi.",
		"invalid": errTooLarge.Message, "internal": "Ada gangguan di sistem kami.",
	} {
		p := &errorPage{Base: inside("error."+kind+".title", ""), Kind: kind, Message: message}
		if kind == "internal" {
			p.Incident = "7F3A91C2"
		}
		states = append(states, State{"error-" + kind, "error", p})
	}
	return states
}

func (s *Server) deskStates() []State {
	queue := s.sampleShelves()
	data := []dataRow{{"residents", "2026-11-01"}, {"welfare", "2026-10-01"}, {"membership", ""}}
	long := inside("home.title", "queue")
	long.Actor = galleryLongName
	flash := inside("home.title", "queue")
	flash.Flash = "password.done"
	return []State{
		{"home", "home", &homePage{Base: inside("home.title", "queue"), Shelves: queue, Total: 32, Data: data, Tick: tickPartFor(galleryDesk, "/")}},
		{"home-empty", "home", &homePage{Base: flash, Cases: true}},
		{"home-long", "home", &homePage{Base: long, Shelves: queue, Total: 32, Data: data, Tick: tickPartFor(galleryDesk, "/")}},
	}
}
