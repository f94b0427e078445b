package web

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"layak/complaints"
	"layak/internal/auth"
	"layak/internal/fault"
)

// apiRoutes is the JSON API. Who calls it is told by a Bearer token alone; openapi.json describes
// it, and a test holds the two together.
func (s *Server) apiRoutes() []Route {
	const get, post = http.MethodGet, http.MethodPost
	return []Route{
		{Method: get, Path: "/api/openapi.json", Public: true, Handler: s.apiDescription},
		{Method: post, Path: "/api/v1/checks", Permission: auth.CheckPerson, Handler: s.apiCheck, MaxBody: apiBody},
		{Method: get, Path: "/api/v1/checks/:id", Permission: auth.CheckRead, Handler: s.apiShowCheck},
		{Method: post, Path: "/api/v1/complaints", Permission: auth.ComplaintFile, Handler: s.apiFile, MaxBody: apiBody},
		{Method: get, Path: "/api/v1/complaints", Permission: auth.ComplaintRead, Handler: s.apiComplaints},
		{Method: get, Path: "/api/v1/complaints/:ticket", Permission: auth.ComplaintRead, Handler: s.apiComplaint},
		// Each event asks for a permission of its own, which package complaints knows.
		{Method: post, Path: "/api/v1/complaints/:ticket/events", Permission: auth.ComplaintRead, Handler: s.apiAct, MaxBody: apiBody},
		{Method: get, Path: "/api/v1/imports", Permission: auth.ImportRead, Handler: s.apiImports},
		{Method: get, Path: "/api/v1/imports/:id", Permission: auth.ImportRead, Handler: s.apiImport},
		{Method: get, Path: "/api/v1/policies", Permission: auth.PolicyRead, Handler: s.apiPolicies},
		{Method: get, Path: "/api/v1/policies/:revision", Permission: auth.PolicyRead, Handler: s.apiPolicy},
		{Method: get, Path: "/api/v1/areas/:code", Permission: auth.AccountOwn, Handler: s.apiArea},
	}
}

//go:embed openapi.json
var openapi []byte

func (s *Server) apiDescription(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", "public, max-age=300")
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, openapi)
}

// sendJSON answers with JSON that was whole before its first byte went out.
func sendJSON(c echo.Context, status int, body any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(body)
	if err != nil {
		return fmt.Errorf("encode answer of %s: %w", c.Path(), err)
	}
	return c.Blob(status, echo.MIMEApplicationJSON, b.Bytes())
}

// onlyQuery refuses query parameters that the route does not know: a filter that is misspelt must
// not look like one that found everything, and a person must not be looked up by an address that
// proxies write into their logs.
func onlyQuery(c echo.Context, known ...string) error {
	bad := fault.New(fault.Invalid, "parameter_unknown", "Parameter alamat ini tidak dikenal.")
	for name, values := range c.QueryParams() {
		switch {
		case !slices.Contains(known, name):
			bad = bad.At(shown(name), "Parameter “"+shown(name)+"” tidak dikenal di sini.")
		case len(values) > 1:
			bad = bad.At(name, "Parameter “"+name+"” ditulis lebih dari satu kali.")
		case !storable(values[0]):
			bad = bad.At(name, "Isian ini memuat tanda yang tidak dapat dipakai.")
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// storable tells whether PostgreSQL can keep the text, or look for it.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// ticketOf reads the ticket of the address. One that cannot be a ticket names nothing.
func ticketOf(c echo.Context) (complaints.Ticket, error) {
	t, err := complaints.ParseTicket(c.Param("ticket"))
	if err != nil {
		return "", fault.New(fault.NotFound, "complaint_unknown", "Aduan tidak ditemukan. Periksa lagi nomornya, atau mungkin aduan ini milik unit lain.")
	}
	return t, nil
}
