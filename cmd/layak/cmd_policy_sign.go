package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"layak/internal/audit"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// policySignCmds carry rules and proofs from one installation to another.
type policySignCmds struct {
	Export policyExportCmd `cmd:"" help:"Simpan satu versi aturan sebagai bundel OPA yang bertanda tangan."`
	Import policyImportCmd `cmd:"" help:"Muat bundel bertanda tangan sebagai konsep."`
	Key    policyKeyCmd    `cmd:"" help:"Tampilkan kunci umum untuk memeriksa tanda tangan bundel dari sini."`
	Proof  policyProofCmd  `cmd:"" help:"Buat berkas bukti satu hasil cek yang dapat dihitung ulang di komputer lain."`
}

// bundleDomain is what the keys that sign rules are derived for.
const bundleDomain = "policy bundle"

// signingKeys gives the keys of the installation, the newest first.
func signingKeys(ring *audit.Keyring) ([]policy.SigningKey, error) {
	signers, err := ring.Signers(bundleDomain)
	if err != nil {
		return nil, err
	}
	keys := make([]policy.SigningKey, len(signers))
	for i, s := range signers {
		keys[i] = policy.SigningKey{ID: s.ID, Private: s.Private}
	}
	return keys, nil
}

type policyExportCmd struct {
	Revision string `arg:"" help:"Hash versi aturan, nomornya, atau active."`
	Out      string `arg:"" placeholder:"F.tar.gz" help:"Berkas yang dibuat."`
}

// Run writes a revision as an OPA bundle that plain opa reads, with our signature; the trail tells who did.
func (c *policyExportCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		r, err := c.find(k, p)
		if err != nil {
			return err
		}
		var signer string
		err = writeWhole(c.Out, func(w io.Writer) (err error) {
			signer, err = p.export(k, w, r)
			return err
		})
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"revision": r.Hash, "file": c.Out, "signed_by": signer})
		}
		k.printf("%s berisi aturan versi %s, ditandatangani dengan kunci %s.\n", c.Out, short(r.Hash), signer)
		return nil
	})
}

type policyImportCmd struct {
	File string   `arg:"" placeholder:"F.tar.gz" help:"Bundel dari layak policy export."`
	Key  []string `placeholder:"F.pem" sep:"none" help:"Kunci umum pembuatnya (layak policy key). Boleh berulang; kunci sini selalu dikenal."`
	Name string   `help:"Nama konsep (nama berkas)."`
}

// Run reads a bundle whose signature is known and opens it as a draft. Nothing is in force by that.
func (c *policyImportCmd) Run(k *call) error {
	f, err := os.Open(c.File)
	if err != nil {
		return usagef("%s tidak dapat dibuka.", c.File)
	}
	defer f.Close()
	return k.with(func(p *Program) error {
		keys, err := c.keys(k, p)
		if err != nil {
			return err
		}
		bundle, signer, err := policy.ReadSignedTarGz(f, keys...)
		if err != nil {
			return err
		}
		name := c.Name
		if name == "" {
			name = lastRunes(strings.TrimSuffix(filepath.Base(c.File), ".tar.gz"), 100)
		}
		d, err := p.Workbench.StartDraft(k, name, workbench.Source{Bundle: &bundle, Signer: signer})
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"draft": d.ID, "revision": bundle.Hash(), "signed_by": signer})
		}
		k.printf("Konsep %q berisi aturan versi %s; tanda tangan kunci %s cocok. Aturan yang berlaku tidak berubah.\n",
			d.Name, short(bundle.Hash()), signer)
		return nil
	})
}

// keys are those of the installation, of the offices that it trusts, and those of the flags.
func (c *policyImportCmd) keys(ctx context.Context, p *Program) ([]policy.PublicKey, error) {
	keys, err := p.publicKeys(ctx)
	if err != nil {
		return nil, err
	}
	for _, path := range c.Key {
		data, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(data, []byte("BEGIN PUBLIC KEY")) {
			return nil, usagef("%s bukan kunci umum dari layak policy key.", path)
		}
		keys = append(keys, policy.PublicKey{PEM: string(data)})
	}
	return keys, nil
}

