package main

import (
	"context"
	"runtime"

	"layak/internal/area"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/storage"
	"layak/policy"
)

// migrateCmd brings an older database up to this program.
type migrateCmd struct{}

// Run migrates.
func (c *migrateCmd) Run(k *call) error {
	cfg, err := k.config().withDefaults()
	if err != nil {
		return usage(err)
	}
	keys, err := audit.LoadKey(cfg.KeyFile)
	if err != nil {
		return err
	}
	from, to, err := storage.Migrate(k, cfg.DB, storageConfig(cfg, keys))
	if err != nil {
		return err
	}
	if k.JSON {
		return k.printJSON(map[string]int64{"from": from, "to": to})
	}
	if from == to {
		k.printf("Tabel basis data sudah sesuai (versi %d).\n", to)
	} else {
		k.printf("Tabel basis data diperbarui dari versi %d ke %d.\n", from, to)
	}
	return nil
}

// versionCmd says what is running.
type versionCmd struct{}

// Run prints the versions.
func (c *versionCmd) Run(k *call) error {
	rules := policy.Shipped().Hash()
	if k.JSON {
		return k.printJSON(map[string]string{"version": version, "go": runtime.Version(), "opa": policy.EngineVersion(),
			"rules": rules, "areas": area.Source()})
	}
	k.printf("layak %s (%s), OPA %s, aturan bawaan %s, wilayah %s\n", version, runtime.Version(), policy.EngineVersion(), short(rules), area.Source())
	return nil
}

// backupCmd writes the whole database into one file.
type backupCmd struct {
	File string `arg:"" name:"berkas" help:"Berkas cadangan yang dibuat; tidak boleh sudah ada."`
}

// Run backs up while others go on working.
func (c *backupCmd) Run(k *call) error {
	return k.with(func(p *Program) error {
		err := p.Backup(k, c.File)
		if err != nil {
			return err
		}
		if k.JSON {
			return k.printJSON(map[string]string{"file": c.File, "engine": p.DB.Engine()})
		}
		k.printf("Cadangan %s selesai. Kunci %s tidak ikut di dalamnya; simpan salinannya terpisah.\n", c.File, p.KeyFile)
		return nil
	})
}

// restoreCmd fills an empty database from a backup.
type restoreCmd struct {
	File string `arg:"" name:"berkas" help:"Berkas cadangan."`
}

// Run restores into a database that does not exist yet, and verifies the trail in it.
func (c *restoreCmd) Run(k *call) error {
	cfg, err := k.config().withDefaults()
	if err != nil {
		return usage(err)
	}
	report, err := restore(k, cfg, c.File)
	if err != nil {
		return err
	}
	if k.JSON {
		return k.printJSON(map[string]any{"file": c.File, "entries": report.Entries, "trail_whole": report.Whole()})
	}
	k.printf("Basis data dipulihkan dari %s; %d catatan jejak kegiatan diperiksa.\n", c.File, report.Entries)
	if !report.Whole() {
		k.printf("Perhatian: jejak kegiatan tidak utuh atau kuncinya bukan kunci semula. Jalankan: layak audit verify\n")
	}
	return nil
}

// recordSystem writes an act of the installation itself into the trail.
func (p *Program) recordSystem(ctx context.Context, act, object string) error {
	return p.DB.Record(ctx, audit.Entry{Actor: auth.From(ctx).Name, Act: act, Object: object})
}
