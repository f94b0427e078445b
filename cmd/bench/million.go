package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"layak/internal/testkit"
)

// rounds is how often lives among few and among many are measured, one after the other, so that
// both see the same machine; the middle of them counts.
const rounds = 3

// lives measures whole lives of complaints over HTTP on both databases: on an almost empty one and
// among many stored cases in turns, then in bursts; and what a desk opens meanwhile.
func lives(ctx context.Context, o options) ([]line, error) {
	for _, db := range []string{o.sqlite(), o.postgres} {
		lines, err := livesOn(ctx, o, db)
		show(lines)
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func livesOn(ctx context.Context, o options, db string) ([]line, error) {
	err := liveMoulds(ctx, o, db)
	if err != nil {
		return nil, fmt.Errorf("moulds: %w", err)
	}
	few, err := twin(o, db)
	if err != nil {
		return nil, err
	}
	filled := time.Now()
	err = fillCases(ctx, db, o.cases)
	if err != nil {
		return nil, err
	}
	lines := []line{{fmt.Sprintf("%d cases stored, %s", o.cases, database(db)), seconds(time.Since(filled)), "", ""}}
	counted, err := firstCount(ctx, o, db)
	if err != nil {
		return lines, err
	}
	lines = append(lines, line{"  first count of their figures, beside a service at rest", seconds(counted),
		fmt.Sprintf("%.0f cases/s", float64(o.cases)/counted.Seconds()), ""})
	more, err := among(ctx, o, few, db)
	return append(lines, more...), err
}

// among measures lives among few and among many in turns, and the rest among many.
func among(ctx context.Context, o options, few, many string) ([]line, error) {
	asked := map[string]string{"PostgreSQL": ">= 100 /s, p95 <= 50 ms", "SQLite": ">= 50 /s, p95 <= 50 ms"}[database(many)]
	var at [2][]lifeResult
	var ratios []float64
	for range rounds {
		for i, db := range []string{few, many} {
			r, err := lifeLoad(ctx, o, db)
			if err != nil {
				return nil, err
			}
			at[i] = append(at[i], r)
		}
		ratios = append(ratios, at[1][len(at[1])-1].rate/at[0][len(at[0])-1].rate)
	}
	slices.Sort(ratios)
	a, b := middle(at[0]), middle(at[1])
	lines := []line{
		{"life cycles (5 requests each), " + database(many), fmt.Sprintf("%.1f /s", a.rate), fmt.Sprintf("p50 %s, p95 %s", ms(a.p50), ms(a.p95)), promise(asked)},
		{"  the same among many stored cases", fmt.Sprintf("%.1f /s", b.rate),
			fmt.Sprintf("%+.0f %% (%+.0f to %+.0f), p95 %s", 100*(ratios[rounds/2]-1), 100*(ratios[0]-1), 100*(ratios[rounds-1]-1), ms(b.p95)), promise("within 10 %")},
	}
	bursts, err := lifeBursts(ctx, o, many)
	if err != nil {
		return lines, err
	}
	lines = append(lines, line{"  bursts 1-15-1-25-2-35-10 lives/s among them", "p95 " + ms(bursts.p95),
		fmt.Sprintf("%d requests, %d errors", bursts.requests, bursts.errors), promise("no errors, p95 <= 150 ms")})
	opened, err := openPages(ctx, o, many)
	lines = append(lines, opened...)
	return append(lines, line{"  load of the machine at the end", loadAverage(), "", ""}), err
}

// middle is the result with the middle rate.
func middle(all []lifeResult) lifeResult {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b lifeResult) int { return int(a.rate*1000) - int(b.rate*1000) })
	return all[len(all)/2]
}

// livesAt measures databases that were prepared before, so that a change can be tried in a minute.
func livesAt(ctx context.Context, o options, db string) ([]line, error) {
	switch o.only {
	case "moulds":
		return nil, liveMoulds(ctx, o, db)
	case "count":
		counted, err := firstCount(ctx, o, db)
		return []line{{"first count of figures", seconds(counted), "", ""}}, err
	case "pages":
		return openPages(ctx, o, db)
	}
	if o.few != "" {
		return among(ctx, o, o.few, db)
	}
	lived, err := lifeLoad(ctx, o, db)
	if err != nil {
		return nil, err
	}
	lines := []line{{"life cycles (5 requests each), " + database(db), fmt.Sprintf("%.1f /s", lived.rate),
		fmt.Sprintf("p50 %s, p95 %s", ms(lived.p50), ms(lived.p95)), ""}}
	opened, err := openPages(ctx, o, db)
	return append(lines, opened...), err
}

// twin copies the database as it is and gives the address of the copy.
func twin(o options, db string) (string, error) {
	if path, ok := strings.CutPrefix(db, "sqlite:"); ok {
		copied := filepath.Join(o.dir, "few.db")
		return "sqlite:" + copied, copyFile(path, copied)
	}
	return testkit.CopyPostgres(db)
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// fillCases stores many cases at once, cast from those that are there. Only the tests of package
// storage can do that.
func fillCases(ctx context.Context, db string, n int) error {
	cmd := exec.CommandContext(ctx, "go", "test", "-count=1", "-timeout=60m", "-run=^TestFillingProcess$", "./internal/storage")
	cmd.Env = append(os.Environ(), "LAYAK_TEST_FILL="+db, "LAYAK_TEST_CASES="+strconv.Itoa(n))
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("fill %s: %w: %s", database(db), err, out)
	}
	return nil
}

// firstCount starts the service and waits until it has counted all cases.
func firstCount(ctx context.Context, o options, db string) (time.Duration, error) {
	began := time.Now()
	server, err := serve(ctx, o, db)
	if err != nil {
		return 0, err
	}
	defer server.stop()
	client, err := signedIn(ctx, server.base, "bench-lead")
	for err == nil {
		var text string
		text, err = fetch(ctx, client, server.base+"/reports")
		if !strings.Contains(text, notCounted) {
			break
		}
		time.Sleep(time.Second)
	}
	return time.Since(began), err
}

// notCounted is on the page of figures while the first count is going on.
const notCounted = "Angka belum dihitung"

func seconds(d time.Duration) string { return fmt.Sprintf("%.0f s", d.Seconds()) }

// loadAverage is how busy the machine was in the last minute; a figure of a busy machine says little.
func loadAverage() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Fields(string(text))[0]
}
