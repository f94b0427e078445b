package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"layak/policy"
)

// sample is an everyday person: in the registry, lapsed mandiri member, desil 2, four at home.
func sample() policy.Input {
	listed, two, yes := true, 2, true
	from := func(day string) policy.Origin { return policy.Origin{Source: "registry", AsOf: day} }
	return policy.Input{
		At: time.Date(2026, 11, 21, 10, 42, 0, 0, time.UTC), ServiceOn: "2026-11-21",
		Office: policy.Office{Regency: "35.09"}, Subject: "nik", Need: "inpatient",
		Statements: &policy.Statements{AcceptsClass3: &yes},
		Resident: &policy.Resident{Origin: from("2026-11-01"), NIK: "3509195708850001", Sex: "P",
			BirthDate: "1985-08-17", Village: "35.09.19.1001", District: "35.09.19", Regency: "35.09",
			Province: "35", LifeStatus: "alive", Relation: "wife", InLatest: &listed},
		Household: &policy.Household{Origin: from("2026-11-01"), KK: "3509190101100001", Members: []policy.Member{
			{Relation: "head", Sex: "L", BirthDate: "1981-02-03", LifeStatus: "alive", Desil: &two, Segment: "mandiri", MemberStatus: "inactive"},
			{Relation: "child", Sex: "P", BirthDate: "2014-05-06", LifeStatus: "alive", Desil: &two, Segment: "pbi_jk", MemberStatus: "active"},
			{Relation: "child", Sex: "L", BirthDate: "2023-07-08", LifeStatus: "alive", Desil: &two},
		}},
		Welfare:    &policy.Welfare{Origin: from("2026-10-01"), Desil: &two},
		Membership: &policy.Membership{Origin: from("2026-11-15"), Segment: "mandiri", Status: "inactive", Reason: "premium", InactiveSince: "2026-03-01"},
		Evidence:   []policy.Evidence{},
	}
}

// decisions runs the benchmarks of package policy and an opa server beside them.
func decisions(ctx context.Context, o options) ([]line, error) {
	out, err := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^Benchmark(Decide|DecideParallel|Lean)$", "-benchmem", "./policy").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("benchmarks of policy: %w: %s", err, out)
	}
	rich, many, lean := figures(out, "BenchmarkDecide"), figures(out, "BenchmarkDecideParallel"), figures(out, "BenchmarkLean")
	lines := []line{
		{"decision in process", fmt.Sprintf("%.0f µs", rich.micros),
			fmt.Sprintf("%.1f x lean boolean (%.0f µs)", rich.micros/lean.micros, lean.micros), promise("<= 300 µs, <= 4 x")},
		{"memory of a decision", fmt.Sprintf("%.1f kB", rich.bytes/1000), fmt.Sprintf("%.0f allocations", rich.allocs), promise("<= 45 kB")},
		{fmt.Sprintf("decisions on %d cores", runtime.NumCPU()), fmt.Sprintf("%.0f /s", 1e6/many.micros), "", promise(">= 6,000 /s")},
	}
	if o.opa == "" {
		return lines, nil
	}
	beside, err := opaServer(ctx, o, sample())
	if err != nil {
		return lines, err
	}
	return append(lines, line{"the same through an opa server on loopback (median)", fmt.Sprintf("%.0f µs", beside),
		fmt.Sprintf("%.1f x in process", beside/rich.micros), ""}), nil
}

type figure struct{ micros, bytes, allocs float64 }

// figures reads one line of `go test -bench -benchmem`.
func figures(out []byte, name string) figure {
	var f figure
	for l := range strings.Lines(string(out)) {
		w := strings.Fields(l)
		if len(w) < 8 || strings.Split(w[0], "-")[0] != name {
			continue
		}
		f.micros, _ = strconv.ParseFloat(w[2], 64)
		f.micros /= 1000
		f.bytes, _ = strconv.ParseFloat(w[4], 64)
		f.allocs, _ = strconv.ParseFloat(w[6], 64)
	}
	return f
}

// opaServer asks a real opa server, one request after another, and gives the median in µs.
func opaServer(ctx context.Context, o options, in policy.Input) (float64, error) {
	addr, err := freeAddress()
	if err != nil {
		return 0, err
	}
	rules, err := filepath.Abs("policy/rules")
	if err != nil {
		return 0, err
	}
	server := exec.CommandContext(ctx, o.opa, "run", "--server", "--addr", addr, "--log-level", "error", "--bundle", rules)
	err = server.Start()
	if err != nil {
		return 0, fmt.Errorf("start opa: %w", err)
	}
	defer func() { _ = server.Process.Kill(); _ = server.Wait() }()
	body, err := json.Marshal(map[string]any{"input": in})
	if err != nil {
		return 0, err
	}
	url := "http://" + addr + "/v1/data/layak/eligibility/decision"
	err = waitFor(ctx, "http://"+addr+"/health")
	if err != nil {
		return 0, err
	}
	var times []time.Duration
	for range 2000 {
		start := time.Now()
		status, err := post(ctx, http.DefaultClient, url, "", body)
		if err != nil {
			return 0, err
		}
		if status != http.StatusOK {
			return 0, fmt.Errorf("opa answered %d", status)
		}
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	return float64(times[len(times)/2].Nanoseconds()) / 1000, nil
}

func freeAddress() (string, error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func post(ctx context.Context, client *http.Client, url, token string, body []byte) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return do(client, req)
}
