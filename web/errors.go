package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/internal/fault"
)

// statusOf is the one place where a kind of failure becomes an HTTP status.
var statusOf = map[fault.Kind]int{
	fault.Invalid:     http.StatusUnprocessableEntity,
	fault.NotFound:    http.StatusNotFound,
	fault.Conflict:    http.StatusConflict,
	fault.Forbidden:   http.StatusForbidden,
	fault.Unavailable: http.StatusServiceUnavailable,
	fault.Internal:    http.StatusInternalServerError,
}

// statusOfCode are the failures for which HTTP has a word of its own.
var statusOfCode = map[string]int{
	"body_too_large": http.StatusRequestEntityTooLarge,
	"body_malformed": http.StatusBadRequest,
	"content_type":   http.StatusUnsupportedMediaType,
	"throttled":      http.StatusTooManyRequests,
	"method_unknown": http.StatusMethodNotAllowed,
}

// unauthorized is a failure to say who one is, which a program mends by sending a token.
type unauthorized struct{ cause *fault.Error }

func (u unauthorized) Error() string { return u.cause.Error() }
func (u unauthorized) Unwrap() error { return u.cause }

// problem is an RFC 9457 problem document.
type problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail"`
	Code     string         `json:"code"`
	Instance string         `json:"instance,omitempty"`
	Incident string         `json:"incident,omitempty"`
	Errors   []problemField `json:"errors,omitempty"`
}

// problemField is a fault.Field under the names that the API promises.
type problemField struct {
	Field   string `json:"field"` // path of the member, lists counted from 1
	Message string `json:"message"`
}

// handleError answers every failure: as a problem document under /api, as a short notice to htmx,
// as a page otherwise. What is no fault is internal: logged whole, shown as an incident number.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed || err == nil {
		return
	}
	f := s.asFault(err)
	status := statusOf[f.Kind]
	if own, ok := statusOfCode[f.Code]; ok {
		status = own
	}
	if errors.As(err, new(unauthorized)) {
		status = http.StatusUnauthorized
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, challenge(f))
	}
	incident := ""
	if f.Kind == fault.Internal {
		incident = s.report(c, err)
	}
	busy := status == http.StatusServiceUnavailable || status == http.StatusTooManyRequests
	if h := c.Response().Header(); busy && h.Get("Retry-After") == "" {
		h.Set("Retry-After", "30")
	}
	if path := c.Request().URL.Path; strings.HasPrefix(path, "/api/") || path == "/metrics" {
		sendProblem(c, f, status, incident)
		return
	}
	s.sendErrorPage(c, f, status, incident)
}

// asFault gives the fault inside err; the failures of Echo and of the connection become one.
func (s *Server) asFault(err error) *fault.Error {
	if f := fault.As(err); f != nil {
		return f
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return errTooLarge
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.Unavailable, "too_slow", "Layanan sedang sibuk. Tunggu sebentar, lalu ulangi.").Because(err)
	}
	var he *echo.HTTPError
	if errors.As(err, &he) {
		switch he.Code {
		case http.StatusNotFound:
			return errNoPage
		case http.StatusMethodNotAllowed:
			return fault.New(fault.Invalid, "method_unknown", "Alamat ini tidak menerima permintaan seperti itu.")
		case http.StatusRequestEntityTooLarge:
			return errTooLarge
		case http.StatusBadRequest, http.StatusUnsupportedMediaType:
			return fault.New(fault.Invalid, "body_malformed", "Isi permintaan tidak dapat dibaca.").Because(err)
		}
	}
	return fault.New(fault.Internal, "internal", "Ada gangguan di sistem kami.").Because(err)
}

// report logs an internal error and gives the number under which it is found again.
func (s *Server) report(c echo.Context, err error) string {
	id := requestIDOf(c)
	s.meters.incidents.Inc()
	s.Log.ErrorContext(c.Request().Context(), "internal error", "error", err, "route", c.Path(), "id", id)
	if len(id) < 8 {
		return id
	}
	return strings.ToUpper(id[len(id)-8:])
}

func sendProblem(c echo.Context, f *fault.Error, status int, incident string) {
	p := problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: f.Message,
		Code: f.Code, Incident: incident}
	for _, field := range f.Fields {
		p.Errors = append(p.Errors, problemField{field.Name, field.Message})
	}
	if id := requestIDOf(c); id != "" {
		p.Instance = "urn:uuid:" + id
	}
	body, err := json.Marshal(p)
	if err != nil {
		body = []byte(`{"type":"about:blank","status":500}`)
	}
	_ = c.Blob(status, "application/problem+json", body)
}

// errorPage is what a person sees when something did not work.
type errorPage struct {
	Base
	Status   int
	Kind     string // "missing", "forbidden", "conflict", "busy", "invalid", "internal": chooses words and picture
	Message  string
	Incident string
}

var errorKinds = map[int]string{
	http.StatusNotFound: "missing", http.StatusForbidden: "forbidden", http.StatusUnauthorized: "forbidden",
	http.StatusConflict: "conflict", http.StatusServiceUnavailable: "busy", http.StatusTooManyRequests: "busy",
	http.StatusInternalServerError: "internal",
}

func (s *Server) sendErrorPage(c echo.Context, f *fault.Error, status int, incident string) {
	kind, ok := errorKinds[status]
	if !ok {
		kind = "invalid"
	}
	page := &errorPage{Status: status, Kind: kind, Message: f.Message, Incident: incident}
	page.Title = "error." + kind + ".title"
	var err error
	if c.Request().Header.Get("HX-Request") != "" {
		h := c.Response().Header()
		h.Set("HX-Retarget", "#notice")
		h.Set("HX-Reswap", "innerHTML")
		err = s.renderPart(c, status, "error", "notice", page)
	} else {
		err = s.render(c, status, "error", page)
	}
	if err != nil && !c.Response().Committed {
		s.Log.ErrorContext(c.Request().Context(), "render error page", "error", err, "id", requestIDOf(c))
		_ = c.String(http.StatusInternalServerError, "Ada gangguan di sistem kami. Nomor kejadian: "+incident+"\n")
	}
}
