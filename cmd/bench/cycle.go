package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// lifeConnections is the number of desks that work on cases at the same time.
const lifeConnections = 8

type lifeResult struct {
	rate             float64
	p50, p95         time.Duration
	requests, errors int
}

// desk files and works on cases through the API.
type desk struct {
	client *http.Client
	base   string
	token  string
	niks   []string
}

// withDesk starts the service on a database and gives a desk at it.
func withDesk(ctx context.Context, o options, db string, use func(*desk) error) error {
	niks, err := someNIKs(o.dir + "/residents.xlsx")
	if err != nil {
		return err
	}
	token, err := deskToken(ctx, o, db)
	if err != nil {
		return err
	}
	server, err := serve(ctx, o, db)
	if err != nil {
		return err
	}
	defer server.stop()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 30 * time.Second}
	return use(&desk{client: client, base: server.base, token: token, niks: niks})
}

// lifeLoad lets the desks work without a pause.
func lifeLoad(ctx context.Context, o options, db string) (lifeResult, error) {
	var result lifeResult
	err := withDesk(ctx, o, db, func(d *desk) error {
		_, _, err := d.work(ctx, o.load/5) // warm
		if err != nil {
			return err
		}
		start := time.Now()
		n, all, err := d.work(ctx, o.load)
		if err != nil {
			return err
		}
		result = summed(all)
		result.rate = float64(n) / time.Since(start).Seconds()
		return nil
	})
	return result, err
}

func summed(all []time.Duration) lifeResult {
	if len(all) == 0 {
		return lifeResult{}
	}
	slices.Sort(all)
	return lifeResult{p50: all[len(all)/2], p95: all[len(all)*95/100], requests: len(all)}
}

// work lives cases from several connections until the time is over and gives how many ended.
func (d *desk) work(ctx context.Context, length time.Duration) (lived int, all []time.Duration, failure error) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	start := time.Now()
	for c := range lifeConnections {
		wg.Go(func() {
			for i := c; time.Since(start) < length; i += lifeConnections {
				took, err := d.life(ctx, i)
				mu.Lock()
				all = append(all, took...)
				if err != nil {
					failure = err
				} else {
					lived++
				}
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	return lived, all, failure
}

// lifeBursts begins lives at a rate that jumps, whether the earlier ones have ended or not.
func lifeBursts(ctx context.Context, o options, db string) (lifeResult, error) {
	var result lifeResult
	err := withDesk(ctx, o, db, func(d *desk) error {
		_, _, err := d.work(ctx, o.load/5)
		if err != nil {
			return err
		}
		var mu sync.Mutex
		var all []time.Duration
		errors, began := 0, 0
		var wg sync.WaitGroup
		for _, rate := range []int{1, 15, 1, 25, 2, 35, 10} {
			tick := time.NewTicker(time.Second / time.Duration(rate))
			for end := time.Now().Add(o.load / 2); time.Now().Before(end); {
				n := began
				began++
				wg.Go(func() {
					took, err := d.life(ctx, n)
					mu.Lock()
					defer mu.Unlock()
					all = append(all, took...)
					if err != nil {
						errors++
					}
				})
				<-tick.C
			}
			tick.Stop()
		}
		wg.Wait()
		result = summed(all)
		result.errors = errors
		return nil
	})
	return result, err
}

// life is one case from filing to closing: five requests, and how long each took.
func (d *desk) life(ctx context.Context, i int) ([]time.Duration, error) {
	nik := d.niks[i%len(d.niks)]
	var took []time.Duration
	var c struct {
		Ticket  string `json:"ticket"`
		Version int    `json:"version"`
		State   string `json:"state"`
	}
	send := func(path string, want int, body map[string]any) error {
		began := time.Now()
		err := d.ask(ctx, path, want, body, &c)
		took = append(took, time.Since(began))
		return err
	}
	err := send("/api/v1/complaints", http.StatusCreated, map[string]any{
		"channel": "whatsapp", "matter": "eligibility", "need": "outpatient", "nik": nik, "verified": true,
		"reporter": map[string]any{"name": "Warga Uji", "phone": fmt.Sprintf("0812%08d", i), "relation": "family"},
		"text":     "Apakah ibu saya dapat berobat gratis?",
	})
	if err != nil {
		return took, err
	}
	for _, event := range []map[string]any{
		{"type": "check"},
		{"type": "assign", "unit": "pkm-bench", "staff": "bench"},
		{"type": "resolve", "decision": "information_given", "reason": "Syarat dan langkah sudah dijelaskan kepada keluarga.", "send": []string{"spoken"}},
		{"type": "close"},
	} {
		event["version"] = c.Version
		err = send("/api/v1/complaints/"+c.Ticket+"/events", http.StatusOK, event)
		if err != nil {
			return took, err
		}
	}
	if c.State != "closed" {
		return took, fmt.Errorf("a life ended as %q", c.State)
	}
	return took, nil
}

func (d *desk) ask(ctx context.Context, path string, want int, body map[string]any, into any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.base+path, bytes.NewReader(b))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+d.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := d.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != want {
		return fmt.Errorf("%s answered %d: %.300s", body["type"], res.StatusCode, answer)
	}
	return json.Unmarshal(answer, into)
}
