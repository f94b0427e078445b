package policy

import (
	"bytes"
	"crypto/ed25519"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"layak/internal/fault"
)

func signingKey(t *testing.T, id, seed string) (SigningKey, PublicKey) {
	t.Helper()
	k := SigningKey{ID: id, Private: ed25519.NewKeyFromSeed([]byte(strings.Repeat(seed, ed25519.SeedSize))[:ed25519.SeedSize])}
	public, err := k.Public()
	if err != nil {
		t.Fatal(err)
	}
	return k, public
}

func signed(t *testing.T, b Bundle, k SigningKey) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := b.WriteSignedTarGz(&out, k); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func codeOf(err error) string {
	if f := fault.As(err); f != nil {
		return f.Code
	}
	return ""
}

// resigned is the archive of one bundle with the signature of another.
func resigned(t *testing.T, b, of Bundle, k SigningKey) []byte {
	t.Helper()
	signature, err := of.sign(k)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.archive(&out, signature); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSignedBundle(t *testing.T) {
	ours, public := signingKey(t, "ours", "a")
	theirs, other := signingKey(t, "theirs", "b")
	posing, _ := signingKey(t, "ours", "c") // says it is ours
	archive := signed(t, Shipped(), ours)
	if !bytes.Equal(archive, signed(t, Shipped(), ours)) {
		t.Error("the same bundle gave two archives")
	}
	back, signer, err := ReadSignedTarGz(bytes.NewReader(archive), other, public)
	if err != nil || signer != "ours" || back.Hash() != Shipped().Hash() {
		t.Fatal(signer, err, back.Hash())
	}
	if _, signer, err = ReadSignedTarGz(bytes.NewReader(archive), PublicKey{PEM: other.PEM}, PublicKey{PEM: public.PEM}); err != nil || signer != "ours" {
		t.Error("with keys that came without a name:", signer, err)
	}
	if _, _, err = ReadSignedTarGz(bytes.NewReader(archive), PublicKey{PEM: other.PEM}); codeOf(err) != "bundle_signature_wrong" {
		t.Error("with a wrong key that came without a name:", err)
	}
	if _, _, err = ReadSignedTarGz(bytes.NewReader(archive), PublicKey{PEM: "no key"}); codeOf(err) != "bundle_signature_wrong" {
		t.Error("with a file that is no key:", err)
	}
	if back, err = ReadTarGz(bytes.NewReader(archive)); err != nil || back.Hash() != Shipped().Hash() {
		t.Error("read without a key:", err)
	}
	var plainArchive bytes.Buffer
	if err := Shipped().WriteTarGz(&plainArchive); err != nil {
		t.Fatal(err)
	}
	less := Bundle{Files: maps.Clone(Shipped().Files)}
	delete(less.Files, "newborn.rego")
	old := Shipped()
	old.Files[oldParamsFile] = old.Files[paramsFile]
	delete(old.Files, paramsFile)
	params := bytes.Replace(Shipped().Files[paramsFile], []byte(`"value": 5`), []byte(`"value": 9`), 1)
	for name, c := range map[string]struct {
		archive []byte
		code    string
	}{
		"unsigned":                     {plainArchive.Bytes(), "bundle_unsigned"},
		"signed by a stranger":         {signed(t, Shipped(), theirs), "bundle_signer_unknown"},
		"signed by one posing as us":   {signed(t, Shipped(), posing), "bundle_signature_wrong"},
		"a rule changed afterwards":    {resigned(t, Shipped().with("need.rego", []byte("package layak.eligibility\n")), Shipped(), ours), "bundle_signature_wrong"},
		"a limit changed afterwards":   {resigned(t, Shipped().with(paramsFile, params), Shipped(), ours), "bundle_signature_wrong"},
		"a file put in afterwards":     {resigned(t, Shipped().with("extra.rego", []byte("package layak.eligibility\n")), Shipped(), ours), "bundle_signature_wrong"},
		"a file taken out afterwards":  {resigned(t, less, Shipped(), ours), "bundle_signature_wrong"},
		"cut in two":                   {archive[:len(archive)/2], "bundle_unreadable"},
		"another kind of file":         {[]byte("PK\x03\x04"), "bundle_unreadable"},
		"of before, with two copies":   {signed(t, old, ours), ""},
		"signed, then packed as plain": {resigned(t, Shipped(), Shipped(), ours), ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := ReadSignedTarGz(bytes.NewReader(c.archive), public)
			f := fault.As(err)
			if c.code == "" && err != nil || c.code != "" && (f == nil || f.Kind != fault.Invalid || f.Code != c.code || f.Message == "") {
				t.Errorf("%v, want %q", err, c.code)
			}
		})
	}
}

