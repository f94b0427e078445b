package importers

import (
	"context"

	"layak/complaints/worklist"
)

// replySpellings are the headers under which another office says what became of a registration.
var replySpellings = map[string]string{
	"nik":       "nik noktp nomorktp nikpeserta nomorinduk nomorindukkependudukan noindukkependudukan",
	"jkn":       "nokartu noka nomorjkn nojkn nokartujkn nomorkartu nomorkartujkn nobpjs nokapst nopeserta nomorpeserta",
	"result":    "status hasil hasilvalidasi statusvalidasi statuspendaftaran statuspeserta hasilproses statusproses statusdata",
	"reason":    "keterangan ket alasan alasanditolak alasangagal pesan catatan ketgagal sebab keterangangagal",
	"active_on": "tmt tglaktif tanggalaktif tmtaktif aktifmulai tglmulaiaktif tanggalmulaiaktif tglberlaku aktifsejak",
	"reference": "noreferensi nomorreferensi referensi nolot idlot nobatch batch nosurat",
}

// RegistrationReplies reads the file by which another office answers a sheet of registrations.
// columns names columns by hand: nik, jkn, result, reason, active_on, reference.
func RegistrationReplies(f File, columns map[string]string) worklist.Replies {
	return func(ctx context.Context, yield func(worklist.Reply) error) error {
		p := newColumnPlan("jawaban pendaftaran", replySpellings, []string{"result"}, columns)
		return readList(ctx, f, p, func(w *workbook, r listRow) error {
			reply := worklist.Reply{
				File: w.name, Sheet: r.sheet.sheet.name, N: r.n, Result: r.text("result"), Reason: cut(r.text("reason"), 500),
				Reference: cut(r.text("reference"), 100),
			}
			nik, card := r.text("nik"), r.text("jkn")
			if nik == "" && card == "" {
				if reply.Result == "" || len(reply.Result) > 40 {
					return nil // a foot below the list
				}
			}
			reply.Lost = r.number("nik") || scientific(nik)
			if digits, ok := onlyDigits(nik); ok {
				nik = digits
			}
			if digits, ok := onlyDigits(card); ok && !r.number("jkn") {
				card = digits
			}
			reply.NIK, reply.JKN = nik, card
			if day := r.text("active_on"); day != "" {
				if d, ok := parseDate(day, w.date04); ok {
					reply.ActiveOn = d
				}
			}
			return yield(reply)
		})
	}
}

// ReplyRefusals are the rows that changed nothing as this package writes them.
func ReplyRefusals(list []worklist.Refusal) []Reject {
	out := make([]Reject, len(list))
	for i, r := range list {
		out[i] = Reject(r)
	}
	return out
}
