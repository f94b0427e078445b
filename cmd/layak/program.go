package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"layak/complaints"
	"layak/complaints/numbers"
	"layak/complaints/recheck"
	"layak/complaints/register"
	"layak/complaints/reply"
	"layak/complaints/worklist"
	"layak/eligibility"
	"layak/eligibility/impact"
	"layak/eligibility/snapshot"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/mail"
	"layak/internal/storage"
	"layak/policy/workbench"
	"layak/policy/worker"
)

// Config says where a Program works. The zero value works on data/layak.db for Jember.
type Config struct {
	DB      string            // "sqlite:PATH" or "postgres://…"; "" is defaultDB
	Regency area.Code         // office that owns the records; "" is 35.09
	KeyFile string            // "" is layak.key beside the SQLite file, or in data
	Clock   eligibility.Clock // nil is the clock of the machine
	Log     *slog.Logger      // nil logs nothing
	Demo    bool              // a training database: stamped, and never one that holds real data
	Mail    *mail.Config      // how e-mail leaves; nil lets it wait
}

// The databases used when nobody names one.
const (
	defaultDB = "sqlite:data/layak.db"
	demoDB    = "sqlite:data/demo.db"
)

func (c Config) withDefaults() (Config, error) {
	if c.DB == "" {
		c.DB = defaultDB
	}
	if c.Regency == "" {
		c.Regency = "35.09"
	}
	if c.Regency.Level() != area.Regency {
		return c, fault.New(fault.Invalid, "regency_invalid",
			"Pemilik data harus kabupaten atau kota, misalnya 35.09.")
	}
	err := checkAddress(c.DB)
	if err != nil {
		return c, err
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.KeyFile == "" {
		folder := "data"
		if path, ok := strings.CutPrefix(c.DB, "sqlite:"); ok {
			folder = filepath.Dir(path)
		}
		c.KeyFile = filepath.Join(folder, "layak.key")
	}
	return c, nil
}

// checkAddress refuses an address that can be no database of ours before anything is made for it.
func checkAddress(address string) error {
	scheme, rest, _ := strings.Cut(address, ":")
	bad := func(message string) error { return fault.New(fault.Invalid, "database_address", message) }
	switch scheme {
	case "sqlite":
		if rest == "" || strings.HasPrefix(strings.TrimPrefix(rest, "file:"), ":memory:") {
			return bad("Basis data SQLite harus berupa berkas, misalnya sqlite:data/layak.db. Basis data di memori hilang saat program berhenti.")
		}
		if info, err := os.Stat(rest); err == nil && info.IsDir() {
			return bad("Alamat basis data menunjuk folder. Tulis letak berkasnya, misalnya sqlite:data/layak.db.")
		}
	case "postgres", "postgresql":
		u, err := url.Parse(address)
		if err != nil || u.Host == "" && u.Query().Get("host") == "" {
			return bad("Alamat basis data PostgreSQL tidak dapat dibaca. Bentuknya postgres://pengguna@server/nama.")
		}
		if mode := u.Query().Get("sslmode"); mode != "" && !slices.Contains(sslModes, mode) {
			return bad("Pilihan sslmode pada alamat PostgreSQL tidak dikenal. Pilih salah satu: " + strings.Join(sslModes, ", ") + ".")
		}
	default:
		return bad("Alamat basis data harus berbentuk sqlite:LETAK_BERKAS atau postgres://pengguna@server/nama.")
	}
	return nil
}

// sslModes are the ways of libpq to reach a server that the driver knows.
var sslModes = []string{"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}

// Program is everything wired together on one database. It is made once by main, and by the
// end-to-end tests in the same way. Close it when done.
type Program struct {
	Config
	Keys       *audit.Keyring
	DB         *storage.DB
	Accounts   *auth.Accounts
	Rules      *ruleBook
	Checker    *eligibility.Checker
	Complaints *complaints.Service
	Intake     *importers.Intake
	Rechecks   *recheck.Service
	Register   *register.Desk
	Worklists  *worklist.Desk
	Numbers    *numbers.Counter
	Reports    *numbers.Service
	Replies    *reply.Writer
	Outbox     *reply.Outbox
	Hours      *complaints.Hours
	Sandbox    *worker.Pool
	Workbench  *workbench.Service
	Snapshots  *snapshot.Keeper
	Impact     *impact.Service
}

// Open connects the database and wires the services. An empty database gets its tables and the
// shipped rules.
func Open(ctx context.Context, cfg Config) (*Program, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, usage(err)
	}
	keys, err := audit.LoadKey(cfg.KeyFile)
	if err != nil {
		return nil, err
	}
	db, err := storage.Open(ctx, cfg.DB, storageConfig(cfg, keys))
	if err != nil {
		return nil, err
	}
	p := &Program{Config: cfg, Keys: keys, DB: db}
	if cfg.Demo {
		err = p.stamp(ctx)
	}
	if err == nil {
		err = p.wire(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return p, nil
}

// stamp marks an empty database as training data, and refuses one that somebody worked in.
func (p *Program) stamp(ctx context.Context) error {
	stamped, err := p.DB.Stamped(ctx)
	if err != nil || stamped {
		return err
	}
	filled, err := p.DB.Filled(ctx)
	if err != nil {
		return err
	}
	if filled {
		return fault.New(fault.Conflict, "database_is_real",
			"Basis data ini sudah berisi dan bukan data latihan. --demo hanya memakai basis data kosong atau data latihan.")
	}
	return p.DB.Stamp(ctx)
}

func storageConfig(cfg Config, keys *audit.Keyring) storage.Config {
	return storage.Config{Regency: cfg.Regency, Clock: cfg.Clock, Keys: keys}
}

func (p *Program) wire(ctx context.Context) error {
	rules, err := openRules(ctx, p.DB, p.Log)
	if err != nil {
		return fmt.Errorf("load rules: %w", err)
	}
	p.Rules = rules
	rules.tell(ctx, p.Log)
	p.Accounts = &auth.Accounts{Store: p.DB, Clock: p.Clock, Keyed: p.Keys.Keyed, Home: p.Regency}
	p.Checker = &eligibility.Checker{
		Registry: p.DB, Store: p.DB, Trail: p.DB, Book: rules, Home: p.Regency, Clock: p.Clock,
	}
	p.Complaints = &complaints.Service{Store: p.DB, Checker: p.Checker, Clock: p.Clock, Router: rules, Keyed: p.Keys.KeyedAll}
	err = p.wireHours(ctx)
	if err != nil {
		return fmt.Errorf("load working time: %w", err)
	}
	p.Intake = importers.NewIntake(p.DB, p.Regency, p.Clock)
	p.wireWorkbench()
	p.wireImpact()
	p.wireRechecks()
	p.Register = p.openRegister()
	p.Worklists = p.openWorklists()
	p.wireReports()
	return p.wireReplies()
}

// Close seals what the trail still has open and gives the database back.
func (p *Program) Close() error {
	p.Sandbox.Close()
	return p.DB.Close()
}

// open is how a command gets its Program: from the flags and the environment.
func (k *call) open() (*Program, error) {
	return Open(k, k.config())
}

func (k *call) config() Config {
	return Config{DB: k.DB, Regency: area.Code(k.Regency), KeyFile: k.KeyFile, Log: k.logger()}
}

// logger writes plain lines to standard error; the level keeps one-shot commands quiet.
func (k *call) logger() *slog.Logger {
	level := slog.LevelWarn
	if os.Getenv("LAYAK_LOG") == "debug" {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(k.err, &slog.HandlerOptions{Level: level}))
}

// with opens the Program for one command and closes it again.
func (k *call) with(fn func(p *Program) error) error {
	p, err := k.open()
	if err != nil {
		return err
	}
	err = fn(p)
	return errors.Join(err, p.Close())
}
