package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"layak/internal/i18n"
)

// Server answers every request of the program. It holds no state that another process would need:
// sessions and everything else live in the stores behind the services.
type Server struct {
	Config
	Services

	echo      *echo.Echo
	sessions  *scs.SessionManager
	origin    *http.CrossOriginProtection
	words     *i18n.Catalog
	pages     *renderer
	assets    *assetSet
	meters    meters
	paths     map[string]bool // of the GET routes, for the navigation
	runs      testRuns
	bases     bundleMemo
	lawbook   lawbook
	notices   ruleNotices
	standings standings

	ruleTexts ruleTexts
	badTokens limiter
}

// New makes a server; it fails when a template, a catalog or a static file is not as declared.
func New(config Config, services Services) (*Server, error) {
	s := &Server{Config: config.withDefaults(), Services: services, origin: http.NewCrossOriginProtection()}
	var err error
	s.words, err = i18n.Load()
	if err != nil {
		return nil, err
	}
	s.assets, err = loadAssets()
	if err != nil {
		return nil, err
	}
	s.pages, err = newRenderer(s)
	if err != nil {
		return nil, err
	}
	if s.BaseURL != "" {
		err = s.origin.AddTrustedOrigin(s.BaseURL)
		if err != nil {
			return nil, fmt.Errorf("base URL %s: %w", s.BaseURL, err)
		}
	}
	s.meters = newMeters(s.Metrics)
	s.meterLoad()
	s.meterRules()
	s.meterJobs()
	s.sessions = newSessions(s.Config)
	s.echo = s.newEcho()
	return s, nil
}

// newEcho puts the parts together. Middleware order: request id, recover, measure and log,
// security headers, compression; then per route: size limit, deadline, who is it, may they, is the
// write their own.
func (s *Server) newEcho() *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.HTTPErrorHandler = s.handleError
	e.IPExtractor = s.clientAddress()
	e.Use(s.requestID, s.observe, s.recover, s.secureHeaders, s.compress())
	if s.Dev {
		e.Use(stillGallery)
	}
	s.paths = map[string]bool{}
	for _, r := range s.routes() {
		if r.Method == http.MethodGet {
			s.paths[r.Path] = true
		}
		e.Add(r.Method, r.Path, s.guard(r))
	}
	e.RouteNotFound("/api/*", func(echo.Context) error { return errNoPage })
	e.RouteNotFound("/*", func(c echo.Context) error {
		err := s.loadSession(c) // so that the page keeps its frame
		if err != nil {
			return err
		}
		return errNoPage
	})
	return e
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// HTTPServer wraps the server with the time limits of a service on the open net. Large uploads on
// weak lines need minutes, so only the header has a short limit; each route has its own deadline.
func (s *Server) HTTPServer(ctx context.Context, addr string) *http.Server {
	return &http.Server{
		Addr:              addr,
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       10 * time.Minute,
		WriteTimeout:      10 * time.Minute,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
}

// clientAddress reads the caller's address from the connection, or from X-Forwarded-For when the
// connection comes from a trusted proxy.
func (s *Server) clientAddress() echo.IPExtractor {
	if len(s.TrustedProxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range s.TrustedProxies {
		_, ipnet, err := net.ParseCIDR(p.Masked().String())
		if err == nil {
			trust = append(trust, echo.TrustIPRange(ipnet))
		}
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}
