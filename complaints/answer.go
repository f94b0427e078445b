package complaints

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"layak/internal/auth"
	"layak/internal/fault"
)

func answer(_ context.Context, _ *Service, d *draft) error {
	if d.action.Text == "" {
		return Invalid("text_missing", "text", "Tulis jawaban untuk warga.")
	}
	err := d.send(d.action.Text)
	if err != nil {
		return err
	}
	return d.change.with(AnswerData{Send: d.action.Send, After: d.was.State == Closed})
}

// spoken refuses public words on a case of press or council by anybody but its spokesperson, the
// colleague to whom an overseer gave it, or a supervisor.
func (d *draft) spoken() error {
	public := d.action.Type == AnswerEvent || d.action.Type == ResolveEvent || len(d.action.Send) > 0
	if !d.was.Attention || !public || d.spokesperson() {
		return nil
	}
	return fault.New(fault.Forbidden, "spokesperson_only",
		"Aduan ini disorot media atau DPRD. Hanya petugas yang ditunjuk atau pengawas yang memberi jawaban.")
}

// spokesperson tells whether the actor may speak about a case of press or council.
func (d *draft) spokesperson() bool {
	return d.actor.Role == auth.Supervisor || d.actor.Role == auth.Operator ||
		d.actor.User != "" && d.actor.User == d.was.Staff && d.was.appointed()
}

// send puts a text to the citizen into the outbox, for every reporter of the case and of those that
// were merged into it, by each of the ways that reaches him.
func (d *draft) send(text string) error {
	c := d.was
	if c.Attention {
		err := c.impersonal(text)
		if err != nil {
			return err
		}
	}
	everybody := append([]Joined{{Ticket: c.Ticket, Reporter: c.Reporter}}, c.Joined...)
	slices.Sort(d.action.Send)
	d.action.Send = slices.Compact(d.action.Send)
	for _, way := range d.action.Send {
		if !Known(Ways, way) {
			return Invalid("send_unknown", "send", "Pilih cara menyampaikan jawaban dari daftar.")
		}
		reached := false
		for _, j := range everybody {
			to, ok := j.Reporter.reach(way)
			if !ok {
				continue
			}
			reached = true
			d.change.Messages = append(d.change.Messages, Message{
				ID: newID(), EventID: d.change.Event.ID, Through: way, To: to, Name: j.Reporter.Name,
				Subject: "Aduan " + string(j.Ticket), Body: text, At: d.change.Event.At,
			})
		}
		if !reached {
			return Invalid("send_unreachable", "send", "Pelapor tidak meninggalkan alamat untuk “"+Label(Ways, way)+"”. Pilih cara lain.")
		}
	}
	return nil
}

// reach gives the address of the reporter for a way; false when it does not lead to him.
func (r Reporter) reach(way string) (string, bool) {
	switch way {
	case "email":
		return r.Email, r.Email != ""
	case "whatsapp":
		return r.Phone, r.Phone != ""
	}
	return "", true
}

// impersonal refuses a public text that names a patient or a reporter, or holds a number of theirs.
func (c Complaint) impersonal(text string) error {
	bad := Invalid("answer_personal", "text", "Aduan ini disorot umum. Jawabannya tidak boleh memuat nama, NIK, atau nomor telepon pasien dan pelapor.")
	digits := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(" .-", r):
			digits = 0
		}
		if digits >= 16 {
			return bad
		}
	}
	lower := strings.ToLower(line(text))
	for _, p := range c.Patients {
		if name := strings.ToLower(line(p.Name)); name != "" && strings.Contains(lower, name) {
			return bad
		}
	}
	words, figures := " "+plainWords(text)+" ", onlyDigits(text)
	for _, j := range append([]Joined{{Reporter: c.Reporter}}, c.Joined...) {
		name, phone := plainWords(j.Reporter.Name), strings.TrimPrefix(samePhone(j.Reporter.Phone), "0")
		if name != "" && strings.Contains(words, " "+name+" ") || phone != "" && strings.Contains(figures, phone) {
			return bad
		}
	}
	return nil
}

// plainWords are the words of a text in small letters, one blank between them.
func plainWords(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
