package web

import (
	"time"

	"layak/complaints"
	"layak/complaints/reply"
	"layak/internal/fault"
)

// replyStates are pages of reply templates, letters and outgoing messages. The people are invented.
func (s *Server) replyStates() []State {
	next := galleryNow.Add(12 * time.Minute)
	item := func(through string, state reply.State) reply.Item {
		return reply.Item{
			Message: complaints.Message{
				ID: "m1", EventID: "e1", Through: through, To: "081200000001", Name: "Ani Contoh", Subject: "Aduan 3509-7K2M-QX9D-R",
				Body: "Bapak/Ibu Ani, menurut data, syarat terpenuhi. Petugas sedang mendaftarkan Siti.\n\nBila diminta membayar atau ditolak, beri tahu kami.", At: galleryNow.Add(-3 * time.Hour),
			},
			Ticket: "3509-7K2M-QX9D-R", State: state, CreatedBy: "budi",
		}
	}
	held := item("email", reply.Queued)
	held.To, held.Attempts, held.LastError, held.NextAt = "ani@contoh.example", 4, "server surel tidak dapat dihubungi", &next
	failed := item("email", reply.Failed)
	failed.To, failed.Attempts, failed.LastError = "alamat.surel.yang.panjang.sekali.tanpa.spasi@kantor-contoh-yang-panjang.example", 1, "alamat surel penerima ditolak (jawaban 550)"
	failed.Name = "Raden Ajeng Siti Aminah Kusumaningrum Mangkunegara binti Haji Abdurrahman"
	sent := item("email", reply.Sent)
	sent.SentAt = &next
	list := func(show string, ready bool, items ...reply.Item) *outboxPage {
		p := s.newOutboxPage("id", show, items, 2, ready)
		b := inside(p.Title, p.Section)
		p.Base = b
		return p
	}
	one := func(i reply.Item) *messagePage {
		p := newMessagePage(i, galleryDesk)
		p.Base = inside(p.Title, p.Section)
		return p
	}
	first := reply.Wording{Code: "receipt", Subject: "Aduan {{.Tiket}} sudah kami terima", Body: "{{.Sapaan}}, aduan Anda sudah kami terima dengan nomor {{.Tiket}}.", Shipped: true}
	own := first
	own.Code, own.Version, own.Shipped, own.SavedBy, own.SavedAt = "receipt.matter-charge", 3, false, "sari", galleryNow
	edit := func(w reply.Wording, body string) *wordingPage {
		p := newWordingPage(w)
		p.Base, p.Subject, p.Body = inside(p.Title, p.Section), "Aduan 3509-AB3D-EF6H-J sudah kami terima", body
		return p
	}
	wrong := edit(own, "")
	message := "Baris 2: isian {{.Nik}} tidak dikenal. Pilih dari daftar isian di bawah."
	wrong.W.Body += "\n{{.Nik}}"
	wrong.Base = refused(wrong.Base, message, fault.Field{Name: "body", Message: message})
	replies := newWordingsPage([]reply.Wording{first, own, {Code: "closed", Subject: "Aduan {{.Tiket}} selesai", Shipped: true}})
	replies.Base = inside(replies.Title, replies.Section)
	return []State{
		{"outbox", "outbox", list("hand", true, item("whatsapp", reply.Queued), item("letter", reply.Queued))},
		{"outbox-none", "outbox", list("hand", true)},
		{"outbox-failed", "outbox", list("failed", true, failed)},
		{"outbox-waiting", "outbox", list("waiting", false, held)},
		{"outbox-done", "outbox", list("done", true, sent, item("spoken", reply.Copied), item("whatsapp", reply.Cancelled))},
		{"message-whatsapp", "message", one(item("whatsapp", reply.Queued))},
		{"message-letter", "message", one(item("letter", reply.Queued))},
		{"message-held", "message", one(held)},
		{"message-failed", "message", one(failed)},
		{"message-sent", "message", one(sent)},
		{"replies", "replies", replies},
		{"wording", "wording", edit(first, "Bapak/Ibu Ani, aduan Anda sudah kami terima dengan nomor 3509-AB3D-EF6H-J.")},
		{"wording-own", "wording", edit(own, "")},
		{"wording-wrong", "wording", wrong},
	}
}
