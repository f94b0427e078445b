package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/storage"
	"layak/web"
)

// serveCmd runs the service.
type serveCmd struct {
	Addr           string   `env:"LAYAK_ADDR" default:":8080" placeholder:"ALAMAT" help:"Alamat untuk menerima sambungan (${default})."`
	Demo           bool     `help:"Latihan: penduduk rekaan dan akun latihan di data/demo.db."`
	BaseURL        string   `name:"base-url" env:"LAYAK_BASE_URL" placeholder:"https://…" help:"Alamat yang diketik orang; menentukan pemeriksaan asal dan cookie aman."`
	TrustedProxies []string `name:"trusted-proxies" env:"LAYAK_TRUSTED_PROXIES" placeholder:"CIDR" help:"Proksi di depan yang boleh menyebut alamat pemanggil, dipisah koma."`
	TLSCert        string   `name:"tls-cert" env:"LAYAK_TLS_CERT" placeholder:"BERKAS" help:"Sertifikat TLS (PEM)."`
	TLSKey         string   `name:"tls-key" env:"LAYAK_TLS_KEY" placeholder:"BERKAS" help:"Kunci sertifikat TLS (PEM)."`
	SMTP           string   `name:"smtp" env:"LAYAK_SMTP_URL" placeholder:"smtp://…" help:"Server surel untuk jawaban kepada warga; tanpa ini surel menunggu."`
	DemoPeople     int      `name:"demo-people" hidden:"" default:"5000"`
	NoSeal         bool     `name:"no-seal" hidden:"" help:"Catatan disegel proses lain."`
	Dev            bool     `hidden:"" help:"Baca templat dari folder dan tampilkan galeri halaman."`
}

// Run serves until the process is told to stop.
func (c *serveCmd) Run(k *call) error {
	conf, err := c.serving()
	if err != nil {
		return err
	}
	cfg := k.config()
	cfg.Demo, cfg.Log = c.Demo, slog.New(slog.NewTextHandler(k.err, nil))
	cfg.Mail, err = c.mail()
	if err != nil {
		return err
	}
	if c.Demo && cfg.DB == "" {
		cfg.DB = demoDB
		err = upgradeDemo(k, cfg)
		if err != nil {
			return err
		}
	}
	p, err := Open(k, cfg)
	if err != nil {
		return err
	}
	err = c.prepare(k, p)
	if err == nil {
		err = p.Serve(k, conf, func(url string) error { return c.announce(k, p, url) })
	}
	return errors.Join(err, p.Close())
}

// upgradeDemo brings the tables of the usual training database up to this program: nobody has to
// back up people who do not exist.
func upgradeDemo(k *call, cfg Config) error {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return usage(err)
	}
	keys, err := audit.LoadKey(cfg.KeyFile)
	if err != nil {
		return err
	}
	_, _, err = storage.Migrate(k, cfg.DB, storageConfig(cfg, keys))
	return err
}

// prepare fills a training database, or makes sure that this is none.
func (c *serveCmd) prepare(k *call, p *Program) error {
	if c.Demo {
		return p.loadDemo(k, c.DemoPeople, newDemoProgress(k))
	}
	stamped, err := p.DB.Stamped(k)
	if err != nil {
		return err
	}
	if stamped {
		return fault.New(fault.Conflict, "database_is_demo",
			"Basis data ini berisi data latihan. Jalankan dengan --demo, atau pakai basis data lain untuk layanan sebenarnya.")
	}
	return nil
}

// announce tells whoever started the program where it is, and how the first person gets in.
func (c *serveCmd) announce(k *call, p *Program, url string) error {
	office, _ := area.Lookup(p.Regency)
	k.printf("Layak %s untuk %s\n  Alamat      %s\n  Basis data  %s\n", version, office.Name, url, p.DB.Engine())
	k.printf("%s", p.Rules.warning())
	if c.Demo {
		k.printf("%s", demoAccountsText())
		list, err := p.demoExamples(k)
		k.printf("%s", examplesText(list))
		return err
	}
	needed, err := p.Accounts.NeedsSetup(k)
	if err != nil || !needed {
		return err
	}
	token, err := p.Accounts.NewSetup(k)
	if err != nil {
		return err
	}
	k.printf("\nBelum ada akun. Buka tautan ini sekali untuk membuat akun administrator (berlaku 24 jam):\n  %s/setup#%s\n", url, token)
	return nil
}

// Serving is how the service is reached.
type Serving struct {
	Addr           string
	BaseURL        string
	TrustedProxies []netip.Prefix
	Certificate    *tls.Certificate // nil serves plain HTTP
	NoSeal         bool             // another process on the same database seals the trail
	Dev            bool
}

