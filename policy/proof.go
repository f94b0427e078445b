package policy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"

	"layak/internal/fault"
)

// Proof is what a second machine needs to come to the answer of one determination on its own.
type Proof struct {
	ID        string    // of the determination
	Person    string    // NIK that was asked for, the mother's for a newborn: the facts have none of whom the registry does not know
	Rules     Bundle    // of its revision
	Facts     Input     // as stored
	Decision  Decision  // as stored
	Engine    string    // version of OPA that decided
	DecidedAt time.Time // in the zone in which it is told
	DecidedBy string
	Regency   string // area code of the office
	MadeAt    time.Time
	MadeBy    string
}

// The files of a proof.
const (
	proofRules   = "rules.tar.gz"
	proofFacts   = "input.json"
	proofResult  = "result.json"
	proofAnswer  = "answer.json"
	proofSummary = "proof.json"
	proofKey     = "key.pem"
	proofReadMe  = "BACA-SAYA.txt"
)

// ProofCommand yields result.json, byte for byte, in the folder into which a proof was unpacked.
const ProofCommand = "opa eval --strict-builtin-errors --format raw --bundle " + proofRules + " --input " + proofFacts + " " + decisionQuery

// The two lines of a shell that check a proof without any program of ours: the signature of proof.json, and
// the hashes that it holds. They leave no file behind.
const (
	ProofSignatureCommand = `(d=$(mktemp -d) && trap 'rm -r "$d"' EXIT && (printf %s. "$(cut -d. -f1 ` + proofSignature + `)"; cat ` + proofSummary +
		`) > "$d/isi" && (cut -d. -f3 ` + proofSignature + ` | tr -d '\n' | tr -- '-_' '+/'; echo ==) | base64 -d > "$d/tanda" && ` +
		`openssl pkeyutl -verify -pubin -inkey ` + proofKey + ` -rawin -in "$d/isi" -sigfile "$d/tanda")`
	ProofFilesCommand = `sed -nE 's/^ +"([^"]+)": "([0-9a-f]{64})",?$/\2  \1/p' ` + proofSummary + ` | sha256sum -c`
)

// proofRecord is proof.json.
type proofRecord struct {
	Determination string            `json:"determination"`
	Person        string            `json:"nik,omitempty"` // proofs of before have none
	Revision      string            `json:"revision"`      // hash over names and bytes of the rule files
	Engine        string            `json:"engine"`
	Regency       string            `json:"regency"`
	ServiceOn     string            `json:"service_on"`
	Outcome       Outcome           `json:"outcome"`
	DecidedAt     time.Time         `json:"decided_at"`
	DecidedBy     string            `json:"decided_by"`
	MadeAt        time.Time         `json:"made_at"`
	MadeBy        string            `json:"made_by"`
	Command       string            `json:"command"`
	SignedBy      string            `json:"signed_by"`
	Files         map[string]string `json:"sha256"`
	Notice        string            `json:"notice"`
}

const proofNotice = "Berkas ini memuat data pribadi seorang warga. Simpan dan kirim hanya kepada yang berhak."

