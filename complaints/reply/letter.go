package reply

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/skip2/go-qrcode"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/pdf"
)

var errNoLetter = fault.New(fault.NotFound, "letter_not_found", "Tidak ada jawaban tertulis pada kejadian ini, jadi tidak ada suratnya.")

// Letter is the answer of a public event as a letter on A4: letterhead of the unit, number, date,
// text, who wrote it, and a QR code that holds the ticket and nothing else. The text is the one that
// was sent; where nothing was sent, what the event says to the citizen. Whoever calls it has opened
// the case, which is on record.
func (w *Writer) Letter(ctx context.Context, c complaints.Complaint, event string) ([]byte, error) {
	e, text, err := w.written(ctx, c, event)
	if err != nil {
		return nil, err
	}
	s := &sheet{w: w, c: c, actor: auth.From(ctx), now: e.At}
	err = s.office(ctx)
	if err != nil {
		return nil, err
	}
	s.people()
	number := string(c.Ticket) + "/" + strconv.Itoa(e.Seq)
	day := dateText(e.At.In(s.zone))
	d := s.page(pdf.Info{Title: "Surat jawaban " + number, Author: s.v.Kantor, At: e.At, Footer: "Aduan " + string(c.Ticket)})
	d.Fields([]pdf.Field{{Label: "Nomor", Value: number}, {Label: "Tanggal", Value: day}, {Label: "Perihal", Value: "Jawaban aduan"}})
	d.Space(2)
	d.Paragraph("Kepada Yth.\n" + s.v.Sapaan)
	d.Space(2)
	d.Paragraph(withoutNumbers(text))
	signer := e.Title
	if signer == "" {
		signer = s.v.Kantor
	}
	d.Signature(w.placed(day), s.v.Kantor, signer)
	err = s.code(d, 24, "Simpan nomor ini dan sebutkan bila ingin bertanya.", s.hours())
	if err != nil {
		return nil, err
	}
	return d.Bytes()
}

// written finds the public event and the text that the reporter read or reads.
func (w *Writer) written(ctx context.Context, c complaints.Complaint, event string) (complaints.Event, string, error) {
	for _, e := range c.Events {
		if e.ID != event || !e.Public {
			continue
		}
		if w.Messages != nil {
			sent, err := w.Messages.Messages(ctx, Filter{Ticket: c.Ticket, Limit: 200}, everything)
			if err != nil {
				return e, "", err
			}
			for _, m := range sent {
				if m.EventID == e.ID && m.State != Cancelled {
					return e, m.Body, nil
				}
			}
		}
		switch e.Type {
		case complaints.AnswerEvent, complaints.ResolveEvent, complaints.RejectEvent, complaints.ForwardEvent, complaints.NumberEvent:
			if e.Note != "" {
				return e, e.Note, nil
			}
		}
	}
	return complaints.Event{}, "", errNoLetter
}

// Receipt is the slip that a citizen takes along when a complaint was taken in at the desk: half a
// sheet with the ticket, who has it, and until when he hears from us.
func (w *Writer) Receipt(ctx context.Context, c complaints.Complaint) ([]byte, error) {
	s := &sheet{w: w, c: c, actor: auth.From(ctx), now: w.now()}
	err := s.office(ctx)
	if err != nil {
		return nil, err
	}
	s.deadline()
	filed := c.FiledAt.In(s.zone)
	d := s.page(pdf.Info{
		Title: "Tanda terima " + string(c.Ticket), Author: s.v.Kantor, At: s.now, Paper: pdf.Half,
		Footer: "Dicetak " + dateText(s.now.In(s.zone)) + " pukul " + s.now.In(s.zone).Format("15.04"),
	})
	d.Title("Tanda terima aduan", "", pdf.Left)
	fields := []pdf.Field{
		{Label: "Nomor aduan", Value: string(c.Ticket)},
		{Label: "Diterima", Value: dayText(filed) + " pukul " + filed.Format("15.04")},
		{Label: "Ditangani", Value: s.v.Kantor},
	}
	if c.Matter != "" {
		fields = append(fields, pdf.Field{Label: "Perihal", Value: complaints.Label(complaints.Matters, c.Matter)})
	}
	if s.v.Tenggat != "" {
		fields = append(fields, pdf.Field{Label: "Jawaban", Value: s.v.Tenggat})
	}
	d.Fields(fields)
	err = s.code(d, 28, "Simpan kertas ini. Sebutkan nomornya bila ingin bertanya; tidak perlu mengulang cerita.", s.hours())
	if err != nil {
		return nil, err
	}
	return d.Bytes()
}

// page begins a document under the letterhead of the unit.
func (s *sheet) page(i pdf.Info) *pdf.Document {
	d := pdf.New(i)
	head := pdf.Letterhead{Over: s.w.Over, Name: s.v.Kantor}
	if head.Name == head.Over {
		head.Over = ""
	}
	if s.v.AlamatKantor != "" {
		head.Lines = append(head.Lines, s.v.AlamatKantor)
	}
	if s.v.TeleponKantor != "" {
		head.Lines = append(head.Lines, "Telepon "+s.v.TeleponKantor)
	}
	d.Letterhead(head)
	return d
}

func (s *sheet) hours() string {
	if s.v.JamLayanan == "" {
		return ""
	}
	return "Kami melayani " + s.v.JamLayanan + "."
}

// code draws the QR code of the ticket with lines beside it.
func (s *sheet) code(d *pdf.Document, wide float64, lines ...string) error {
	png, err := qrcode.Encode(string(s.c.Ticket), qrcode.Medium, 256)
	if err != nil {
		return fmt.Errorf("draw QR code of %s: %w", s.c.Ticket, err)
	}
	d.Image(png, wide, append([]string{string(s.c.Ticket)}, lines...)...)
	return nil
}

// placed is "Jember, 21 November 2026".
func (w *Writer) placed(day string) string {
	if w.Place == "" {
		return day
	}
	return w.Place + ", " + day
}

// Preview fills a wording with an invented case, as the officer who edits it sees it.
func (w *Writer) Preview(ctx context.Context, text Wording) (subject, body string, err error) {
	err = auth.From(ctx).Require(auth.ReplyManage)
	if err != nil {
		return "", "", err
	}
	err = text.check()
	if err != nil {
		return "", "", err
	}
	v := Sample
	v.Tanggal = dayText(w.now().In(time.FixedZone("WIB", 7*3600)))
	return text.fill(v)
}
