package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"
)

// Moulds are cases as they stand at a desk, lived through the service: some just filed, some waiting,
// most ended, one way or another. What is stored among many is cast from them, so that it has the
// shape of real cases: words, marks, clocks, tasks, checks, answers.

type step map[string]any

var (
	stepCheck   = step{"type": "check"}
	stepAssign  = step{"type": "assign", "unit": "pkm-bench", "staff": "bench"}
	stepWait    = step{"type": "wait", "missing": []string{"Foto KK", "Surat keterangan rawat"}, "send": []string{"spoken"}}
	stepReply   = step{"type": "reply", "text": "Ini foto KK ibu saya, suratnya menyusul."}
	stepTask    = step{"type": "task", "unit": "pkm-bench", "act": "Temui keluarga dan lihat berkasnya", "amount": 2, "measure": "working_days"}
	stepDone    = step{"type": "task_done", "task": 1, "result": "done", "note": "Keluarga ditemui, berkas lengkap."}
	stepPending = step{"type": "registration", "through": "e_dabu", "reference": "BA-2026-117", "result": "pending"}
	stepResolve = step{"type": "resolve", "decision": "information_given", "reason": "Syarat dan langkah sudah dijelaskan kepada keluarga.", "send": []string{"spoken"}}
	stepClose   = step{"type": "close", "rating": 4}
	stepReopen  = step{"type": "reopen", "reason": "Kartunya ternyata belum dapat dipakai.", "unsatisfied": true}
	stepForward = step{"type": "forward", "office": "BPJS Kesehatan Cabang Jember", "number": "B-117", "reason": "Kewenangan BPJS Kesehatan."}
	stepReject  = step{"type": "reject", "code": "too_general", "reason": "Tidak ada keterangan yang dapat ditelusuri."}
	stepQuit    = step{"type": "withdraw", "reason": "Warga datang ke loket, kartunya sudah aktif."}
)

// mouldLives are the lives, ended ones and open ones.
var mouldLives = [][]step{
	{stepCheck, stepAssign, stepResolve, stepClose},
	{stepCheck, stepResolve, stepClose},
	{stepCheck, stepAssign, stepWait, stepReply, stepResolve, stepClose},
	{stepCheck, stepTask, stepDone, stepResolve, stepClose},
	{stepCheck, stepAssign, stepResolve, stepClose, stepReopen, stepResolve, stepClose},
	{stepForward},
	{stepReject},
	{stepQuit},
	{},
	{stepCheck},
	{stepCheck, stepAssign},
	{stepCheck, stepTask},
	{stepCheck, stepPending},
	{stepCheck, stepAssign, stepWait},
	{stepCheck, stepAssign, stepResolve},
}

// mouldsEach is how many cases are lived of each life.
const mouldsEach = 20

var mouldTexts = []string{
	"Apakah ibu saya dapat berobat gratis? Beliau dirawat sejak kemarin dan kami tidak punya biaya.",
	"Kartu JKN suami saya tidak aktif padahal kami tidak pernah diberi tahu.",
	"Anak saya lahir minggu lalu, bagaimana supaya ikut dijamin?",
	"Nama di KK dan di kartu BPJS berbeda, puskesmas meminta kami memperbaiki dulu.",
	"Kami pindah dari kecamatan lain dua bulan lalu, di mana harus mendaftar?",
	"Tetangga saya lansia tinggal sendiri, sakit, dan tidak punya kartu apa pun.",
	"Mohon informasi syarat surat keterangan tidak mampu untuk cuci darah.",
}

// liveMoulds lives the cases. What the rules refuse at the moment is left out of a life: the case
// stays as it is.
func liveMoulds(ctx context.Context, o options, db string) error {
	lead, err := tokenOf(ctx, o, db, "bench-lead")
	if err != nil {
		return err
	}
	return withDesk(ctx, o, db, func(d *desk) error {
		head := *d
		head.token = lead
		i := 0
		for range mouldsEach {
			for _, life := range mouldLives {
				err := d.mould(ctx, &head, i, life)
				if err != nil {
					return err
				}
				i++
			}
		}
		for what, n := range mouldsShort {
			fmt.Fprintf(os.Stderr, "bench: %d lives end early: %s\n", n, what)
		}
		return nil
	})
}

func (d *desk) mould(ctx context.Context, head *desk, i int, life []step) error {
	pick := func(words ...string) string { return words[i*7%11%len(words)] }
	var c struct {
		Ticket  string `json:"ticket"`
		Version int    `json:"version"`
	}
	err := d.ask(ctx, "/api/v1/complaints", http.StatusCreated, map[string]any{
		"channel": pick("whatsapp", "counter", "phone", "lapor", "wadul", "instagram"),
		"matter":  pick("eligibility", "activation", "data", "information"),
		"need":    pick("outpatient", "routine", "inpatient", "routine", "emergency"),
		"nik":     d.niks[i%len(d.niks)], "verified": len(life) > 0 || i%2 == 0,
		"reporter": map[string]any{"name": pick("Ani Rahayu", "Budi Santoso", "Siti Aminah"), "phone": fmt.Sprintf("0812%08d", 5_000_000+i), "relation": pick("family", "self", "cadre")},
		"text":     mouldTexts[i%len(mouldTexts)],
	}, &c)
	if err != nil {
		return err
	}
	for _, s := range life {
		time.Sleep(2 * time.Millisecond) // so that each act has a moment of its own
		body := map[string]any{"version": c.Version}
		for k, v := range s {
			body[k] = v
		}
		who := d
		if s["type"] == "reject" {
			who = head
		}
		err = who.ask(ctx, "/api/v1/complaints/"+c.Ticket+"/events", http.StatusOK, body, &c)
		if err != nil {
			mouldsShort[fmt.Sprint(s["type"], ": ", err)]++
			return nil
		}
	}
	return nil
}

// mouldsShort counts what was refused.
var mouldsShort = map[string]int{}
