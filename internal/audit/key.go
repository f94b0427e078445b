package audit

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"layak/internal/fault"
)

// Keyring holds the installation's secret keys, the newest first. The newest hashes persons and
// signs blocks; the older ones still recognise what they once hashed and signed. Its zero value
// is of no use; LoadKey or NewKeyring makes one.
type Keyring struct {
	keys []key
}

// key is one master secret and what is derived from it; the master itself signs nothing.
type key struct {
	id     string // first 8 hex digits of the hash of the public half
	master []byte
	person []byte
	sign   ed25519.PrivateKey
}

const keyHeader = `# Kunci Layak. Jaga kerahasiaannya: jangan masukkan ke cadangan basis data, simpan salinannya terpisah.
# Layak keys, oldest first. Every server of one installation needs the same file.
`

// LoadKey reads the key file; when there is none it makes one that only its owner can read.
// Several processes may start at once: the first file wins and the others read it.
func LoadKey(path string) (*Keyring, error) {
	k, err := readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, err
	}
	fresh, err := newKey(rand.Text)
	if err != nil {
		return nil, err
	}
	if err := createKey(path, fresh); err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return readKey(path)
}

// RotateKey adds a new key to the file; from the next start on it is the one that hashes and
// signs. The old ones stay, because the trail's past needs them.
func RotateKey(path string) (*Keyring, error) {
	old, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	fresh, err := newKey(rand.Text)
	if err != nil {
		return nil, err
	}
	whole := append(bytes.TrimRight(old, "\n"), '\n')
	whole = append(whole, fresh.line(time.Now())...)
	tmp := path + ".new"
	if err := writeSynced(tmp, whole); err != nil {
		return nil, fmt.Errorf("key file %s: %w", tmp, err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	return readKey(path)
}

// NewKeyring derives a ring from master secrets of at least 32 bytes, the newest first, for tests
// and for installations that keep secrets elsewhere.
func NewKeyring(masters ...[]byte) (*Keyring, error) {
	if len(masters) == 0 {
		return nil, errors.New("keyring: no key")
	}
	ring := &Keyring{}
	for _, m := range masters {
		k, err := derive(m)
		if err != nil {
			return nil, err
		}
		ring.keys = append(ring.keys, k)
	}
	return ring, nil
}

// Forgotten is a ring with a random key that is kept nowhere: for tests and trial runs.
func Forgotten() *Keyring {
	k, err := newKey(rand.Text)
	if err != nil {
		panic(err) // only a key that is too short fails, and this one is not
	}
	return &Keyring{keys: []key{k}}
}

// ID names the key in use.
func (k *Keyring) ID() string { return k.keys[0].id }

// Person is the keyed hash under which a NIK stands in the trail: key id, colon, HMAC-SHA256.
// Without the key nobody can try all NIKs against it.
func (k *Keyring) Person(nik string) string { return k.keys[0].hash("person", nik) }

// Persons gives the hash under every key, to find what was recorded before a rotation.
func (k *Keyring) Persons(nik string) []string {
	out := make([]string, len(k.keys))
	for i := range k.keys {
		out[i] = k.keys[i].hash("person", nik)
	}
	return out
}

// Keyed is the keyed hash of a value in a domain of its own ("address"), for what must be
// compared but not read.
func (k *Keyring) Keyed(domain, value string) string { return k.keys[0].hash(domain, value) }

// KeyedAll gives the hash of a value under every key, the newest first, to find what was hashed
// before a rotation.
func (k *Keyring) KeyedAll(domain, value string) []string {
	out := make([]string, len(k.keys))
	for i := range k.keys {
		out[i] = k.keys[i].hash(domain, value)
	}
	return out
}

func (k *Keyring) find(id string) (key, bool) {
	for _, one := range k.keys {
		if one.id == id {
			return one, true
		}
	}
	return key{}, false
}

func (k key) hash(domain, value string) string {
	mac := hmac.New(sha256.New, k.person)
	mac.Write([]byte(domain))
	mac.Write([]byte{0})
	mac.Write([]byte(value))
	return k.id + ":" + hex.EncodeToString(mac.Sum(nil))
}

func (k key) line(at time.Time) string {
	return fmt.Sprintf("key %s %s %s\n", k.id, at.UTC().Format(time.RFC3339), base64.StdEncoding.EncodeToString(k.master))
}

// newKey makes a key from 260 random bits or more.
func newKey(text func() string) (key, error) {
	sum := sha256.Sum256([]byte(text() + text()))
	return derive(sum[:])
}

func derive(master []byte) (key, error) {
	if len(master) < 32 {
		return key{}, fmt.Errorf("key of %d bytes: at least 32 are needed", len(master))
	}
	person, err := hkdf.Key(sha256.New, master, nil, "layak person hash 1", 32)
	if err != nil {
		return key{}, fmt.Errorf("person key: %w", err)
	}
	seed, err := hkdf.Key(sha256.New, master, nil, "layak block signature 1", ed25519.SeedSize)
	if err != nil {
		return key{}, fmt.Errorf("signing key: %w", err)
	}
	sign := ed25519.NewKeyFromSeed(seed)
	sum := sha256.Sum256(sign.Public().(ed25519.PublicKey))
	return key{id: hex.EncodeToString(sum[:4]), master: bytes.Clone(master), person: person, sign: sign}, nil
}

func readKey(path string) (*Keyring, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o007 != 0 {
		return nil, fault.New(fault.Invalid, "key_file_open",
			"Berkas kunci dapat dibaca semua orang di server ini. Jalankan: chmod 600 "+path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	ring, err := parseKeys(data)
	if err != nil {
		return nil, fault.New(fault.Invalid, "key_file_broken",
			"Berkas kunci "+path+" rusak atau terpotong. Kembalikan dari salinan yang disimpan terpisah.").Because(err)
	}
	return ring, nil
}

func parseKeys(data []byte) (*Keyring, error) {
	ring := &Keyring{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		part := strings.Fields(line)
		if len(part) != 4 || part[0] != "key" {
			return nil, fmt.Errorf("line %d: not a key", n)
		}
		master, err := base64.StdEncoding.DecodeString(part[3])
		if err != nil {
			return nil, fmt.Errorf("line %d: not base64", n)
		}
		k, err := derive(master)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if k.id != part[1] {
			return nil, fmt.Errorf("line %d: key and its id %s do not belong together", n, part[1])
		}
		ring.keys = append([]key{k}, ring.keys...)
	}
	if len(ring.keys) == 0 {
		return nil, errors.New("no key in it")
	}
	return ring, lines.Err()
}

// createKey writes the whole file under another name and then links it, so that nobody ever reads
// half a key and the loser of a race finds the winner's.
func createKey(path string, k key) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp := fmt.Sprintf("%s.%d.%s", path, os.Getpid(), rand.Text()[:8])
	defer os.Remove(tmp)
	if err := writeSynced(tmp, []byte(keyHeader+k.line(time.Now()))); err != nil {
		return err
	}
	err := os.Link(tmp, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	// Some file systems know no hard links; there the rename has to do.
	return os.Rename(tmp, path)
}

func writeSynced(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// Signer is a key pair that signs in one domain outside the trail.
type Signer struct {
	ID      string // of the key it is derived from
	Private ed25519.PrivateKey
}

// Signers gives the key pairs of a domain ("policy bundle"), the newest first: that one signs, the
// older ones still recognise what they once signed. They are derived, so that the key file is all an
// installation has to keep.
func (k *Keyring) Signers(domain string) ([]Signer, error) {
	out := make([]Signer, len(k.keys))
	for i, one := range k.keys {
		seed, err := hkdf.Key(sha256.New, one.master, nil, "layak signature 1 "+domain, ed25519.SeedSize)
		if err != nil {
			return nil, fmt.Errorf("signing key of %s: %w", domain, err)
		}
		out[i] = Signer{one.id, ed25519.NewKeyFromSeed(seed)}
	}
	return out, nil
}
