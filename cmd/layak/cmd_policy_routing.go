package main

import (
	"slices"
	"strings"

	"layak/eligibility"
	"layak/eligibility/impact"
)

// routedWords are the sorts of changes of open complaints.
var routedWords = map[string]string{
	impact.RoutingRefused: "tidak dapat ditangani aturan ini", impact.RoutingLater: "tenggat lebih lambat", impact.RoutingSooner: "tenggat lebih cepat",
	impact.RoutingClass: "klasifikasi lain", impact.RoutingPriority: "prioritas lain", impact.RoutingDesk: "ditujukan ke unit lain",
	impact.RoutingOutside: "instansi luar berubah", impact.RoutingSecond: "orang kedua saat menutup berubah", impact.RoutingOther: "tugas, pertanyaan, atau alasan lain",
}

// movedWords are what rules of routing say of a complaint.
var movedWords = map[string]string{
	"class": "klasifikasi", "priority": "prioritas", "desk": "unit", "outside": "instansi luar", "second_person": "ditutup orang kedua",
	"attention": "atensi", "element": "unsur pelayanan", "reopen_days": "masa membuka kembali", "silent_hours": "jam tanpa tindakan", "served": "kini tidak gagal", "ladder": "tangga kenaikan",
	"clock:verify": "verifikasi", "clock:first": "tindak lanjut pertama", "clock:resolve": "penyelesaian", "clock:emergency": "gawat darurat",
	"clock:papers": "berkas menyusul", "clock:silence": "menunggu tanggapan warga", "clock:waiting": "menunggu balasan warga",
	"clock:number": "menunggu nomor instansi tujuan", "clock:refund": "pengembalian uang",
}

// tellNeeds says what else has to be looked at before the rules may be proposed.
func (k *call) tellNeeds(n impact.Needs, r impact.Run) {
	if r.Preview == nil {
		return
	}
	if len(n.Unseen) > 0 {
		k.printf("Aturan yang diubah membaca %s, yang tidak ada di data kependudukan: lihat juga jawaban lama dengan --replay 6.\n", strings.Join(n.Unseen, " dan "))
	}
	if n.Routing {
		k.printf("Penanganan aduan berubah: lihat juga aduan terbuka dengan --complaints.\n")
	}
	if len(n.Days) > 1 && slices.Contains(n.Days, r.ServiceOn) {
		var days []string
		for _, day := range n.Days {
			days = append(days, eligibility.Date(day).Words())
		}
		k.printf("Berlaku bertahap: untuk usulan dampak dihitung pada %s (--on).\n", strings.Join(days, ", "))
	}
}

// printRouting prints what becomes of the open complaints.
func (k *call) printRouting(r *impact.Rerouted) {
	k.printf("Aduan terbuka, untuk layanan %s\n", eligibility.Date(r.ServiceOn).Words())
	k.printf("%11s  ditangani lain\n%11s  tetap\n", thousands(r.Changed), thousands(r.Cases-r.Changed))
	for _, g := range r.Groups {
		k.printf("%11s  %s\n", thousands(g.Cases), routedWords[g.Key])
		for _, m := range g.Moves {
			if m.From+m.To == "" {
				continue
			}
			now := ""
			if m.Now {
				now = " (mulai tindakan berikutnya)"
			}
			k.printf("               %s: %s -> %s%s, %s aduan\n", orWord(movedWords, m.What), orNone(m.From), orNone(m.To), now, thousands(m.Cases))
		}
		var tickets []string
		for _, s := range g.Samples {
			tickets = append(tickets, s.Ticket)
		}
		if len(tickets) > 0 {
			k.printf("               misalnya %s\n", strings.Join(tickets, ", "))
		}
	}
	k.printf("%s aduan dalam %s macam, %d ms. Diperiksa satu per satu: %s aduan, %d berbeda.\n", thousands(r.Cases), thousands(r.Classes), r.Took,
		thousands(r.Check.Compared), r.Check.Differences)
}

func orNone(text string) string {
	if text == "" {
		return "tidak ada"
	}
	return text
}