// TestOpaVerifiesOurSignature has the real opa read the signed export: with our key it builds from it,
// with a wrong key or a changed file it refuses.
func TestOpaVerifiesOurSignature(t *testing.T) {
	opa := opaBinary(t)
	ours, public := signingKey(t, "ours", "a")
	_, other := signingKey(t, "ours", "b")
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.tar.gz", signed(t, Shipped(), ours))
	forged := file("forged.tar.gz", resigned(t, Shipped().with("need.rego", []byte("package layak.eligibility\n")), Shipped(), ours))
	key, wrong := file("key.pem", []byte(public.PEM)), file("wrong.pem", []byte(other.PEM))
	build := func(archive, key string) (string, error) {
		out, err := exec.CommandContext(t.Context(), opa, "build", "--bundle", archive, "--verification-key", key,
			"--verification-key-id", "ours", "--signing-alg", signingAlgorithm, "-o", filepath.Join(dir, "out.tar.gz")).CombinedOutput()
		return string(out), err
	}
	if out, err := build(good, key); err != nil {
		t.Errorf("opa refuses our signature: %v\n%s", err, out)
	}
	if _, err := build(good, wrong); err == nil {
		t.Error("opa accepts a key that did not sign")
	}
	if out, err := build(forged, key); err == nil || !strings.Contains(out, "need.rego") {
		t.Errorf("opa accepts a changed rule: %v %s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), opa, "test", "-b", good).CombinedOutput(); err != nil {
		t.Errorf("opa test of the signed export: %v\n%s", err, out)
	}
	if d := evalPlain(t, opa, decisionQuery+".outcome", []string{"-b", good}, siti()); d.String() != "eligible" {
		t.Errorf("opa eval of the signed export: %s", d)
	}
}

// TestListedKeys holds bundles against offices on a list: their own come in under their name, those of others
// are of a stranger and not forged, and what was changed on the way is forged whoever signed it.
func TestListedKeys(t *testing.T) {
	theirs, listed := signingKey(t, "theirs", "b")
	_, own := signingKey(t, "ours", "a")
	stranger, _ := signingKey(t, "far", "c")
	listed.ID, listed.Owner = "", "Dinkes Banyuwangi"
	changed := resigned(t, Shipped().with("need.rego", []byte("package layak.eligibility\n")), Shipped(), theirs)
	for name, c := range map[string]struct {
		archive      []byte
		signer, code string
	}{
		"theirs":            {signed(t, Shipped(), theirs), "Dinkes Banyuwangi", ""},
		"of a stranger":     {signed(t, Shipped(), stranger), "", "bundle_signer_unknown"},
		"theirs, but other": {changed, "", "bundle_signature_wrong"},
	} {
		_, signer, err := ReadSignedTarGz(bytes.NewReader(c.archive), own, listed)
		if signer != c.signer || (err == nil) != (c.code == "") || err != nil && codeOf(err) != c.code {
			t.Errorf("%s: %q, %v", name, signer, err)
		}
	}
}

func TestParsePublicKey(t *testing.T) {
	_, public := signingKey(t, "ours", "a")
	messy, err := ParsePublicKey([]byte("Kunci kami:\n\n" + public.PEM + "\nSalam\n"))
	if err != nil || messy.PEM != public.PEM || messy.Fingerprint() != public.Fingerprint() || len(public.Fingerprint()) != 64 {
		t.Error("a key inside a message:", messy, err)
	}
	for name, c := range map[string]struct{ text, code string }{
		"nothing":  {"", "key_unreadable"},
		"a secret": {"-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n", "key_private"},
		"cut":      {"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2Vw\n-----END PUBLIC KEY-----\n", "key_unreadable"},
		"of EC": {"-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9\nq9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==\n-----END PUBLIC KEY-----\n",
			"key_kind"},
	} {
		if _, err := ParsePublicKey([]byte(c.text)); codeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if mark := (PublicKey{PEM: "no key"}).Fingerprint(); mark != "" {
		t.Error("a fingerprint of nothing:", mark)
	}
}
