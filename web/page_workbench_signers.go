package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// Signing is whose signature on rules is trusted; *workbench.Service keeps it.
type Signing interface {
	Signers(ctx context.Context) ([]workbench.Signer, error)
	AddSigner(ctx context.Context, n workbench.NewSigner) (workbench.Signer, error)
	RemoveSigner(ctx context.Context, fingerprint string) error
}

// signerRoutes are the addresses of keys; everybody who reads rules may see whom the office trusts.
func (s *Server) signerRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	return []Route{
		{Method: get, Path: "/rules/signers", Permission: auth.PolicyRead, Handler: s.signers},
		{Method: get, Path: "/rules/signers/own", Permission: auth.PolicyRead, Handler: s.ownKey},
		{Method: post, Path: "/rules/signers", Permission: auth.PolicyApprove, Handler: s.addSigner, MaxBody: 4 * keyBody},
		{Method: post, Path: "/rules/signers/:id/remove", Permission: auth.PolicyApprove, Handler: s.removeSigner},
	}
}

// signersPage is the key of this office and those that it trusts.
type signersPage struct {
	Base
	Own     policy.PublicKey
	Rows    []workbench.Signer
	Decides bool // may add and remove
	Name    string
	Told    string
}

func (s *Server) signersView(c echo.Context) (*signersPage, error) {
	if s.Workbench == nil || s.Bundles == nil {
		return nil, errNoPage
	}
	ctx := c.Request().Context()
	p := &signersPage{Decides: auth.From(ctx).Can(auth.PolicyApprove)}
	p.Title, p.Section = "signers.title", "rules"
	var err error
	p.Own, err = s.Bundles.Key()
	if err != nil {
		return nil, err
	}
	p.Rows, err = s.Workbench.Signers(ctx)
	return p, err
}

func (s *Server) signers(c echo.Context) error {
	p, err := s.signersView(c)
	if err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "signers", p)
}

// ownKey sends the public half of the newest key; it may be given to anybody.
func (s *Server) ownKey(c echo.Context) error {
	if s.Bundles == nil {
		return errNoPage
	}
	key, err := s.Bundles.Key()
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="kunci-layak-`+key.Fingerprint()[:8]+`.pem"`)
	return c.Blob(http.StatusOK, "application/x-pem-file", []byte(key.PEM))
}

func (s *Server) addSigner(c echo.Context) error {
	if s.Workbench == nil {
		return errNoPage
	}
	n := workbench.NewSigner{Name: c.FormValue("name"), Told: c.FormValue("told")}
	var err error
	n.Key, err = formFile(c, "key", keyBody)
	if err == nil && n.Key == nil {
		const none = "Pilih berkas kunci umum (.pem) dari pemiliknya."
		err = fault.New(fault.Invalid, "key_missing", none).At("key", none)
	}
	if err == nil {
		_, err = s.Workbench.AddSigner(c.Request().Context(), n)
	}
	if err == nil {
		s.flash(c, "signers.added")
		return s.redirect(c, "/rules/signers")
	}
	return s.signersAgain(c, err)
}

// signersAgain shows the page with what was typed; that a key is on the list stands beside it as well.
func (s *Server) signersAgain(c echo.Context, err error) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return err
	}
	p, viewErr := s.signersView(c)
	if viewErr != nil {
		return viewErr
	}
	p.Name, p.Told = c.FormValue("name"), c.FormValue("told")
	p.Problem, p.Errors = f.Message, Problems(f.Fields)
	return s.render(c, http.StatusUnprocessableEntity, "signers", p)
}

// removeSigner takes a key off the list; when somebody else just did, the list says so by itself.
func (s *Server) removeSigner(c echo.Context) error {
	if s.Workbench == nil {
		return errNoPage
	}
	err := s.Workbench.RemoveSigner(c.Request().Context(), c.Param("id"))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	s.flash(c, "signers.removed")
	return s.redirect(c, "/rules/signers")
}

// fingerprintGroups writes a fingerprint as one reads it out, four digits at a time.
func fingerprintGroups(mark string) string {
	var out strings.Builder
	for i, digit := range mark {
		if i > 0 && i%4 == 0 {
			out.WriteByte(' ')
		}
		out.WriteRune(digit)
	}
	return out.String()
}
