package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"layak/importers"
)

// connections is the number of clients that ask at the same time.
const connections = 16

// checks measures POST /api/v1/checks whole, on both databases, with and without sealing.
func checks(ctx context.Context, o options) ([]line, error) {
	niks, err := someNIKs(filepath.Join(o.dir, "residents.xlsx"))
	if err != nil {
		return nil, err
	}
	var lines []line
	for _, url := range []string{o.sqlite(), o.postgres} {
		token, err := deskToken(ctx, o, url)
		if err != nil {
			return lines, err
		}
		sealed, err := checkLoad(ctx, o, url, token, niks)
		if err != nil {
			return lines, err
		}
		open, err := checkLoad(ctx, o, url, token, niks, "--no-seal")
		if err != nil {
			return lines, err
		}
		lines = append(lines,
			line{"POST /api/v1/checks, 16 connections, " + database(url), fmt.Sprintf("%.0f /s", sealed.rate),
				fmt.Sprintf("p50 %s, p99 %s", ms(sealed.p50), ms(sealed.p99)), promise(">= 400 /s, p99 <= 80 ms")},
			line{"  cost of sealing beside it", fmt.Sprintf("%.1f %%", 100*(1-sealed.rate/open.rate)),
				fmt.Sprintf("%.0f /s without", open.rate), promise("<= 10 %")})
	}
	return lines, nil
}

type loadResult struct {
	rate     float64
	p50, p99 time.Duration
}

func checkLoad(ctx context.Context, o options, db, token string, niks []string, flags ...string) (loadResult, error) {
	server, err := serve(ctx, o, db, flags...)
	if err != nil {
		return loadResult{}, err
	}
	defer server.stop()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}, Timeout: 30 * time.Second}
	_, err = hammer(ctx, client, server.base, token, niks, o.load/5) // warm
	if err != nil {
		return loadResult{}, err
	}
	return hammer(ctx, client, server.base, token, niks, o.load)
}

func hammer(ctx context.Context, client *http.Client, base, token string, niks []string, length time.Duration) (loadResult, error) {
	var mu sync.Mutex
	var all []time.Duration
	var failure error
	var wg sync.WaitGroup
	start := time.Now()
	for c := range connections {
		wg.Go(func() {
			var own []time.Duration
			for i := c; time.Since(start) < length; i += connections {
				body, _ := json.Marshal(map[string]any{"nik": niks[i%len(niks)], "need": "inpatient", "purpose": "uji beban"})
				began := time.Now()
				status, err := post(ctx, client, base+"/api/v1/checks", token, body)
				if err == nil && status != http.StatusOK {
					err = fmt.Errorf("check answered %d", status)
				}
				if err != nil {
					mu.Lock()
					failure = err
					mu.Unlock()
					return
				}
				own = append(own, time.Since(began))
			}
			mu.Lock()
			all = append(all, own...)
			mu.Unlock()
		})
	}
	wg.Wait()
	if failure != nil || len(all) == 0 {
		return loadResult{}, failure
	}
	took := time.Since(start)
	slices.Sort(all)
	return loadResult{float64(len(all)) / took.Seconds(), all[len(all)/2], all[len(all)*99/100]}, nil
}

// imports loads the three kinds into both databases and measures the first against the floor.
func imports(ctx context.Context, o options) ([]line, error) {
	files := map[string]string{}
	for _, kind := range []string{"residents", "welfare", "membership"} {
		files[kind] = filepath.Join(o.dir, kind+".xlsx")
		_, err := o.command(ctx, "", "generate", kind, "--count", strconv.Itoa(o.count), "--seed", "7", "--out", files[kind])
		if err != nil {
			return nil, err
		}
	}
	start := time.Now()
	err := importers.EachRow(files["residents"], func([]string) error { return nil })
	if err != nil {
		return nil, err
	}
	floor := time.Since(start)
	var lines []line
	for _, url := range []string{o.sqlite(), o.postgres} {
		for _, kind := range []string{"residents", "welfare", "membership"} {
			start := time.Now()
			used, err := o.command(ctx, "", "import", kind, files[kind], "--as-of", "2026-11-01", "--db", url, "--json")
			if err != nil {
				return lines, err
			}
			if kind != "residents" {
				continue
			}
			took := time.Since(start)
			lines = append(lines,
				line{"import of residents, " + database(url), fmt.Sprintf("%.1f s", took.Seconds()),
					fmt.Sprintf("%.2f x excelize alone (%.1f s)", took.Seconds()/floor.Seconds(), floor.Seconds()), promise("<= 1.3 x")},
				line{"  peak memory of it", fmt.Sprintf("%d MB", used.peakMB), "", promise("<= 500 MB")})
		}
	}
	return lines, nil
}

// someNIKs takes every 40th number of the generated file.
func someNIKs(path string) ([]string, error) { return eachNIK(path, 40) }

// eachNIK takes every n-th number of the generated file.
func eachNIK(path string, n int) ([]string, error) {
	var niks []string
	row, column := 0, -1
	err := importers.EachRow(path, func(cells []string) error {
		row++
		if column < 0 {
			column = slices.IndexFunc(cells, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), "NIK") })
			return nil
		}
		if row%n == 0 && column < len(cells) {
			niks = append(niks, cells[column])
		}
		return nil
	})
	if err == nil && len(niks) == 0 {
		err = fmt.Errorf("no NIK column in %s", path)
	}
	return niks, err
}

// hireDesk makes the unit and the account that the loads work with, on both databases.
func hireDesk(ctx context.Context, o options) ([]line, error) {
	for _, db := range []string{o.sqlite(), o.postgres} {
		for _, step := range [][]string{
			{"units", "add", "pkm-bench", "--name", "Puskesmas Uji", "--kind", "puskesmas", "--area", "35.09.19"},
			{"staff", "add", "bench", "--name", "Petugas Uji", "--role", "puskesmas", "--unit", "pkm-bench"},
			{"staff", "add", "bench-lead", "--name", "Pengawas Uji", "--role", "supervisor"},
		} {
			_, err := o.command(ctx, password, append(step, "--db", db)...)
			if err != nil {
				return nil, err
			}
		}
	}
	return nil, nil
}

// deskToken is a new token of the desk.
func deskToken(ctx context.Context, o options, db string) (string, error) {
	return tokenOf(ctx, o, db, "bench")
}

// tokenOf is a new token of an account.
func tokenOf(ctx context.Context, o options, db, user string) (string, error) {
	out, err := o.command(ctx, "", "staff", "token", user, "--db", db)
	return strings.TrimSpace(out.text), err
}

func (o options) sqlite() string { return "sqlite:" + filepath.Join(o.dir, "layak.db") }

type output struct {
	text   string
	peakMB int64
	cpu    time.Duration
}

// command runs the binary to its end and tells what it printed and its peak memory.
func (o options) command(ctx context.Context, input string, args ...string) (output, error) {
	cmd := exec.CommandContext(ctx, o.layak, args...)
	cmd.Dir = o.dir
	cmd.Env = append(os.Environ(), "LAYAK_KEY_FILE="+filepath.Join(o.dir, "layak.key"))
	cmd.Stdin = strings.NewReader(input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if err != nil {
		return output{}, fmt.Errorf("layak %s: %w: %s", args[0], err, strings.TrimSpace(errs.String()))
	}
	return output{out.String(), peakMB(cmd.ProcessState), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}, nil
}

func do(client *http.Client, req *http.Request) (int, error) {
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}
