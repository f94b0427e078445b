package policy

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	opabundle "github.com/open-policy-agent/opa/v1/bundle"
	"github.com/open-policy-agent/opa/v1/util"

	"layak/internal/fault"
)

// signaturesFile is where OPA looks for the signature of a bundle.
const signaturesFile = ".signatures.json"

// signingAlgorithm is the name under which OPA knows Ed25519 (RFC 8037).
const signingAlgorithm = "EdDSA"

// SigningKey signs the bundles that leave the installation.
type SigningKey struct {
	ID      string // names the key in the signature
	Private ed25519.PrivateKey
}

// PublicKey tells a signature of one installation from others. PEM is a PKIX "PUBLIC KEY"; ID is "" when
// only the file came, and then the key is held against a signature of any name. Owner names the office on
// whose word the key is trusted; "" for one's own keys and for one that came along with a bundle.
type PublicKey struct {
	ID    string
	PEM   string
	Owner string
}

// Public gives what others need to verify the signature, with `opa build --verification-key` as well.
func (k SigningKey) Public() (PublicKey, error) {
	der, err := x509.MarshalPKIXPublicKey(k.Private.Public())
	if err != nil {
		return PublicKey{}, fmt.Errorf("public half of key %s: %w", k.ID, err)
	}
	return PublicKey{ID: k.ID, PEM: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}, nil
}

// WriteSignedTarGz writes the bundle as WriteTarGz does, with an OPA bundle signature over every file.
// The same bundle and key give the same bytes.
func (b Bundle) WriteSignedTarGz(w io.Writer, key SigningKey) error {
	signature, err := b.sign(key)
	if err != nil {
		return fmt.Errorf("sign rules %s: %w", b.Hash(), err)
	}
	return b.archive(w, signature)
}

// sign gives the content of .signatures.json.
func (b Bundle) sign(key SigningKey) ([]byte, error) {
	hash, err := opabundle.NewSignatureHasher(opabundle.SHA256)
	if err != nil {
		return nil, err
	}
	var files []opabundle.FileInfo
	for _, f := range b.entries() {
		var content any = f.data
		if opabundle.IsStructuredDoc(f.name) {
			content = nil
			err = util.Unmarshal(f.data, &content)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.name, err)
			}
		}
		sum, err := hash.HashFile(content)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		files = append(files, opabundle.NewFile(f.name, hex.EncodeToString(sum), string(opabundle.SHA256)))
	}
	der, err := x509.MarshalPKCS8PrivateKey(key.Private)
	if err != nil {
		return nil, err
	}
	secret := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	token, err := opabundle.GenerateSignedToken(files, opabundle.NewSigningConfig(secret, signingAlgorithm, ""), key.ID)
	if err != nil {
		return nil, err
	}
	return json.Marshal(opabundle.SignaturesConfig{Signatures: []string{token}})
}

var (
	errUnreadable = fault.New(fault.Invalid, "bundle_unreadable", "Berkas kumpulan aturan tidak dapat dibaca. Minta berkas .tar.gz yang utuh.")
	errUnsigned   = fault.New(fault.Invalid, "bundle_unsigned",
		"Kumpulan aturan ini tidak bertanda tangan, jadi asalnya tidak dapat dipastikan. Minta berkas yang diekspor dengan layak policy export.")
	errForged = fault.New(fault.Invalid, "bundle_signature_wrong",
		"Tanda tangan kumpulan aturan ini tidak cocok: isinya berubah sesudah ditandatangani, atau ditandatangani pihak lain. Jangan dipakai; minta berkasnya lagi langsung dari pembuatnya.")
	errStranger = fault.New(fault.Invalid, "bundle_signer_unknown",
		"Kumpulan aturan ini ditandatangani dengan kunci yang tidak dikenal di sini. Minta kunci umum pembuatnya (layak policy key), lalu sebutkan dengan --key.")
)

// ReadSignedTarGz reads an archive that one of the keys signed, and tells which: by its owner where that is
// known, by the name in the signature otherwise. fault.Invalid with
// code bundle_unsigned, bundle_signer_unknown, bundle_signature_wrong or bundle_unreadable otherwise.
func ReadSignedTarGz(r io.Reader, keys ...PublicKey) (b Bundle, signer string, err error) {
	raw, err := readArchive(r)
	if err != nil {
		return Bundle{}, "", err
	}
	signature, ok := raw.Files[signaturesFile]
	if !ok {
		return Bundle{}, "", errUnsigned
	}
	delete(raw.Files, signaturesFile)
	signer, err = raw.verify(signature, keys)
	if err != nil {
		return Bundle{}, "", err
	}
	return raw.settled(), signer, nil
}