type policyKeyCmd struct{}

// Run prints the public half of the newest key; it may be given to anybody.
func (policyKeyCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		keys, err := signingKeys(p.Keys)
		if err != nil {
			return err
		}
		public, err := keys[0].Public()
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]any{"id": public.ID, "pem": public.PEM})
		}
		k.printf("%s", public.PEM)
		return nil
	})
}

type policyProofCmd struct {
	ID      string   `arg:"" optional:"" help:"ID hasil cek."`
	Out     string   `arg:"" optional:"" placeholder:"F.tar.gz" help:"Berkas yang dibuat; memuat data pribadi."`
	Purpose string   `placeholder:"TEKS" help:"Untuk apa bukti ini, dicatat di jejak kegiatan; wajib saat membuat."`
	Check   string   `placeholder:"F.tar.gz" help:"Periksa berkas bukti: tanda tangan, isi, dan hitungan ulangnya."`
	Key     []string `placeholder:"F.pem" sep:"none" help:"Kunci umum kantor pembuat bukti, untuk --check. Boleh berulang."`
}

// Run writes rules, facts and answer of a stored check, so that plain opa comes to the same elsewhere; or checks such a file.
func (c *policyProofCmd) Run(k *call) error {
	switch {
	case c.Check != "" && c.ID+c.Out+c.Purpose != "":
		return usagef("Dengan --check sebutkan berkasnya saja: layak policy proof --check BERKAS.tar.gz.")
	case c.Check != "":
		return c.check(k)
	case c.ID == "" || c.Out == "":
		return usagef("Sebutkan ID hasil cek dan berkas yang dibuat: layak policy proof ID BERKAS.tar.gz --purpose TEKS.")
	case c.Purpose == "":
		return usagef("Sebutkan untuk apa bukti ini dibuat, dengan --purpose.")
	}
	return k.with(func(p *Program) error {
		var revision string
		err := writeWhole(c.Out, func(w io.Writer) (err error) {
			revision, err = p.prove(k, w, c.ID, c.Purpose)
			return err
		})
		if err != nil {
			return err
		}
		return c.report(k, revision)
	})
}

// check tells whether a proof is as the office made it.
func (c *policyProofCmd) check(k *call) error {
	f, err := os.Open(c.Check)
	if err != nil {
		return usagef("%s tidak dapat dibuka.", c.Check)
	}
	defer f.Close()
	return k.with(func(p *Program) error {
		keys, err := (&policyImportCmd{Key: c.Key}).keys(k, p)
		if err != nil {
			return err
		}
		found, err := policy.CheckProof(k, f, keys...)
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(found)
		}
		k.showProof(found)
		return nil
	})
}

func (c *policyProofCmd) report(k *call, revision string) error {
	err := os.Chmod(c.Out, 0o600)
	if err != nil {
		return fault.New(fault.Unavailable, "file_not_written", "Izin berkas bukti tidak dapat diatur. Periksa foldernya.").Because(err)
	}
	if k.JSON {
		return k.printJSON(map[string]any{"determination": c.ID, "revision": revision, "file": c.Out, "command": policy.ProofCommand})
	}
	k.printf("%s berisi bukti hasil cek itu beserta data pribadi. Hitung ulang di komputer lain, di folder hasil bukanya:\n%s\n",
		c.Out, policy.ProofCommand)
	return nil
}

// find reads the revision that the flag names.
func (c *policyExportCmd) find(k *call, p *Program) (policy.Revision, error) {
	if c.Revision == "active" {
		return p.DB.ActiveRevision(k)
	}
	all, err := p.DB.Revisions(k)
	if err != nil {
		return policy.Revision{}, err
	}
	for _, r := range all {
		if strconv.Itoa(r.Number) == c.Revision || len(c.Revision) >= 8 && (r.Hash == c.Revision || short(r.Hash) == c.Revision) {
			return p.DB.Revision(k, r.Hash)
		}
	}
	return p.DB.Revision(k, c.Revision)
}
