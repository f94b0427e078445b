package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// Bundles carries rules and proofs from one office to another. Package main keeps it, which alone knows
// the keys of the installation.
type Bundles interface {
	// Open reads an archive of rules and tells whose key signed it: one of this installation, of an office
	// on the list of signers, or key, a public key as PEM, when it is not empty. fault.Invalid otherwise.
	Open(ctx context.Context, r io.Reader, key []byte) (b policy.Bundle, signer string, err error)
	// Key is the public half of the key that Sign uses.
	Key() (policy.PublicKey, error)
	// Export writes a stored revision as an OPA bundle with the signature of this installation; that goes
	// into the trail.
	Export(ctx context.Context, w io.Writer, r policy.Revision) error
	// Prove writes the proof of a stored check; that and the purpose go into the trail.
	Prove(ctx context.Context, w io.Writer, id, purpose string) error
}

// bundleRoutes are the addresses of files that leave the office.
func (s *Server) bundleRoutes() []Route {
	return []Route{
		{Method: http.MethodGet, Path: "/rules/revisions/:revision/bundle", Permission: auth.PolicyTry, Handler: s.exportRules},
		// A proof holds the whole NIK and all facts: who may not see them does not get it either.
		{Method: http.MethodPost, Path: "/checks/:id/proof", Permission: auth.PersonUnmask, Handler: s.proof},
	}
}

// exportRules sends one revision as a signed bundle that plain opa reads.
func (s *Server) exportRules(c echo.Context) error {
	if s.Bundles == nil || s.Policies == nil {
		return errNoPage
	}
	rev, err := s.revisionNamed(c.Request().Context(), c.Param("revision"))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	err = s.Bundles.Export(c.Request().Context(), &out, rev)
	if err != nil {
		return err
	}
	return sendArchive(c, fmt.Sprintf("aturan-versi-%d", rev.Number), out.Bytes())
}

// proof sends what a second machine needs to come to the same answer.
func (s *Server) proof(c echo.Context) error {
	if s.Bundles == nil || s.Checks == nil {
		return errNoPage
	}
	var out bytes.Buffer
	err := s.Bundles.Prove(c.Request().Context(), &out, c.Param("id"), c.FormValue("purpose"))
	if err == nil {
		return sendArchive(c, "bukti-"+c.Param("id"), out.Bytes())
	}
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	p, viewErr := s.resultView(c)
	if viewErr != nil {
		return viewErr
	}
	p.Purpose = c.FormValue("purpose")
	return s.again(c, err, "result", p)
}

// sendArchive sends a file that is saved rather than shown.
func sendArchive(c echo.Context, name string, data []byte) error {
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`.tar.gz"`)
	return c.Blob(http.StatusOK, "application/gzip", data)
}

// keyBody bounds a public key.
const keyBody = 4 << 10

// readBundleFile reads the archive that was uploaded, with the public key of its maker when that came too.
func (s *Server) readBundleFile(c echo.Context) (from workbench.Source, err error) {
	if s.Bundles == nil {
		return from, errNoPage
	}
	archive, err := formFile(c, "file", bundleBody)
	if err != nil {
		return from, err
	}
	if archive == nil {
		const none = "Pilih berkas bundel aturan (.tar.gz)."
		return from, fault.New(fault.Invalid, "file_missing", none).At("file", none)
	}
	key, err := formFile(c, "key", keyBody)
	if err != nil {
		return from, err
	}
	if key != nil {
		_, err = policy.ParsePublicKey(key)
		if err != nil {
			return from, err
		}
	}
	b, signer, err := s.Bundles.Open(c.Request().Context(), bytes.NewReader(archive), key)
	if f := fault.As(err); f != nil {
		return from, onPage(f)
	}
	return workbench.Source{Bundle: &b, Signer: signer}, err
}

// onPage says of a bundle that was refused what helps on this page, where there is a field for the key.
func onPage(f *fault.Error) error {
	message := f.Message
	switch f.Code {
	case "bundle_unsigned":
		message = "Bundel ini tidak bertanda tangan, jadi asalnya tidak dapat dipastikan. Minta bundel yang diunduh dari Riwayat aturan di Layak pembuatnya."
	case "bundle_signer_unknown":
		message = "Bundel ini ditandatangani dengan kunci yang tidak dikenal di sini. Minta kunci umum pembuatnya (berkas .pem), lalu kirim bersama bundelnya, atau minta penyetuju menambahkannya di Kunci bundel."
	}
	return fault.New(f.Kind, f.Code, message).At("file", message).Because(f)
}

// formFile reads a file of a form; nil when none was chosen.
func formFile(c echo.Context, name string, most int64) ([]byte, error) {
	header, err := c.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most))
}
