package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"layak/importers"
	"layak/internal/testkit"
)

// refusalsAsked is how many people are checked, of whom about a quarter is refused, before those are
// checked again. What that takes is told per 100,000, which is what a regency refuses in years, beside
// the number of whom it was measured on.
const refusalsAsked = 30_000

// rechecks stores refusals through the service, loads a file that turns every tenth of them, and
// measures the second look at all, on both databases: once where that many changed, once where nobody did.
func rechecks(ctx context.Context, o options) ([]line, error) {
	niks, err := eachNIK(filepath.Join(o.dir, "residents.xlsx"), max(1, o.count/refusalsAsked))
	if err != nil {
		return nil, err
	}
	var lines []line
	for _, db := range []string{o.sqlite(), o.postgres} {
		refused, err := refusalsOf(ctx, o, db, niks)
		if err != nil {
			return lines, err
		}
		err = o.turn(ctx, db, refused)
		if err != nil {
			return lines, err
		}
		for _, what := range []string{"every tenth turned", "nobody turned"} {
			l, err := o.recheck(ctx, db, what)
			lines = append(lines, l...)
			if err != nil {
				return lines, err
			}
		}
	}
	return lines, nil
}

// refusalsOf checks everybody once through the service and gives who got no yes.
func refusalsOf(ctx context.Context, o options, db string, niks []string) ([]string, error) {
	token, err := deskToken(ctx, o, db)
	if err != nil {
		return nil, err
	}
	s, err := serve(ctx, o, db)
	if err != nil {
		return nil, err
	}
	defer s.stop()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections}, Timeout: 30 * time.Second}
	refused, errs := make([][]string, connections), make([]error, connections)
	var wg sync.WaitGroup
	for c := range connections {
		wg.Go(func() {
			for i := c; i < len(niks) && errs[c] == nil; i += connections {
				var answer struct {
					Outcome string `json:"outcome"`
				}
				errs[c] = s.ask(ctx, client, token, deskBody(i, niks[i]), &answer)
				if answer.Outcome == "not_eligible" || answer.Outcome == "needs_information" {
					refused[c] = append(refused[c], niks[i])
				}
			}
		})
	}
	wg.Wait()
	var all []string
	for _, some := range refused {
		all = append(all, some...)
	}
	return all, errors.Join(errs...)
}

// deskBody is what the desk asks about one of many: for different needs, one in six with papers, some with
// a statement.
func deskBody(i int, nik string) map[string]any {
	body := map[string]any{"nik": nik, "need": []string{"inpatient", "outpatient", "emergency"}[i%3], "purpose": "uji beban"}
	switch i % 12 {
	case 1:
		body["evidence"] = []map[string]any{{"kind": "ktp"}, {"kind": "kk"}}
	case 5:
		body["evidence"] = []map[string]any{{"kind": "ktp"}, {"kind": "kk"}, {"kind": "sktm", "issuer": "Kelurahan", "issued_on": "2026-01-05"}}
	case 9:
		body["statements"] = map[string]any{"accepts_class_3": true}
	}
	return body
}

// ask makes one check and reads the answer.
func (s *server) ask(ctx context.Context, client *http.Client, token string, asked map[string]any, answer any) error {
	body, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/api/v1/checks", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("check answered %d", res.StatusCode)
	}
	return json.NewDecoder(res.Body).Decode(answer)
}

// turn loads a file by which every tenth of the people is poor enough.
func (o options) turn(ctx context.Context, db string, refused []string) error {
	var rows [][]string
	for i := 0; i < len(refused); i += 10 {
		rows = append(rows, []string{refused[i], "1"})
	}
	path := filepath.Join(o.dir, "turned.xlsx")
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = errors.Join(importers.WriteTable(f, "Data", []string{"NIK", "DESIL"}, rows), f.Close())
	if err != nil {
		return err
	}
	_, err = o.command(ctx, "", "import", "welfare", path, "--as-of", "2026-11-02", "--db", db, "--json")
	return err
}

// recheck runs the second look by itself and tells what it took per 100,000.
func (o options) recheck(ctx context.Context, db, what string) ([]line, error) {
	before := testkit.PostgresCPU()
	out, err := o.command(ctx, "", "complaints", "recheck", "--db", db, "--json")
	if err != nil {
		return nil, err
	}
	server := testkit.PostgresCPU() - before
	var told struct {
		Run struct {
			StartedAt  time.Time `json:"started_at"`
			FinishedAt time.Time `json:"finished_at"`
			Checked    int       `json:"checked"`
			Changed    int       `json:"changed"`
			Failed     int       `json:"failed"`
		} `json:"run"`
	}
	err = json.Unmarshal([]byte(out.text), &told)
	if err == nil && (told.Run.Checked == 0 || told.Run.Failed > 0) {
		err = fmt.Errorf("%d checked again, %d failed", told.Run.Checked, told.Run.Failed)
	}
	if err != nil {
		return nil, err
	}
	per := 100_000 / float64(told.Run.Checked)
	took := told.Run.FinishedAt.Sub(told.Run.StartedAt)
	used := fmt.Sprintf("processor %.1f s with start", out.cpu.Seconds())
	if database(db) == "PostgreSQL" {
		used += fmt.Sprintf(", server %.1f s", server.Seconds())
	}
	return []line{
		{"second look per 100,000 refusals, " + what + ", " + database(db), fmt.Sprintf("%.1f s", took.Seconds()*per),
			fmt.Sprintf("measured on %d, peak %d MB", told.Run.Checked, out.peakMB), promise("<= 20 s")},
		{fmt.Sprintf("  those %d, %d of them changed", told.Run.Checked, told.Run.Changed), fmt.Sprintf("%.1f s", took.Seconds()), used, ""},
	}, nil
}
