package web

import (
	"time"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
)

var galleryUnits = []auth.Unit{
	{Code: "PKM-KALIWATES", Name: "Puskesmas Kaliwates", Kind: "puskesmas"},
	{Code: "KEL-MANGLI", Name: "Kelurahan Mangli", Kind: "kelurahan"},
}

// sampleLines are invented cases: an emergency, one with nobody in charge, one with a long name.
func sampleLines() []complaints.Line {
	at := galleryNow
	return []complaints.Line{
		{Ticket: "3509-7K2M-QX9D-R", State: complaints.InProgress, Version: 4, Channel: "whatsapp", Matter: "refusal", Need: "emergency", Unit: "PKM-KALIWATES",
			Staff: "rini", Village: "35.09.19.1001", Name: "Siti A•••••", NIK: "350919••••••0001", Patients: 1, FiledAt: at.Add(-150 * time.Minute), UpdatedAt: at},
		{Ticket: "3509-88QT-4M2K-7", State: complaints.Received, Version: 1, Channel: "wadul", Matter: "charge", Need: "delivery",
			Village: "35.09.21.1001", Name: "Raden A••••• S••••• A••••• K••••• M••••• binti H••••• A•••••", NIK: "350921••••••0042", Patients: 4, FiledAt: at.Add(-26 * time.Hour), UpdatedAt: at},
		{Ticket: "3509-2M4D-0KX1-K", State: complaints.WaitingReporter, Version: 2, Channel: "counter", Matter: "information", Unit: "KEL-MANGLI", Patients: 1,
			FiledAt: at.Add(-9 * 24 * time.Hour), UpdatedAt: at},
	}
}

func (s *Server) sampleRows() []lineRow {
	w := s.words.For("id")
	var rows []lineRow
	for _, l := range sampleLines() {
		rows = append(rows, newLineRow(w, galleryNow, l, galleryUnits))
	}
	return rows
}

func (s *Server) sampleShelves() []shelf {
	rows := s.sampleRows()
	return []shelf{{Key: "mine", Rows: rows[:1], Total: 1}, {Key: "unit_queue", Rows: rows[2:], Total: 30, All: "/complaints?unit=PKM-KALIWATES"},
		{Key: "no_unit", Rows: rows[1:2], Total: 1}}
}

func (s *Server) complaintStates() []State {
	list := func(f listForm) *complaintsPage {
		return &complaintsPage{Base: inside("complaints.title", "complaints"), Form: f, Rows: s.sampleRows(), Units: galleryUnits, MayFile: true, Export: "/complaints.xlsx"}
	}
	full := list(listForm{Show: "open"})
	full.Next = "/complaints?after=x"
	none := list(listForm{Show: "closed", Matter: "charge"})
	none.Rows = nil
	person := list(listForm{Show: "all"})
	person.Found = "350919••••••0001"
	nobody := list(listForm{Show: "all"})
	nobody.Found, nobody.Rows = person.Found, nil
	unread := list(listForm{Show: "all"})
	unread.Rows, unread.Query = nil, "3509-7K"
	unread.Base = refused(unread.Base, "Tulis nomor aduan.", fault.Field{Name: "q", Message: "Tulis nomor aduan seperti 3509-7K2M-QX9D-R, atau 16 angka NIK."})
	return []State{
		{"complaints", "complaints", full},
		{"complaints-none", "complaints", none},
		{"complaints-person", "complaints", person},
		{"complaints-person-none", "complaints", nobody},
		{"complaints-unread", "complaints", unread},
	}
}