// verify holds every file of the archive against the signature, and the signature against the key
// that it names.
func (b Bundle) verify(signature []byte, keys []PublicKey) (signer string, err error) {
	var config opabundle.SignaturesConfig
	err = json.Unmarshal(signature, &config)
	if err != nil || len(config.Signatures) != 1 || config.Plugin != "" {
		return "", errForged.Because(errors.New("the signature cannot be read"))
	}
	signer = keyID(config.Signatures[0])
	keys = slices.DeleteFunc(slices.Clone(keys), func(k PublicKey) bool { return k.ID != "" && k.ID != signer })
	if len(keys) == 0 {
		return "", errStranger
	}
	var files map[string]opabundle.FileInfo
	meant, owner := false, ""
	for _, k := range keys {
		meant = meant || k.Owner == ""
		known := map[string]*opabundle.KeyConfig{signer: {Key: k.PEM, Algorithm: signingAlgorithm}}
		files, err = opabundle.VerifyBundleSignature(config, opabundle.NewVerificationConfig(known, signer, "", nil))
		if err == nil {
			owner = k.Owner
			break
		}
	}
	if err != nil && !meant { // none of the offices on the list; nothing says that it claims to be
		return "", errStranger.Because(err)
	}
	if err != nil {
		return "", errForged.Because(err)
	}
	for _, name := range b.names() {
		err = opabundle.VerifyBundleFile(name, *bytes.NewBuffer(b.Files[name]), files)
		if err != nil {
			return "", errForged.Because(err)
		}
	}
	if len(files) > 0 { // VerifyBundleFile takes out what it found
		return "", errForged.Because(fmt.Errorf("%d files that were signed are missing", len(files)))
	}
	if owner != "" {
		return owner, nil
	}
	return signer, nil
}

// keyID reads which key a signature names, before it is known whether that is true.
func keyID(token string) string {
	head, _, _ := strings.Cut(token, ".")
	var fields struct {
		KeyID string `json:"kid"`
	}
	data, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil || json.Unmarshal(data, &fields) != nil {
		return ""
	}
	return fields.KeyID
}

// entry is one file of an archive.
type entry struct {
	name string
	data []byte
}

// entries lists what an archive of the bundle holds, in its order.
func (b Bundle) entries() []entry {
	var all []entry
	for _, name := range b.names() {
		all = append(all, entry{name, b.Files[name]})
	}
	if params, old := b.Files[oldParamsFile]; old {
		all = append(all, entry{paramsFile, params})
	}
	return all
}

// archive writes the files, and the signature if there is one.
func (b Bundle) archive(w io.Writer, signature []byte) error {
	zip := gzip.NewWriter(w)
	t := tar.NewWriter(zip)
	all := b.entries()
	if signature != nil {
		all = slices.Insert(all, 0, entry{signaturesFile, signature})
	}
	for _, f := range all {
		if !fileName(f.name) {
			return fault.New(fault.Invalid, "bundle_file_name", "Nama berkas aturan hanya boleh berisi huruf, angka, titik, garis bawah, dan garis hubung, paling banyak 100 huruf.")
		}
		err := putFile(t, f)
		if err != nil {
			return fmt.Errorf("write rule archive %s: %w", f.name, err)
		}
	}
	err := t.Close()
	if err != nil {
		return fmt.Errorf("close rule archive: %w", err)
	}
	return zip.Close()
}

// putFile writes one file of an archive, without owner or time of its own.
func putFile(t *tar.Writer, f entry) error {
	err := t.WriteHeader(&tar.Header{
		Name: f.name, Mode: 0o644, Size: int64(len(f.data)), Typeflag: tar.TypeReg, ModTime: time.Unix(0, 0).UTC(), Format: tar.FormatUSTAR,
	})
	if err != nil {
		return err
	}
	_, err = t.Write(f.data)
	return err
}

// readArchive reads all files of an archive within the limits of a bundle.
func readArchive(r io.Reader) (Bundle, error) {
	zip, err := gzip.NewReader(io.LimitReader(r, maxUnpacked)) // what hardly shrinks grows by headers and signature
	if err != nil {
		return Bundle{}, errUnreadable.Because(err)
	}
	b := Bundle{Files: map[string][]byte{}}
	limited := &io.LimitedReader{R: zip, N: maxUnpacked}
	t := tar.NewReader(limited)
	for {
		head, err := t.Next()
		if errors.Is(err, io.EOF) && limited.N > 0 {
			return b, nil
		}
		if err != nil {
			return Bundle{}, errUnreadable.Because(err)
		}
		name := path.Clean(strings.TrimPrefix(head.Name, "/"))
		if head.Typeflag == tar.TypeDir {
			continue
		}
		_, twice := b.Files[name]
		if head.Typeflag != tar.TypeReg || twice || !belongs(name) && name != signaturesFile || !fileName(name) {
			return Bundle{}, errUnreadable.Because(fmt.Errorf("foreign file %q of kind %q", name, head.Typeflag))
		}
		if err := b.add(name, t); err != nil {
			if fault.As(err) == nil {
				err = errUnreadable.Because(err)
			}
			return Bundle{}, err
		}
	}
}
