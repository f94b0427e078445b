package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"layak/internal/audit"
	"layak/internal/fault"
	"layak/internal/storage"
)

// A backup of SQLite is a SQLite file, made while others read and write. A backup of PostgreSQL is
// what pg_dump makes; its tools must be installed. Neither holds the keys.

var (
	errBackupExists = fault.New(fault.Conflict, "backup_exists", "Berkas cadangan itu sudah ada. Pakai nama lain, supaya cadangan lama tidak tertimpa.")
	errBackupKind   = fault.New(fault.Invalid, "backup_kind", "Berkas itu bukan cadangan Layak untuk jenis basis data ini, atau terpotong.")
	errNotEmpty     = fault.New(fault.Conflict, "database_not_empty", "Basis data tujuan sudah berisi. Pulihkan ke basis data yang baru, lalu arahkan --db ke sana.")
	errNoTools      = fault.New(fault.Unavailable, "postgres_tools_missing", "Perlu pg_dump dan pg_restore. Pasang dulu, di Debian: apt-get install postgresql-client.")
)

// Backup writes the whole database to a new file.
func (p *Program) Backup(ctx context.Context, path string) error {
	_, err := os.Lstat(path)
	if err == nil {
		return errBackupExists
	}
	err = p.recordSystem(ctx, "backup.create", "database")
	if err != nil {
		return err
	}
	tmp := path + ".belum-selesai"
	defer os.Remove(tmp)
	_ = os.Remove(tmp) // left behind by a backup that was killed
	if strings.HasPrefix(p.Config.DB, "sqlite:") {
		err = p.DB.Snapshot(ctx, tmp)
	} else {
		err = postgresTool(ctx, p.Config.DB, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--file="+tmp)
	}
	if err != nil {
		return err
	}
	err = os.Chmod(tmp, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return os.Rename(tmp, path)
}

// restore fills a database that must not hold anything, and verifies its trail.
func restore(ctx context.Context, cfg Config, path string) (report audit.Report, err error) {
	keys, err := audit.LoadKey(cfg.KeyFile)
	if err != nil {
		return report, err
	}
	target, address := "", cfg.DB
	if file, ok := strings.CutPrefix(cfg.DB, "sqlite:"); ok {
		target = file
		address = "sqlite:" + file + ".belum-selesai"
		err = copyBackup(path, file, file+".belum-selesai")
		defer removeSQLite(file + ".belum-selesai")
	} else {
		err = restorePostgres(ctx, cfg.DB, path)
	}
	if err != nil {
		return report, err
	}
	report, err = adopt(ctx, address, cfg, keys)
	if err != nil || target == "" {
		return report, err
	}
	return report, os.Rename(target+".belum-selesai", target)
}

// adopt brings the restored tables up to this program and looks whether the trail is whole.
func adopt(ctx context.Context, address string, cfg Config, keys *audit.Keyring) (report audit.Report, err error) {
	_, _, err = storage.Migrate(ctx, address, storageConfig(cfg, keys))
	if err != nil {
		return report, err
	}
	db, err := storage.Open(ctx, address, storageConfig(cfg, keys))
	if err != nil {
		return report, err
	}
	p := &Program{Config: cfg, DB: db}
	err = p.recordSystem(ctx, "backup.restore", "database")
	if err == nil {
		report, err = db.AuditVerify(ctx)
	}
	return report, errors.Join(err, db.Close())
}

// copyBackup copies a SQLite backup beside the target, which must not exist.
func copyBackup(from, target, to string) error {
	_, err := os.Lstat(target)
	if err == nil {
		return errNotEmpty
	}
	src, err := os.Open(from)
	if err != nil {
		return fault.New(fault.NotFound, "backup_missing", "Berkas cadangan tidak dapat dibuka. Periksa namanya.").Because(err)
	}
	defer src.Close()
	head := make([]byte, 16)
	_, err = io.ReadFull(src, head)
	if err != nil || !bytes.Equal(head, []byte("SQLite format 3\x00")) {
		return errBackupKind
	}
	_, err = src.Seek(0, io.SeekStart)
	if err != nil {
		return err
	}
	err = os.MkdirAll(filepath.Dir(to), 0o700)
	if err != nil {
		return err
	}
	removeSQLite(to)
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, src)
	if err == nil {
		err = dst.Sync()
	}
	return errors.Join(err, dst.Close())
}

func removeSQLite(path string) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Remove(path + suffix)
	}
}

func restorePostgres(ctx context.Context, address, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fault.New(fault.NotFound, "backup_missing", "Berkas cadangan tidak dapat dibuka. Periksa namanya.").Because(err)
	}
	head := make([]byte, 5)
	_, err = io.ReadFull(f, head)
	f.Close()
	if err != nil || string(head) != "PGDMP" {
		return errBackupKind
	}
	err = postgresTool(ctx, address, "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", path)
	if err != nil && strings.Contains(err.Error(), "already exists") {
		return errNotEmpty.Because(err)
	}
	return err
}

// postgresTool runs pg_dump or pg_restore on the database. The password goes through the
// environment, because everybody on a machine sees the arguments of its processes.
func postgresTool(ctx context.Context, address, tool string, args ...string) error {
	u, err := url.Parse(address)
	if err != nil {
		return fault.New(fault.Invalid, "database_address", "Alamat basis data PostgreSQL tidak dapat dibaca.")
	}
	path, err := exec.LookPath(tool)
	if err != nil {
		all, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + tool)
		if len(all) == 0 {
			return errNoTools
		}
		path = slices.Max(all)
	}
	env := os.Environ()
	if password, ok := u.User.Password(); ok {
		env = append(env, "PGPASSWORD="+password)
		u.User = url.User(u.User.Username())
	}
	cmd := exec.CommandContext(ctx, path, append([]string{"--dbname=" + u.String()}, args...)...)
	cmd.Env = env
	var said strings.Builder
	cmd.Stderr = &said
	err = cmd.Run()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", tool, err, strings.Join(strings.Fields(said.String()), " "))
	}
	return nil
}
