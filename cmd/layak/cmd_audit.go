package main

import (
	"os"
	"strconv"
	"strings"

	"layak/internal/audit"
	"layak/internal/fault"
)

// auditCmd looks after the trail.
type auditCmd struct {
	Verify    auditVerifyCmd    `cmd:"" help:"Segel sisa catatan, lalu periksa seluruh rantai jejak kegiatan."`
	Head      auditHeadCmd      `cmd:"" help:"Tampilkan kepala rantai yang bertanda tangan, untuk disimpan di luar komputer ini."`
	RotateKey auditRotateKeyCmd `cmd:"" help:"Tambahkan kunci baru; yang lama tetap disimpan untuk memeriksa masa lalu."`
}

type auditVerifyCmd struct {
	Heads string `placeholder:"BERKAS" help:"Kepala rantai yang pernah disimpan, satu per baris; hanya ini yang menunjukkan bahwa akhir rantai dipotong."`
}

// Run verifies the trail; exit 1 when something is wrong with it.
func (c *auditVerifyCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		kept, err := c.kept(p)
		if err != nil {
			return err
		}
		report, err := p.DB.AuditVerify(k, kept...)
		if err != nil {
			return err
		}
		if k.JSON {
			if report.Problems == nil {
				report.Problems = []audit.Problem{}
			}
			err = k.printJSON(report)
			if err != nil {
				return err
			}
		} else {
			k.printf("%d catatan dalam %d blok diperiksa; %d belum disegel.\n", report.Entries, report.Blocks, report.Unsealed)
			for _, problem := range report.Problems {
				k.printf("%s\n", problem)
			}
		}
		if !report.Whole() {
			return fault.New(fault.Conflict, "trail_broken", "Jejak kegiatan tidak utuh: "+
				strconv.FormatInt(int64(len(report.Problems))+report.More, 10)+" hal ditemukan.")
		}
		return nil
	})
}

// kept reads the heads that were stored elsewhere. One that was not signed here proves nothing.
func (c *auditVerifyCmd) kept(p *Program) ([]audit.Head, error) {
	if c.Heads == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.Heads)
	if err != nil {
		return nil, usage(fault.New(fault.Invalid, "heads_missing", "Berkas kepala rantai tidak dapat dibuka. Periksa namanya.").Because(err))
	}
	var kept []audit.Head
	for line := range strings.Lines(string(text)) {
		if strings.TrimSpace(line) == "" {
			continue
		}
		h, err := audit.ParseHead(line)
		if err == nil {
			err = p.Keys.Check(h)
		}
		if err != nil {
			return nil, usage(fault.New(fault.Invalid, "heads_invalid",
				"Baris "+strconv.Itoa(len(kept)+1)+" bukan kepala rantai yang ditandatangani dengan kunci instalasi ini.").Because(err))
		}
		kept = append(kept, h)
	}
	return kept, nil
}

type auditHeadCmd struct{}

// Run seals what is open and prints the end of the chain in one line.
func (c *auditHeadCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		_, err := p.DB.SealOnce(k)
		if err != nil {
			return err
		}
		head, err := p.DB.AuditHead(k)
		if err != nil {
			return err
		}
		if head == nil {
			return fault.New(fault.NotFound, "trail_empty", "Jejak kegiatan masih kosong.")
		}
		if k.JSON {
			return k.printJSON(head)
		}
		k.printf("%s\n", head)
		return nil
	})
}

type auditRotateKeyCmd struct{}

// Run adds a key to the key file. Servers that run go on with the old one until they start again.
func (c *auditRotateKeyCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		ring, err := audit.RotateKey(p.KeyFile)
		if err != nil {
			return err
		}
		err = p.recordSystem(k, "key.rotate", "key")
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]string{"file": p.KeyFile, "key_id": ring.ID()})
		}
		k.printf("Kunci %s ditambahkan ke %s. Salin berkas itu ke semua server, lalu jalankan ulang semuanya.\n", ring.ID(), p.KeyFile)
		return nil
	})
}
