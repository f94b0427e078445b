package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/labstack/echo/v4"

	"layak/internal/fault"
)

var errRef = fault.New(fault.NotFound, "ref_unknown", "Pilihan ini sudah tidak berlaku. Muat ulang halaman, lalu pilih lagi.")

// sealRef turns a NIK into a reference that only this session can use, so that lists offer a
// person without carrying the number.
func (s *Server) sealRef(c echo.Context, nik string) string {
	gcm, err := s.refCipher(c)
	if err != nil {
		return ""
	}
	nonce := make([]byte, gcm.NonceSize())
	_, _ = rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(gcm.Seal(nonce, nonce, []byte(nik), nil))
}

// openRef gives the NIK back.
func (s *Server) openRef(c echo.Context, ref string) (string, error) {
	gcm, err := s.refCipher(c)
	if err != nil {
		return "", err
	}
	raw, err := base64.RawURLEncoding.DecodeString(ref)
	if err != nil || len(raw) < gcm.NonceSize() {
		return "", errRef
	}
	nik, err := gcm.Open(nil, raw[:gcm.NonceSize()], raw[gcm.NonceSize():], nil)
	if err != nil {
		return "", errRef.Because(err)
	}
	return string(nik), nil
}

// refCipher is keyed by the secret of the session.
func (s *Server) refCipher(c echo.Context) (cipher.AEAD, error) {
	key := sha256.Sum256([]byte("ref\x00" + s.formSecret(c)))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
