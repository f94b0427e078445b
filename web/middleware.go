package web

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"layak/internal/auth"
)

// contentPolicy allows our own files and nothing else: no inline script or style, no other site,
// no framing. Pictures may also be data made by the page itself (a photo before it is sent).
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

func (s *Server) secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		if s.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

const requestIDKey = "request_id"

// requestID gives every request an id of our own; one that a caller sends is not trusted into logs.
func (s *Server) requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("make request id: %w", err)
		}
		c.Set(requestIDKey, id.String())
		c.Response().Header().Set(echo.HeaderXRequestID, id.String())
		return next(c)
	}
}

// meters are the counters of the web half. Labels name routes, never paths or people.
type meters struct {
	requests  *prometheus.CounterVec
	seconds   *prometheus.HistogramVec
	incidents prometheus.Counter
}

func newMeters(r *prometheus.Registry) meters {
	m := meters{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "layak_http_requests_total", Help: "Requests answered, by route pattern and status."},
			[]string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "layak_http_request_seconds", Help: "Time to answer, by route pattern.",
			Buckets: []float64{.005, .02, .05, .1, .3, 1, 3, 10}}, []string{"route"}),
		incidents: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "layak_http_incidents_total", Help: "Internal errors that a person saw as an incident number."}),
	}
	r.MustRegister(m.requests, m.seconds, m.incidents)
	return m
}

// observe counts and logs each request. The log names the route pattern, so that neither ids nor
// queries reach it, and no account.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err)
		}
		route := c.Path()
		if route == "" || route == "/*" {
			route = "none"
		}
		took := time.Since(start)
		status := c.Response().Status
		s.meters.requests.WithLabelValues(method(c.Request().Method), route, strconv.Itoa(status)).Inc()
		s.meters.seconds.WithLabelValues(route).Observe(took.Seconds())
		s.Log.LogAttrs(c.Request().Context(), slog.LevelInfo, "request",
			slog.String("method", method(c.Request().Method)), slog.String("route", route), slog.Int("status", status),
			slog.Int64("bytes", c.Response().Size), slog.Duration("took", took.Round(time.Microsecond)),
			slog.String("id", requestIDOf(c)))
		return nil
	}
}

// method keeps made-up methods out of labels and logs.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

func requestIDOf(c echo.Context) string {
	id, _ := c.Get(requestIDKey).(string)
	return id
}

// recover turns a panic into an internal error. The stack is logged without the panic's value,
// which may quote a form field.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if r := recover(); r != nil {
				if r == http.ErrAbortHandler { //nolint:errorlint // the sentinel is compared by net/http itself
					panic(r)
				}
				err = fmt.Errorf("panic of type %T:\n%s", r, debug.Stack())
			}
		}()
		return next(c)
	}
}

// compress shrinks pages on the way out; static files are stored compressed. Answers to programs are
// shrunk only when they are long: a line between servers carries one case sooner than it is packed.
func (s *Server) compress() echo.MiddlewareFunc {
	forProgram := func(c echo.Context) bool { return strings.HasPrefix(c.Request().URL.Path, "/api/") }
	pages := middleware.GzipWithConfig(middleware.GzipConfig{
		Level: 5, MinLength: 1024,
		Skipper: func(c echo.Context) bool {
			p := c.Request().URL.Path
			return forProgram(c) || strings.HasPrefix(p, "/static/") || strings.HasSuffix(p, ".png") || p == "/metrics"
		},
	})
	answers := middleware.GzipWithConfig(middleware.GzipConfig{
		Level: 1, MinLength: 32 << 10, Skipper: func(c echo.Context) bool { return !forProgram(c) },
	})
	return func(next echo.HandlerFunc) echo.HandlerFunc { return pages(answers(next)) }
}

func (s *Server) health(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// ready tells a balancer whether to send people here.
func (s *Server) ready(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
	defer cancel()
	err := s.Ready(ctx)
	if err != nil {
		s.Log.WarnContext(ctx, "not ready", "error", err)
		return c.String(http.StatusServiceUnavailable, "not ready\n")
	}
	return c.String(http.StatusOK, s.readyText()+s.jobNote(ctx))
}

// metrics answers a caller on the machine itself, and elsewhere a Bearer token that may read
// the trail: what goes on in the offices is nobody else's business.
func (s *Server) metrics(c echo.Context) error {
	if !onThisMachine(c.Request()) {
		err := s.guardAPI(c, Route{Permission: auth.AuditRead, Handler: func(echo.Context) error { return nil }})
		if err != nil {
			return err
		}
	}
	promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{DisableCompression: true}).ServeHTTP(c.Response(), c.Request())
	return nil
}

// onThisMachine tells whether the caller itself runs here. What a proxy beside the program passes on
// comes from here as well, but says so.
func onThisMachine(r *http.Request) bool {
	for _, passed := range []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via"} {
		if len(r.Header.Values(passed)) > 0 {
			return false
		}
	}
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && from.Addr().Unmap().IsLoopback()
}
