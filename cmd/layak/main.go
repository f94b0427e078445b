// Command layak is the one binary: it reads the command line and the environment, wires the
// packages together once (Program) and runs a command. It holds no rule and no SQL; what a command
// does is done by the packages that it wires.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the linker (see Makefile).
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, streams{os.Stdin, os.Stdout, os.Stderr}, os.Args[1:])
	stop()
	os.Exit(code)
}

// streams are where a command reads and writes; tests put buffers there.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// cli is the grammar of the command line.
type cli struct {
	globals

	Serve      serveCmd      `cmd:"" help:"Jalankan layanan: halaman web dan API."`
	Generate   generateCmd   `cmd:"" help:"Buat buku kerja berisi penduduk rekaan untuk latihan."`
	Import     importCmd     `cmd:"" help:"Muat buku kerja penduduk, kesejahteraan, atau kepesertaan."`
	Imports    importsCmd    `cmd:"" help:"Lihat atau batalkan impor yang sudah ada."`
	Check      checkCmd      `cmd:"" help:"Cek kelayakan satu orang."`
	Policy     policyCmd     `cmd:"" help:"Periksa, uji, dan simpan aturan."`
	Complaints complaintsCmd `cmd:"" help:"Catat dan lihat aduan."`
	Units      unitsCmd      `cmd:"" help:"Kelola unit kerja."`
	Holidays   holidaysCmd   `cmd:"" help:"Lihat atau muat hari libur untuk menghitung tenggat."`
	Staff      staffCmd      `cmd:"" help:"Kelola akun petugas."`
	Audit      auditCmd      `cmd:"" help:"Periksa jejak kegiatan."`
	Backup     backupCmd     `cmd:"" help:"Buat cadangan basis data."`
	Restore    restoreCmd    `cmd:"" help:"Pulihkan basis data dari cadangan."`
	Migrate    migrateCmd    `cmd:"" help:"Perbarui tabel basis data ke versi program ini."`
	Version    versionCmd    `cmd:"" help:"Tampilkan versi program dan mesin aturan."`
}

// globals are the flags that every command takes.
type globals struct {
	DB      string   `name:"db" env:"LAYAK_DB" placeholder:"ALAMAT" help:"Basis data: sqlite:LETAK atau postgres://… (biasanya sqlite:data/layak.db)."`
	Regency areaFlag `env:"LAYAK_REGENCY" default:"35.09" placeholder:"KODE" help:"Kode Kemendagri kabupaten/kota pemilik data (${default})."`
	KeyFile string   `env:"LAYAK_KEY_FILE" placeholder:"BERKAS" help:"Berkas kunci (biasanya layak.key di folder data)."`
	JSON    bool     `name:"json" help:"Tulis hasil sebagai JSON."`
}

// call is what a command gets to run with.
type call struct {
	context.Context
	streams
	globals
}

// run reads the arguments, runs the command and gives the exit code.
func run(ctx context.Context, s streams, args []string) (code int) {
	defer func() {
		if e, ok := recover().(exited); ok {
			code = int(e)
		} else if !ok && e != 0 {
			code = exitFailed
		}
	}()
	var c cli
	parser, err := kong.New(&c, kong.Name("layak"),
		kong.Description("Layak membantu pemerintah daerah menjawab aduan tentang jaminan kesehatan."),
		kong.Writers(s.out, s.err), kong.Exit(func(n int) { panic(exited(n)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}))
	if err != nil {
		return report(s.err, err)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return report(s.err, grammarFault(err))
	}
	k := &call{Context: asOperator(ctx), streams: s, globals: c.globals}
	err = parsed.Run(k)
	return report(s.err, err)
}

// exited carries the code with which kong wants to end, after printing help.
type exited int
