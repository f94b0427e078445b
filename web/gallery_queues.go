package web

import (
	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
)

// galleryHead is a supervisor: the whole regency, and no unit.
var galleryHead = auth.Actor{Name: "sari", User: "sari", Title: "Sari P.", Role: auth.Supervisor, All: true}

// queueStates are pages of search, saved views and bulk work.
func (s *Server) queueStates() []State {
	shelf := func(key complaints.ShelfKey, by auth.Actor, rows []lineRow) *shelfPage {
		p := &shelfPage{Base: inside("shelf."+string(key), "queue"), Key: string(key), Rows: rows, Tick: tickPartFor(by, "/queues/"+string(key)), Move: key == complaints.OverdueShelf}
		p.Actor = by
		return p
	}
	paged := shelf(complaints.UnitShelf, galleryDesk, s.sampleRows())
	paged.Next = "/queues/unit?after=3509-7K2M-QX9D-R"
	opened := shelf(complaints.OverdueShelf, galleryHead, s.sampleRows())
	opened.Opened = &movePage{Base: inside("do.assign", "queue"), Ticket: "3509-88QT-4M2K-7", Version: "4", Units: galleryUnits, Staff: staffGroups(galleryUnits, galleryStaff), Back: "/queues/overdue"}
	states := []State{
		{"queue-overdue", "queue", shelf(complaints.OverdueShelf, galleryHead, s.sampleRows())},
		{"queue-overdue-move", "queue", opened},
		{"queue-unit", "queue", paged},
	}
	for _, key := range complaints.ShelfKeys {
		states = append(states, State{"queue-none-" + string(key), "queue", shelf(key, galleryDesk, nil)})
	}
	head := inside("home.title", "queue")
	head.Actor = galleryHead
	states = append(states, State{"home-head", "home", &homePage{Base: head, Shelves: s.sampleShelves(), Total: 32, Rechecks: 312, Tick: tickPartFor(galleryHead, "/")}})
	return append(append(states, s.bulkStates()...), s.searchStates()...)
}

func (s *Server) bulkStates() []State {
	page := func(act string) *bulkPage {
		p := &bulkPage{Base: inside("bulk."+act, "queue"), Act: act, Back: "/", Units: galleryUnits, Staff: staffGroups(galleryUnits, galleryStaff)}
		for _, r := range s.sampleRows() {
			p.Rows = append(p.Rows, bulkRow{lineRow: r, Chosen: string(r.Ticket) + "@1"})
		}
		p.Form.Into = string(p.Rows[2].Ticket)
		return p
	}
	wrong := page("assign")
	const noUnit = "Pilih unit atau petugas yang menerima aduan ini."
	wrong.Base = refused(wrong.Base, noUnit, fault.Field{Name: "unit", Message: noUnit})
	some := page("merge")
	some.Ended, some.Done = true, 1
	some.Rows[0].Result = "Aduan ini baru saja diubah petugas lain. Muat ulang, lalu ulangi."
	none := page("note")
	none.Ended = true
	none.Rows = none.Rows[:1]
	none.Rows[0].Result = "Aduan berstatus “Dibatalkan pelapor”, jadi tindakan “Catatan internal” tidak dapat dilakukan."
	states := []State{{"bulk-assign-refused", "bulk", wrong}, {"bulk-results", "bulk", some}, {"bulk-results-none", "bulk", none}}
	for _, act := range bulkActs {
		states = append(states, State{"bulk-" + string(act), "bulk", page(string(act))})
	}
	return states
}

// searchStates are the list as a search and saved views leave it.
func (s *Server) searchStates() []State {
	page := func(f listForm) *complaintsPage {
		p := &complaintsPage{Base: inside("complaints.title", "complaints"), Form: f, Rows: s.sampleRows(), Units: galleryUnits, MayFile: true, Tick: tickPartFor(galleryDesk, "/complaints")}
		p.Keep = f.query()
		return p
	}
	found := page(listForm{Show: "all"})
	found.Searched, found.Query, found.After = true, "biaya persalinan", "3509-7K2M-QX9D-R"
	none := page(listForm{Show: "all"})
	none.Searched, none.Query, none.Rows = true, "zzz", nil
	views := page(listForm{Show: "open", Matter: "charge", Overdue: true})
	views.Views = []complaints.View{{ID: "1", Name: "Tagihan lewat tenggat", Query: "matter=charge&overdue=1&show=open"}, {ID: "2", Name: "Semua dari Wadul Gus'e yang belum ada unit kerjanya di wilayah saya", Query: "channel=wadul&show=open"}}
	unnamed := page(listForm{Show: "open"})
	unnamed.Base = refused(unnamed.Base, "Beri nama untuk tampilan ini.", fault.Field{Name: "view", Message: "Beri nama untuk tampilan ini, misalnya “Tagihan belum selesai”."})
	return []State{{"complaints-found", "complaints", found}, {"complaints-found-none", "complaints", none}, {"complaints-views", "complaints", views}, {"complaints-view-unnamed", "complaints", unnamed}}
}