func (c *serveCmd) serving() (Serving, error) {
	s := Serving{Addr: c.Addr, BaseURL: strings.TrimRight(c.BaseURL, "/"), NoSeal: c.NoSeal, Dev: c.Dev}
	if s.BaseURL != "" && !strings.HasPrefix(s.BaseURL, "http://") && !strings.HasPrefix(s.BaseURL, "https://") {
		return s, usagef("--base-url dimulai dengan https:// atau http://, misalnya https://layak.jemberkab.go.id.")
	}
	for _, text := range c.TrustedProxies {
		prefix, err := parsePrefix(strings.TrimSpace(text))
		if err != nil {
			return s, usagef("--trusted-proxies berisi alamat seperti 10.0.0.0/8 atau 127.0.0.1, bukan %s.", text)
		}
		s.TrustedProxies = append(s.TrustedProxies, prefix)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return s, usagef("Isi --tls-cert dan --tls-key bersama-sama.")
	}
	if c.TLSCert != "" {
		pair, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey)
		if err != nil {
			return s, fault.New(fault.Invalid, "tls_certificate", "Sertifikat TLS atau kuncinya tidak dapat dibaca, atau tidak berpasangan.").Because(err)
		}
		s.Certificate = &pair
	}
	return s, nil
}

func parsePrefix(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	return netip.ParsePrefix(text)
}

// shutdownTime is how long requests that are under way may take when the service stops.
const shutdownTime = 15 * time.Second

// Serve answers requests until ctx ends, with the work of the background beside it. ready is
// called once with the address when requests are taken.
func (p *Program) Serve(ctx context.Context, s Serving, ready func(url string) error) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Addr)
	if err != nil {
		return fault.New(fault.Unavailable, "address_taken", "Alamat "+s.Addr+" tidak dapat dipakai: "+
			"mungkin program lain sudah memakainya. Pilih lain dengan --addr.").Because(err)
	}
	url := s.url(l.Addr())
	if s.Certificate != nil {
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{*s.Certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}})
	}
	handler, err := p.handler(s, url)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	p.Hours.Queue = p.DB // whoever changes working time does not wait until all cases are timed anew
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	var work sync.WaitGroup
	for _, job := range p.jobs(!s.NoSeal) {
		work.Go(func() { job(background) })
	}
	defer work.Wait()
	defer stop()

	// Not ctx: it carries whoever runs the command, and a request must carry nobody until it has
	// shown a session or a token.
	server := handler.HTTPServer(context.Background(), s.Addr)
	server.ErrorLog = slog.NewLogLogger(p.Log.Handler(), slog.LevelWarn)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	err = ready(url)
	if err != nil {
		return errors.Join(err, server.Close())
	}
	select {
	case err = <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	err = server.Shutdown(last)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}

// url is where people find the service.
func (s Serving) url(a net.Addr) string {
	if s.BaseURL != "" {
		return s.BaseURL
	}
	scheme := "http"
	if s.Certificate != nil {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && (ip == nil || ip.IsUnspecified() || ip.IsLoopback()) {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

func (p *Program) handler(s Serving, url string) (*web.Server, error) {
	base := s.BaseURL
	if base == "" && s.Certificate != nil {
		base = url
	}
	config := web.Config{
		BaseURL: base, TrustedProxies: s.TrustedProxies, Demo: p.Demo, Home: p.Regency, Version: version,
		Sessions: p.DB.SessionStore(), Clock: p.Clock, Log: p.Log, Dev: s.Dev, Ready: p.DB.Ping,
	}
	return web.New(config, p.services())
}

// jobs run beside the service until their context ends; the sealer only when this process seals.
func (p *Program) jobs(seal bool) []func(context.Context) {
	system := auth.Actor{Name: "system", Title: "Layak", Role: auth.Operator, All: true}
	jobs := []func(context.Context){
		giveBack,
		p.Rules.follow,
		p.activateDue,
		p.keepSnapshot,
		p.followRechecks,
		p.sweepCases,
		p.countNumbers,
		p.workJobs,
		func(ctx context.Context) { p.worklistWork(auth.With(ctx, system)) },
		func(ctx context.Context) { p.registerWork(auth.With(ctx, system)) },
		func(ctx context.Context) { p.Intake.Work(auth.With(ctx, system), p.Log) },
		func(ctx context.Context) {
			p.every(auth.With(ctx, system), time.Hour, "forget idempotency keys", func(ctx context.Context) error {
				_, err := p.Complaints.ForgetKeys(ctx)
				return err
			})
		},
		func(ctx context.Context) {
			p.every(ctx, time.Hour, "forget ended sessions", func(ctx context.Context) error {
				_, err := p.DB.SweepAccounts(ctx)
				return err
			})
		},
		func(ctx context.Context) {
			err := p.sweepImports(ctx)
			if err != nil && ctx.Err() == nil {
				p.Log.ErrorContext(ctx, "sweep imports", "error", err)
			}
		},
	}
	if seal {
		jobs = append(jobs, func(ctx context.Context) { p.DB.RunSealer(ctx, p.Log) })
	}
	return jobs
}

// sweepImports clears away what an import left behind whose process died, and says so. An import
// that is under way holds the lock, so this waits for its end.
func (p *Program) sweepImports(ctx context.Context) error {
	release, err := p.DB.LockImports(ctx, nil)
	if err != nil {
		return err
	}
	defer release()
	swept, err := p.DB.SweepImports(ctx)
	for _, dead := range swept {
		p.Log.WarnContext(ctx, "an import had stopped halfway; nothing of it is visible", "import", dead.ID, "started", dead.StartedAt)
	}
	return err
}

// every runs fn now and then again after each pause. A failure is logged and tried again next time.
func (p *Program) every(ctx context.Context, pause time.Duration, name string, fn func(context.Context) error) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		err := fn(ctx)
		if err != nil && ctx.Err() == nil {
			p.Log.ErrorContext(ctx, name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
