package complaints

import (
	"context"
	"time"
)

// Refund is the money that a patient was charged and gets back.
type Refund struct {
	Amount     int64      `json:"amount"` // rupiah, whole
	Facility   string     `json:"facility,omitempty"`
	Receipt    string     `json:"receipt,omitempty"` // id of an attachment: what the citizen paid
	DueAt      *time.Time `json:"due_at,omitempty"`
	ReceivedAt *time.Time `json:"received_at,omitempty"` // the citizen has the money
	Proof      string     `json:"proof,omitempty"`       // id of an attachment: the money was received
}

// mostMoney bounds an amount in rupiah; a higher one is a slip of the keyboard.
const mostMoney = 10_000_000_000

// farthest is how many years behind the filing a deadline that somebody typed may lie; a later one is
// a slip of the keyboard.
const farthest = 10

// refund records what was charged, until when it comes back, and that the citizen has it.
func refund(_ context.Context, _ *Service, d *draft) error {
	a, now := d.action, d.change.Event.At
	if a.Amount == 0 && a.Facility == "" && a.Receipt == "" && a.Due == nil && a.ReceivedAt == nil && a.Proof == "" {
		return Invalid("amount_missing", "amount", "Isi jumlah uang yang ditagih, atau kapan warga menerimanya kembali.")
	}
	r, err := d.was.refunding(a)
	if err != nil {
		return err
	}
	if a.ReceivedAt != nil {
		got := moment(*a.ReceivedAt)
		switch {
		case got.After(now.Add(5 * time.Minute)):
			return Invalid("received_later", "received_at", "Waktu uang diterima tidak boleh di masa depan.")
		case r.Proof == "" && letters(a.Text) < fullReason:
			return Invalid("proof_missing", "proof", "Lampirkan bukti uang diterima, atau tulis bagaimana warga memastikannya.")
		}
		r.ReceivedAt = &got
	}
	d.change.Complaint.Refund = &r
	return d.change.with(RefundData(r))
}

// refunding is the refund of the case with what the action says about it.
func (c Complaint) refunding(a Action) (Refund, error) {
	var r Refund
	if c.Refund != nil {
		r = *c.Refund
	}
	if a.Amount < 0 || a.Amount > mostMoney {
		return r, Invalid("amount_wrong", "amount", "Jumlah uang ditulis dalam rupiah tanpa titik, misalnya 250000.")
	}
	if a.Amount > 0 {
		r.Amount = a.Amount
	}
	if r.Amount == 0 {
		return r, Invalid("amount_missing", "amount", "Isi jumlah uang yang dikembalikan.")
	}
	if a.Facility != "" {
		r.Facility = a.Facility
	}
	if a.Due != nil {
		due := moment(*a.Due)
		if due.Before(c.FiledAt.AddDate(-1, 0, 0)) || due.After(c.FiledAt.AddDate(farthest, 0, 0)) {
			return r, Invalid("due_far", "due", "Batas waktu uang kembali tidak masuk akal. Periksa tahunnya.")
		}
		r.DueAt = &due
	}
	for _, paper := range []struct {
		field, id string
		into      *string
	}{{"receipt", a.Receipt, &r.Receipt}, {"proof", a.Proof, &r.Proof}} {
		if paper.id == "" {
			continue
		}
		if !c.attached(paper.id) {
			return r, Invalid("proof_unknown", paper.field, "Bukti belum ada di berkas aduan ini. Unggah dulu berkasnya.")
		}
		*paper.into = paper.id
	}
	return r, nil
}
