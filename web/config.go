package web

import (
	"context"
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/prometheus/client_golang/prometheus"

	"layak/eligibility"
	"layak/internal/area"
)

// Config is what a Server needs besides the services. The zero value of every field is usable in
// tests except Home and Sessions.
type Config struct {
	// BaseURL is the address people type, "https://layak.example.go.id". When it is https, cookies
	// are Secure and browsers are told to stay with https. It is printed on papers (QR).
	BaseURL string
	// TrustedProxies may set X-Forwarded-For; empty trusts nobody.
	TrustedProxies []netip.Prefix
	Demo           bool      // striped training banner on every page
	Home           area.Code // regency of the installation
	Programme      string    // name of the cover that is checked; "UHC Prioritas" when empty
	Version        string    // of the program, for the about page
	Sessions       scs.CtxStore
	Idle           time.Duration // a session ends after so long without a request; 60 minutes when zero
	Absolute       time.Duration // a session ends so long after sign-in; 8 hours when zero
	Clock          eligibility.Clock
	Zone           *time.Location
	Log            *slog.Logger
	Metrics        *prometheus.Registry // own counters are added; a new registry when nil
	Dev            bool                 // the gallery of page states is served, templates are read per request from disk
	// Ready tells whether the program can work (database reachable, rules loaded).
	Ready func(ctx context.Context) error
}

func (c Config) withDefaults() Config {
	if c.Programme == "" {
		c.Programme = "UHC Prioritas"
	}
	if c.Idle == 0 {
		c.Idle = time.Hour
	}
	if c.Absolute == 0 {
		c.Absolute = 8 * time.Hour
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Zone == nil {
		c.Zone = eligibility.WIB
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Metrics == nil {
		c.Metrics = prometheus.NewRegistry()
	}
	if c.Ready == nil {
		c.Ready = func(context.Context) error { return nil }
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	return c
}

// secure tells whether people reach the program by https.
func (c Config) secure() bool { return strings.HasPrefix(c.BaseURL, "https://") }

// officeName is the name of the home regency as screens write it.
func (c Config) officeName() string {
	if a, ok := area.Lookup(c.Home); ok && a.Name != "" {
		return a.Name
	}
	return string(c.Home)
}
