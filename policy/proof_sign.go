package policy

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"layak/internal/fault"
)

// proofSignature holds the signature of proof.json as a detached JWS (RFC 7515, appendix F) whose payload is
// not encoded (RFC 7797), so that openssl verifies it without any program of ours. proof.json holds the
// hash of every other file, so nothing in the archive can be changed beside it.
const proofSignature = "proof.jws"

// proofHead is the header of that signature. The order of its fields is that of its bytes.
type proofHead struct {
	Algorithm string   `json:"alg"`
	Encoded   bool     `json:"b64"`
	Critical  []string `json:"crit"`
	Key       string   `json:"kid"`
}

// signDetached gives the signature of a text: header, nothing, signature.
func signDetached(data []byte, key SigningKey) ([]byte, error) {
	head, err := json.Marshal(proofHead{Algorithm: signingAlgorithm, Critical: []string{"b64"}, Key: key.ID})
	if err != nil {
		return nil, err
	}
	first := base64.RawURLEncoding.EncodeToString(head)
	signature := ed25519.Sign(key.Private, append([]byte(first+"."), data...))
	return []byte(first + ".." + base64.RawURLEncoding.EncodeToString(signature) + "\n"), nil
}

var (
	errProofUnreadable = fault.New(fault.Invalid, "proof_unreadable", "Berkas bukti tidak dapat dibaca. Minta berkas .tar.gz yang utuh dari layak policy proof.")
	errProofUnsigned   = fault.New(fault.Invalid, "proof_unsigned", "Bukti ini tidak bertanda tangan, jadi siapa pun dapat membuatnya. Minta bukti yang baru dari kantor pembuatnya.")
	errProofStranger   = fault.New(fault.Invalid, "proof_signer_unknown",
		"Bukti ini ditandatangani dengan kunci yang tidak dikenal di sini. Minta kunci umum langsung dari kantor pembuatnya (layak policy key), lalu sebutkan dengan --key.")
	errProofForged = fault.New(fault.Invalid, "proof_altered",
		"Bukti ini tidak cocok dengan tanda tangannya: isinya diubah sesudah dibuat, atau bukan dari kantor itu. Jangan dipakai.")
)

// verifyDetached holds a text against its signature, and tells whose key made it: the owner where that is known, the name
// in the signature otherwise.
func verifyDetached(data, signature []byte, keys []PublicKey) (signer string, err error) {
	parts := strings.Split(strings.TrimSpace(string(signature)), ".")
	if len(parts) != 3 || parts[1] != "" {
		return "", errProofForged
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		return "", errProofForged.Because(err)
	}
	var head proofHead
	err = json.Unmarshal(raw, &head)
	if err != nil || head.Algorithm != signingAlgorithm || head.Encoded || !slices.Equal(head.Critical, []string{"b64"}) {
		return "", errProofForged.Because(err)
	}
	made, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return "", errProofForged.Because(err)
	}
	known := false
	for _, k := range keys {
		if k.ID != "" && k.ID != head.Key {
			continue
		}
		public, err := publicHalf(k)
		if err != nil {
			return "", err
		}
		known = known || k.ID != ""
		if ed25519.Verify(public, append([]byte(parts[0]+"."), data...), made) {
			if k.Owner != "" {
				return k.Owner, nil
			}
			return head.Key, nil
		}
	}
	if !known {
		return "", errProofStranger
	}
	return "", errProofForged
}

func publicHalf(k PublicKey) (ed25519.PublicKey, error) {
	block, _ := pem.Decode([]byte(k.PEM))
	if block == nil {
		return nil, badKey("key_unreadable", "Berkas ini bukan kunci umum. Minta berkas .pem dari pembuatnya.")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, badKey("key_unreadable", "Kunci umum ini rusak atau terpotong. Minta berkas .pem yang utuh.")
	}
	public, is := parsed.(ed25519.PublicKey)
	if !is {
		return nil, badKey("key_kind", "Jenis kunci ini tidak dipakai untuk bukti. Minta kunci umum Ed25519 dari pembuatnya.")
	}
	return public, nil
}

