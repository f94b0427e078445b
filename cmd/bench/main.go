// Command bench measures what the README promises and prints a table: the decision in process
// against the lean boolean of the same rules and against an opa server, the whole check over HTTP
// on both databases with and without sealing, the second look at refusals, lives of complaints among few and among a million, an import against what excelize alone needs, start,
// idle memory and size of the binary. It drives the real binary as its users do.
//
// It is run by `make bench`; it judges nothing, because machines are shared and noisy. Every ratio
// comes from one run on one machine.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"layak/internal/testkit"
)

// options of one run.
type options struct {
	layak    string        // the built binary
	opa      string        // the opa binary, "" leaves the comparison out
	postgres string        // URL of an empty database, "" starts a server of its own
	count    int           // residents
	people   int           // residents filled into the registry before impact is measured, beside those that were imported
	cases    int           // complaints stored before the lives among many are measured
	load     time.Duration // length of each load
	only     string        // one part alone, "" all
	dir      string        // working folder; of a database that was prepared before, where its residents.xlsx and layak.key are
	few      string        // with at: an almost empty database prepared before, to compare with in turns
	at       string        // address of a database that was prepared and filled before, "" prepares new ones
}

// line is one row of the table.
type line struct {
	what, value, floor, promise string
}

func main() {
	var o options
	flag.StringVar(&o.layak, "layak", "bin/layak", "the built binary")
	flag.StringVar(&o.opa, "opa", "", "an opa binary to compare with")
	flag.StringVar(&o.postgres, "postgres", "", "URL of an empty PostgreSQL database")
	flag.IntVar(&o.count, "residents", 200_000, "how many residents to load")
	flag.IntVar(&o.people, "people", 0, "how many more residents to fill into the registry before previews are measured; 2400000 takes half an hour")
	flag.IntVar(&o.cases, "complaints", 100_000, "how many complaints to store")
	flag.StringVar(&o.only, "only", "", "one part: decisions, checks (with imports), rechecks (with imports), editor (with imports), impact (with imports), lives (with imports), footprint; with -at impact, also moulds, count, pages")
	flag.StringVar(&o.at, "at", "", "measure lives and pages on this prepared database alone")
	flag.StringVar(&o.few, "few", "", "with -at: an almost empty prepared database to compare with in turns")
	flag.StringVar(&o.dir, "dir", "", "with -at: the folder of its residents.xlsx and layak.key")
	flag.DurationVar(&o.load, "load", 10*time.Second, "how long each load lasts")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	var err error
	o.layak, err = filepath.Abs(o.layak)
	if err != nil {
		return err
	}
	if o.at != "" && o.only == "impact" {
		lines, err := impactsOn(ctx, o, o.at)
		show(lines)
		return err
	}
	if o.at != "" {
		lines, err := livesAt(ctx, o, o.at)
		show(lines)
		return err
	}
	dir, err := os.MkdirTemp("", "layak-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	o.dir = dir
	if o.postgres == "" {
		o.postgres, err = testkit.DurablePostgres()
		if err != nil {
			return err
		}
	}
	fmt.Printf("%d residents, %s per load, %d cores; a ratio is of one run on one machine\n\n", o.count, o.load, runtime.NumCPU())
	for _, part := range []struct {
		name string
		run  func(context.Context, options) ([]line, error)
	}{{"decisions", decisions}, {"imports", imports}, {"desk", hireDesk}, {"checks", checks}, {"rechecks", rechecks}, {"editor", editorChecks}, {"impact", impacts}, {"footprint", footprint}, {"lives", lives}} {
		if o.only != "" && o.only != part.name && part.name != "imports" && part.name != "desk" {
			continue
		}
		lines, err := part.run(ctx, o)
		show(lines)
		if err != nil {
			return err
		}
	}
	return nil
}

func show(lines []line) {
	for _, l := range lines {
		fmt.Printf("%-58s %16s  %-34s %s\n", l.what, l.value, l.floor, l.promise)
	}
}

func promise(s string) string { return "promised " + s }

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

func database(url string) string {
	if strings.HasPrefix(url, "postgres") {
		return "PostgreSQL"
	}
	return "SQLite"
}
