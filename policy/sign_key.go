package policy

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"

	"layak/internal/fault"
)

// ParsePublicKey reads the public half of a signing key, one PKIX "PUBLIC KEY" block as `layak policy key`
// prints it, and gives it back in one spelling, so that the same key has the same text. fault.Invalid with
// code key_unreadable, key_private or key_kind, each at the field "key".
func ParsePublicKey(data []byte) (PublicKey, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return PublicKey{}, badKey("key_unreadable", "Berkas ini bukan kunci umum. Minta berkas .pem dari pembuat aturannya.")
	}
	if block.Type != "PUBLIC KEY" {
		// A private key that was sent by mistake must be changed, not merely left out here.
		if block.Type == "PRIVATE KEY" || block.Type == "OPENSSH PRIVATE KEY" || block.Type == "EC PRIVATE KEY" {
			return PublicKey{}, badKey("key_private", "Berkas ini memuat kunci rahasia. Jangan disebarkan: beri tahu pengirimnya agar menggantinya, lalu minta kunci umumnya.")
		}
		return PublicKey{}, badKey("key_unreadable", "Berkas ini bukan kunci umum. Minta berkas .pem dari pembuat aturannya.")
	}
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return PublicKey{}, badKey("key_unreadable", "Kunci umum ini rusak atau terpotong. Minta berkas .pem yang utuh.")
	}
	if _, is := parsed.(ed25519.PublicKey); !is {
		return PublicKey{}, badKey("key_kind", "Jenis kunci ini tidak dipakai untuk bundel aturan. Minta kunci umum Ed25519, yang diunduh dari halaman Kunci bundel di Layak pembuatnya.")
	}
	return PublicKey{PEM: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: block.Bytes}))}, nil
}

func badKey(code, message string) error {
	return fault.New(fault.Invalid, code, message).At("key", message)
}

// Fingerprint is the SHA-256 of the key in 64 hexadecimal digits, the same that
// `openssl pkey -pubin -outform DER | sha256sum` prints; "" when PEM holds no key. Two people compare it by
// telephone before they trust the key.
func (k PublicKey) Fingerprint() string {
	block, _ := pem.Decode([]byte(k.PEM))
	if block == nil {
		return ""
	}
	sum := sha256.Sum256(block.Bytes)
	return hex.EncodeToString(sum[:])
}