// Raw gives the document that the rules yield for the input, before METADATA and words are joined to
// it, as `opa eval --format raw` prints it. Errors are those of Decide.
func (e *Engine) Raw(ctx context.Context, in Input) ([]byte, error) {
	if _, err := e.Decide(ctx, in); err != nil { // which says what is wrong with the input or the rules
		return nil, err
	}
	term, err := e.ask(ctx, &in)
	if err != nil {
		return nil, err
	}
	doc, err := ast.JSON(term.Value)
	if err != nil {
		return nil, fmt.Errorf("decision of rules %s as JSON: %w", e.hash, err)
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	err = enc.Encode(doc)
	return out.Bytes(), err
}

// WriteProof writes a proof as a tar.gz: the rules, signed, the facts, what the rules yield, what the
// desk was told, and how to come to the same again. It decides anew for that; the caller has seen to it
// that he may read the facts, and holds the answer against the stored one. fault.Invalid with code proof_too_large when
// CheckProof could not read it back.
func WriteProof(ctx context.Context, w io.Writer, p Proof, key SigningKey) error {
	files, err := p.files(ctx, key)
	if err != nil {
		return fmt.Errorf("proof of determination %s: %w", p.ID, err)
	}
	return writeProof(w, files)
}

var errProofTooLarge = fault.New(fault.Invalid, "proof_too_large", "Bukti ini terlalu besar untuk dapat diperiksa lagi. Paling banyak 16 MB.")

// writeProof packs the files, within what readProof takes: nothing is written of a proof that nobody could check.
func writeProof(w io.Writer, files []entry) error {
	var plain, packed bytes.Buffer
	t := tar.NewWriter(&plain)
	for _, f := range files {
		err := putFile(t, f)
		if err != nil {
			return fmt.Errorf("write proof %s: %w", f.name, err)
		}
	}
	err := t.Close()
	if err != nil {
		return fmt.Errorf("close proof: %w", err)
	}
	zip := gzip.NewWriter(&packed)
	_, err = zip.Write(plain.Bytes())
	if err != nil {
		return fmt.Errorf("pack proof: %w", err)
	}
	err = zip.Close()
	if err != nil {
		return fmt.Errorf("pack proof: %w", err)
	}
	if max(plain.Len(), packed.Len()) > maxProofBytes {
		return errProofTooLarge
	}
	_, err = packed.WriteTo(w)
	return err
}

func (p Proof) files(ctx context.Context, key SigningKey) ([]entry, error) {
	e, err := NewEngine(ctx, p.Rules)
	if err != nil {
		return nil, err
	}
	result, err := e.Raw(ctx, p.Facts)
	if err != nil {
		return nil, err
	}
	facts, err := json.Marshal(p.Facts)
	if err != nil {
		return nil, err
	}
	answer, err := json.MarshalIndent(p.Decision, "", "  ")
	if err != nil {
		return nil, err
	}
	var rules bytes.Buffer
	err = p.Rules.WriteSignedTarGz(&rules, key)
	if err != nil {
		return nil, err
	}
	public, err := key.Public()
	if err != nil {
		return nil, err
	}
	files := []entry{
		{proofRules, rules.Bytes()}, {proofFacts, facts}, {proofResult, result}, {proofAnswer, answer}, {proofKey, []byte(public.PEM)},
	}
	files = slices.Insert(files, 0, entry{proofReadMe, []byte(p.readMe(e.Hash(), key.ID))})
	record, err := json.MarshalIndent(p.record(files, e.Hash(), key.ID), "", "  ")
	if err != nil {
		return nil, err
	}
	signature, err := signDetached(record, key)
	if err != nil {
		return nil, err
	}
	return slices.Insert(files, 1, entry{proofSummary, record}, entry{proofSignature, signature}), nil
}

func (p Proof) record(files []entry, revision, signer string) proofRecord {
	sums := map[string]string{}
	for _, f := range files {
		sum := sha256.Sum256(f.data)
		sums[f.name] = hex.EncodeToString(sum[:])
	}
	return proofRecord{
		Determination: p.ID, Person: p.Person, Revision: revision, Engine: p.Engine, Regency: p.Regency, ServiceOn: p.Facts.ServiceOn,
		Outcome: p.Decision.Outcome, DecidedAt: p.DecidedAt, DecidedBy: p.DecidedBy, MadeAt: p.MadeAt, MadeBy: p.MadeBy,
		Command: ProofCommand, SignedBy: signer, Files: sums, Notice: proofNotice,
	}
}

func (p Proof) readMe(revision, signer string) string {
	return "BUKTI HASIL CEK " + p.ID + "\n\n" + proofNotice + `

Isi:
  ` + proofFacts + `    fakta yang dipakai, seperti yang tersimpan
  ` + proofRules + `  aturan versi ` + revision + `
  ` + proofResult + `   jawaban aturan atas fakta itu
  ` + proofAnswer + `   jawaban dengan kalimat dan dasar hukumnya, seperti yang dibaca petugas
  ` + proofSummary + `    NIK yang ditanyakan, waktu, pembuat, dan sidik SHA-256 tiap berkas
  ` + proofSignature + `     tanda tangan kantor atas ` + proofSummary + ` (kunci ` + signer + `)
  ` + proofKey + `       kunci umum untuk memeriksa tanda tangan itu dan tanda tangan aturan

Memeriksa bahwa tidak ada yang diubah. Bandingkan dulu ` + proofKey + ` dengan kunci yang diumumkan kantor
pembuatnya (layak policy key), lalu di folder ini:
  ` + ProofSignatureCommand + `
  ` + ProofFilesCommand + `
Yang pertama menjawab Signature Verified Successfully, yang kedua OK untuk setiap berkas.
Yang dijamin hanya ` + proofSummary + ` dan berkas yang disebut OK itu. Berkas lain di folder ini bukan bagian bukti.
Di komputer yang memakai Layak cukup satu perintah: layak policy proof --check BERKAS.tar.gz

Bukti orang lain atau bukti yang lama pun utuh. Cocokkan orang, hari layanan, dan waktunya dengan perkara Anda.

Menghitung ulang di komputer lain (perlu program opa, versi ` + p.Engine + ` atau lebih baru):
  ` + ProofCommand + ` | diff - ` + proofResult + `
Tidak ada keluaran berarti jawabannya sama persis.

Memeriksa tanda tangan aturan:
  opa build --bundle ` + proofRules + ` --verification-key ` + proofKey + ` --verification-key-id ` + signer +
		` --signing-alg ` + signingAlgorithm + ` -o /dev/null
`
}
