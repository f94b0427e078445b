package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"layak/internal/fault"
)

// Cost of a password hash: argon2id with 19 MiB, two passes, one lane (what OWASP asks for), some 30 ms on a small
// server. At most hashesAtOnce run together, so that a flood of sign-ins takes 38 MiB and no more;
// behind them hashesWaiting may queue, the rest is told to try again.
const (
	argonMemory   = 19 << 10 // KiB
	argonPasses   = 2
	argonLanes    = 1
	saltBytes     = 16
	hashBytes     = 32
	hashesAtOnce  = 2
	hashesWaiting = 30
)

const (
	minPassword = 12  // runes
	maxPassword = 256 // bytes: more is no password but an attempt to keep the server busy
	minDistinct = 5   // different characters
)

// common are passwords of twelve characters or more that are tried first.
var common = []string{
	"password1234", "password12345", "password123456", "passwordpassword", "passw0rd1234",
	"katasandi123", "katasandi1234", "rahasia12345", "rahasia123456", "indonesia123", "indonesia1234", "indonesia2026",
	"administrator", "administrator1", "administrator123", "admin1234567", "admin12345678", "adminadmin123",
	"qwertyuiop12", "qwertyuiop123", "qwertyuiopasdf", "qwerty123456", "abcdefghijkl", "abc123456789", "1q2w3e4r5t6y",
	"bismillah123", "bismillah1234", "sayangkamu123", "iloveyou1234", "puskesmas123", "kelurahan123", "kecamatan123",
}

// CheckPassword is nil when the password is good enough: at least 12 characters (a phrase of
// several words is best), not the person's own name, not one that everybody tries.
func CheckPassword(password, user, name string) error {
	bad := func(why string) error {
		return fault.New(fault.Invalid, "password_weak", why).At("password", why)
	}
	p := norm.NFC.String(password)
	switch {
	case utf8.RuneCountInString(p) < minPassword:
		return bad("Kata sandi paling pendek 12 huruf. Kalimat pendek yang mudah Anda ingat paling baik.")
	case len(p) > maxPassword:
		return bad("Kata sandi terlalu panjang. Pakai paling banyak 256 huruf.")
	}
	distinct := map[rune]bool{}
	for _, r := range p {
		distinct[r] = true
	}
	if len(distinct) < minDistinct {
		return bad("Kata sandi itu hanya mengulang beberapa huruf. Pakai kalimat pendek yang tidak mudah ditebak.")
	}
	lower := strings.ToLower(p)
	rest := lower
	if user != "" {
		rest = strings.ReplaceAll(lower, strings.ToLower(user), "")
	}
	switch {
	case utf8.RuneCountInString(rest) < minPassword/2 || letters(lower) != "" && letters(lower) == letters(name):
		return bad("Kata sandi jangan hanya nama Anda. Pakai kalimat lain.")
	case strings.Trim(lower, "0123456789 .-/") == "":
		return bad("Kata sandi jangan hanya angka; NIK, NIP, dan tanggal mudah ditebak. Tambahkan kata-kata.")
	case slices.Contains(common, lower):
		return bad("Kata sandi itu termasuk yang paling sering ditebak. Pakai kalimat pendek lain.")
	}
	return nil
}

// letters keeps the letters alone, in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// hash makes the text that is stored for a password.
func (a *Accounts) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails since Go 1.24
	sum, err := a.argon(ctx, password, salt, a.cost(), hashBytes)
	if err != nil {
		return "", err
	}
	return encodeHash(a.cost(), salt, sum), nil
}

// verify tells whether the password belongs to the stored text, and whether that text was made
// at another cost than today's. An empty text belongs to no password but takes the same time.
func (a *Accounts) verify(ctx context.Context, password, stored string) (ok, outdated bool, err error) {
	c, salt, want, err := decodeHash(stored)
	if stored == "" {
		c, salt, want, err = a.cost(), make([]byte, saltBytes), make([]byte, hashBytes), nil
	}
	if err != nil {
		return false, false, err
	}
	got, err := a.argon(ctx, password, salt, c, len(want))
	if err != nil {
		return false, false, err
	}
	same := subtle.ConstantTimeCompare(got, want) == 1 && stored != ""
	return same, c != a.cost(), nil
}

// cost are the parameters of argon2id.
type cost struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
}

func (a *Accounts) cost() cost {
	if a.cheap {
		return cost{memory: 64, passes: 1, lanes: 1}
	}
	return cost{memory: argonMemory, passes: argonPasses, lanes: argonLanes}
}

// argon runs the hash when its turn comes.
func (a *Accounts) argon(ctx context.Context, password string, salt []byte, c cost, size int) ([]byte, error) {
	a.gates.Do(func() {
		a.running = make(chan struct{}, hashesAtOnce)
		a.queue = make(chan struct{}, hashesAtOnce+hashesWaiting)
	})
	select {
	case a.queue <- struct{}{}:
		defer func() { <-a.queue }()
	default:
		return nil, fault.New(fault.Unavailable, "sign_in_busy",
			"Sangat banyak yang sedang masuk. Tunggu beberapa detik, lalu coba lagi.")
	}
	select {
	case a.running <- struct{}{}:
		defer func() { <-a.running }()
	case <-ctx.Done():
		return nil, fmt.Errorf("password hash: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.passes, c.memory, c.lanes, uint32(size)), nil
}

func encodeHash(c cost, salt, sum []byte) string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.lanes, b64(salt), b64(sum))
}

// decodeHash reads a stored text. Its bounds keep a tampered row from asking for all the memory.
func decodeHash(s string) (c cost, salt, sum []byte, err error) {
	part := strings.Split(s, "$")
	if len(part) != 6 || part[1] != "argon2id" || part[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, fmt.Errorf("password hash: unknown form")
	}
	_, err = fmt.Sscanf(part[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.lanes)
	if err == nil {
		salt, err = base64.RawStdEncoding.DecodeString(part[4])
	}
	if err == nil {
		sum, err = base64.RawStdEncoding.DecodeString(part[5])
	}
	if err != nil {
		return c, nil, nil, fmt.Errorf("password hash: %w", err)
	}
	if c.memory > 256<<10 || c.passes == 0 || c.passes > 16 || c.lanes == 0 || len(salt) < 8 || len(sum) < 16 || len(sum) > 64 {
		return c, nil, nil, fmt.Errorf("password hash: parameters out of bounds")
	}
	return c, salt, sum, nil
}