// CheckedProof is what a proof says, once it is known that it is whole. A whole proof of somebody else, or of another
// day, is still whole: so it names the person and the days, for whoever holds it to compare with the case at hand.
type CheckedProof struct {
	Determination string  `json:"determination"`
	Revision      string  `json:"revision"`
	Outcome       Outcome `json:"outcome"`
	Subject       string  `json:"subject"`       // as in Input: nik | person | newborn | unknown
	NIK           string  `json:"nik,omitempty"` // masked, and the mother's for a newborn; "" when nobody was named
	ServiceOn     string  `json:"service_on"`    // YYYY-MM-DD
	Regency       string  `json:"regency"`       // area code of the office
	DecidedAt     string  `json:"decided_at"`    // YYYY-MM-DD HH:MM in the zone of the office
	DecidedBy     string  `json:"decided_by"`
	MadeAt        string  `json:"made_at"` // as DecidedAt
	MadeBy        string  `json:"made_by"`
	SignedBy      string  `json:"signed_by"`
}

// proofTime is how a proof tells a moment.
const proofTime = "2006-01-02 15:04"

// said puts together what is told of a proof.
func (record proofRecord) said(in Input, signer string) CheckedProof {
	out := CheckedProof{
		Determination: record.Determination, Revision: record.Revision, Outcome: record.Outcome, Subject: in.Subject,
		ServiceOn: record.ServiceOn, Regency: record.Regency, DecidedAt: record.DecidedAt.Format(proofTime), DecidedBy: record.DecidedBy,
		MadeAt: record.MadeAt.Format(proofTime), MadeBy: record.MadeBy, SignedBy: signer,
	}
	switch {
	case record.Person != "":
		out.NIK = masked(record.Person)
	case in.Subject == "newborn" && in.Mother != nil:
		out.NIK = masked(in.Mother.NIK)
	case in.Resident != nil:
		out.NIK = masked(in.Resident.NIK)
	}
	return out
}

// masked shows the area and the serial of a NIK only: 350919••••••0001.
func masked(nik string) string {
	if len(nik) != 16 {
		return strings.Repeat("•", len(nik))
	}
	return nik[:6] + "••••••" + nik[12:]
}

// CheckProof reads a proof that one of the keys signed, holds every file against what was signed, and decides anew.
// fault.Invalid with code proof_unreadable, proof_unsigned, proof_signer_unknown, proof_altered or proof_answer
// otherwise.
func CheckProof(ctx context.Context, r io.Reader, keys ...PublicKey) (CheckedProof, error) {
	files, err := readProof(r)
	if err != nil {
		return CheckedProof{}, err
	}
	signature, signed := files[proofSignature]
	if !signed {
		return CheckedProof{}, errProofUnsigned
	}
	signer, err := verifyDetached(files[proofSummary], signature, keys)
	if err != nil {
		return CheckedProof{}, err
	}
	var record proofRecord
	err = json.Unmarshal(files[proofSummary], &record)
	if err != nil {
		return CheckedProof{}, errProofForged.Because(err)
	}
	delete(files, proofSummary)
	delete(files, proofSignature)
	err = record.holds(files)
	if err != nil {
		return CheckedProof{}, err
	}
	var in Input
	err = json.Unmarshal(files[proofFacts], &in)
	if err != nil {
		return CheckedProof{}, errProofForged.Because(err)
	}
	err = record.repeat(ctx, files, in)
	if err != nil {
		return CheckedProof{}, err
	}
	return record.said(in, signer), nil
}

// holds compares the files with the hashes that were signed. None may be missing, and none may lie beside them.
func (record proofRecord) holds(files map[string][]byte) error {
	names := slices.Sorted(maps.Keys(files))
	if !slices.Equal(names, slices.Sorted(maps.Keys(record.Files))) {
		return errProofForged.Because(errors.New("other files than were signed"))
	}
	for _, name := range names {
		sum := sha256.Sum256(files[name])
		if hex.EncodeToString(sum[:]) != record.Files[name] {
			return errProofForged.Because(errors.New(name + " is not what was signed"))
		}
	}
	return nil
}

// repeat decides anew, by the rules and the facts of the proof.
func (record proofRecord) repeat(ctx context.Context, files map[string][]byte, in Input) error {
	rules, err := ReadTarGz(bytes.NewReader(files[proofRules]))
	if err != nil {
		return err
	}
	if rules.Hash() != record.Revision {
		return errProofForged.Because(errors.New("other rules than were named"))
	}
	e, err := NewEngine(ctx, rules)
	if err != nil {
		return err
	}
	again, err := e.Raw(ctx, in)
	if err != nil {
		return err
	}
	if !bytes.Equal(again, files[proofResult]) {
		return fault.New(fault.Invalid, "proof_answer", "Isi bukti ini utuh, tetapi hitungan ulang di sini memberi jawaban lain. "+
			"Bandingkan versi OPA yang tertulis di proof.json, dan tanyakan kepada kantor pembuatnya.")
	}
	return nil
}
