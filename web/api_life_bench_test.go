package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"layak/complaints"
	"layak/complaints/calendar"
	"layak/eligibility"
	"layak/internal/testkit"
	"layak/policy"
)

// BenchmarkAPILife lives whole lives over a loopback listener: file (complete at intake), check,
// assign, decide with an answer, close; five requests each, routed and timed by the shipped rules.
//
//	go test ./web -run '^$' -bench APILife -benchtime 1000x
func BenchmarkAPILife(b *testing.B) {
	for _, engine := range []struct {
		name    string
		address func(testing.TB) string
	}{{"sqlite", testkit.SQLite}, {"postgres", apiPostgres}} {
		b.Run(engine.name, func(b *testing.B) { benchLives(b, newBureau(b, engine.address(b))) })
	}
}

// benchRouter routes by the shipped rules, benchWeek works from Monday to Friday.
type benchRouter struct{ *policy.Engine }

func (r benchRouter) Route(ctx context.Context, in policy.RoutingInput) (policy.Routing, string, error) {
	out, err := r.Engine.Route(ctx, in)
	return out, r.Hash(), err
}

type benchWeek struct{ week calendar.Calendar }

func (w *benchWeek) Calendar(context.Context, string) (*calendar.Calendar, error) {
	return &w.week, nil
}

func benchLives(b *testing.B, o *bureau) {
	rules, err := apiRules()
	o.must(err)
	o.cases.Router = benchRouter{rules}
	week := &benchWeek{calendar.Calendar{Zone: eligibility.WIB, Years: map[int]bool{2026: true, 2027: true}}}
	for d := time.Monday; d <= time.Friday; d++ {
		week.week.Week[d] = []calendar.Span{{From: 480, To: 960}}
	}
	o.cases.Calendars = week
	niks := o.populate(benchPeople)
	ctx, stop := context.WithCancel(b.Context())
	var beside sync.WaitGroup
	beside.Go(func() { o.db.RunSealer(ctx, slog.New(slog.DiscardHandler)) })
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	o.must(err)
	server := o.HTTPServer(ctx, "")
	beside.Go(func() { _ = server.Serve(l) })
	client := &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: benchConnections, MaxConnsPerHost: benchConnections, DisableCompression: true}}
	life := func(i int, took []time.Duration) error {
		return liveOnce(ctx, client, "http://"+l.Addr().String()+apiCases, o.tokens["kelurahan"], niks[i*7919%len(niks)], took)
	}
	for i := range 50 {
		o.must(life(i, make([]time.Duration, 5)))
	}
	took := make([]time.Duration, 5*b.N)
	var next atomic.Int64
	var failed atomic.Value
	var clients sync.WaitGroup
	b.ResetTimer()
	start := time.Now()
	for range benchConnections {
		clients.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				err := life(i, took[5*i:5*i+5])
				if err != nil {
					failed.Store(err)
				}
			}
		})
	}
	clients.Wait()
	whole := time.Since(start)
	b.StopTimer()
	o.must(server.Close())
	stop()
	beside.Wait()
	if err := failed.Load(); err != nil {
		b.Fatal(err)
	}
	slices.Sort(took)
	ms := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
	}
	b.ReportMetric(float64(b.N)/whole.Seconds(), "lives/s")
	b.ReportMetric(ms(0.50), "p50-ms")
	b.ReportMetric(ms(0.95), "p95-ms")
}

// liveOnce lives one life and notes how long each request took.
func liveOnce(ctx context.Context, client *http.Client, url, token string, nik eligibility.NIK, took []time.Duration) error {
	var c struct {
		Ticket  complaints.Ticket `json:"ticket"`
		State   complaints.State  `json:"state"`
		Version int               `json:"version"`
	}
	for i, body := range []string{
		fmt.Sprintf(`{"channel":"counter","matter":"eligibility","need":"inpatient","verified":true,"nik":%q,"text":"Apakah ibu saya berhak?","reporter":{"name":"Ani","phone":"081234567890"}}`, nik),
		`{"type":"check","version":%d,"statements":{"accepts_class_3":true}}`,
		`{"type":"assign","version":%d,"unit":"KEL-MANGLI","staff":"kelurahan"}`,
		`{"type":"resolve","version":%d,"decision":"granted","reason":"Memenuhi syarat dan segera didaftarkan lewat e-Dabu."}`,
		`{"type":"close","version":%d,"text":"Warga sudah menerima jawaban di loket."}`,
	} {
		to := url
		if i > 0 {
			to, body = url+"/"+string(c.Ticket)+"/events", fmt.Sprintf(body, c.Version)
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader([]byte(body)))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Authorization", "Bearer "+token)
		from := time.Now()
		res, err := client.Do(req)
		if err != nil {
			return err
		}
		answer, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		took[i] = time.Since(from)
		if err == nil && res.StatusCode >= 300 {
			err = fmt.Errorf("step %d: status %d: %s", i, res.StatusCode, answer)
		}
		if err == nil {
			err = json.Unmarshal(answer, &c)
		}
		if err != nil {
			return err
		}
	}
	if c.State != complaints.Closed {
		return fmt.Errorf("the life ends as %s", c.State)
	}
	return nil
}
