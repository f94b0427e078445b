package web

import (
	"bytes"
	"context"
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

	"layak/eligibility"
	"layak/importers"
	"layak/internal/audit"
	"layak/internal/testkit"
)

// Sizes of the load test.
const (
	benchConnections = 16
	benchPeople      = 20_000
)

// BenchmarkAPICheck asks for whole checks over a loopback listener: look-up, household, decision,
// determination and audit entry committed. Each person has welfare data and lives in a family of
// four. The PostgreSQL of the test kit does not wait for the disk; SQLite does.
//
//	go test ./web -run '^$' -bench APICheck -benchtime 5000x
func BenchmarkAPICheck(b *testing.B) {
	for _, engine := range []struct {
		name    string
		address func(testing.TB) string
	}{{"sqlite", testkit.SQLite}, {"postgres", apiPostgres}} {
		for _, sealing := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/sealing=%v", engine.name, sealing), func(b *testing.B) {
				benchChecks(b, newBureau(b, engine.address(b)), sealing)
			})
		}
	}
}

func benchChecks(b *testing.B, o *bureau, sealing bool) {
	niks := o.populate(benchPeople)
	ctx, stop := context.WithCancel(b.Context())
	var beside sync.WaitGroup
	if sealing {
		beside.Go(func() { o.db.RunSealer(ctx, slog.New(slog.DiscardHandler)) })
	}
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	o.must(err)
	server := o.HTTPServer(ctx, "")
	beside.Go(func() { _ = server.Serve(l) })
	client := &http.Client{Transport: &http.Transport{
		MaxIdleConnsPerHost: benchConnections, MaxConnsPerHost: benchConnections, DisableCompression: true}}
	url := "http://" + l.Addr().String() + apiChecks
	ask := func(i int) error { return askOnce(ctx, client, url, o.tokens["kelurahan"], niks[i*7919%len(niks)]) }
	for i := range 200 { // statements prepared, pages read
		o.must(ask(i))
	}
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var failed atomic.Value
	var clients sync.WaitGroup
	b.ResetTimer()
	start := time.Now()
	for range benchConnections {
		clients.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				from := time.Now()
				err := ask(i)
				took[i] = time.Since(from)
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
	b.ReportMetric(float64(b.N)/whole.Seconds(), "req/s")
	b.ReportMetric(ms(0.50), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
}

func askOnce(ctx context.Context, client *http.Client, url, token string, nik eligibility.NIK) error {
	body := fmt.Sprintf(`{"nik":%q,"need":"inpatient","statements":{"accepts_class_3":true}}`, nik)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	answer, err := io.ReadAll(res.Body)
	if err == nil && (res.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte(`"outcome":"eligible"`))) {
		err = fmt.Errorf("status %d: %s", res.StatusCode, answer)
	}
	_ = res.Body.Close()
	return err
}

// populate publishes n people in families of four, each with a desil of his own.
func (o *bureau) populate(n int) []eligibility.NIK {
	o.Helper()
	ctx := context.Background()
	entry := audit.Entry{Actor: "os:test", Act: "import.publish", Object: "import"}
	niks := make([]eligibility.NIK, n)
	for _, kind := range []eligibility.Kind{eligibility.Residents, eligibility.Welfares} {
		imp, err := o.db.StartImport(ctx, importers.Import{Kind: kind, Mode: importers.Update, Area: apiHome,
			AsOf: "2026-11-10", Files: []string{"banyak.xlsx"}, FileHash: "banyak " + string(kind), StartedBy: "os:test"}, entry)
		o.must(err)
		rows := make([]importers.Version, 0, n)
		for i := range n {
			born := eligibility.DateOf(time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%18_000))
			r := testkit.Person(5000+i/18_000, fmt.Sprintf("Warga %d", i), born)
			niks[i] = eligibility.NIK(r.Values[eligibility.FieldNIK])
			r.Set(eligibility.FieldKK, fmt.Sprintf("350919%010d", i/4))
			if kind == eligibility.Welfares {
				r = testkit.Row(string(niks[i]), map[eligibility.Field]string{eligibility.FieldDesil: fmt.Sprint(1 + i/4%5)})
			}
			rows = append(rows, importers.Version{Record: *r})
		}
		for part := range slices.Chunk(rows, 5000) {
			o.must(o.db.AppendRows(ctx, imp, part))
		}
		imp.Status, imp.Read, imp.Accepted, imp.New = importers.Published, n, n, n
		o.must(o.db.PublishImport(ctx, imp, []eligibility.Coverage{
			{Kind: kind, Area: apiHome, ImportID: imp.ID, AsOf: "2026-11-10"}}, entry))
	}
	return niks
}
