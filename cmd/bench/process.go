package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// server is a running layak serve.
type server struct {
	cmd   *exec.Cmd
	base  string
	start time.Duration // until it answered
}

func serve(ctx context.Context, o options, db string, flags ...string) (*server, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, o.layak, append([]string{"serve", "--addr", addr, "--db", db}, flags...)...)
	cmd.Dir = o.dir
	cmd.Env = append(os.Environ(), "LAYAK_KEY_FILE="+filepath.Join(o.dir, "layak.key"))
	began := time.Now()
	err = cmd.Start()
	if err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, base: "http://" + addr}
	err = waitFor(ctx, s.base+"/readyz")
	s.start = time.Since(began)
	if err != nil {
		s.stop()
	}
	return s, err
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

// waitFor polls an address until it answers 200, at most 30 s.
func waitFor(ctx context.Context, url string) error {
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		status, err := do(http.DefaultClient, req)
		if err == nil && status == http.StatusOK {
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Errorf("%s did not answer", url)
}

// footprint measures start, idle memory and size.
func footprint(ctx context.Context, o options) ([]line, error) {
	info, err := os.Stat(o.layak)
	if err != nil {
		return nil, err
	}
	s, err := serve(ctx, o, o.sqlite())
	if err != nil {
		return nil, err
	}
	defer s.stop()
	time.Sleep(3 * time.Second)
	idle, err := residentMB(s.cmd.Process.Pid)
	return []line{
		{"start until it answers", ms(s.start), "", promise("<= 1 s")},
		{"idle memory", fmt.Sprintf("%d MB", idle), "", promise("<= 80 MB")},
		{"binary", fmt.Sprintf("%d MB", info.Size()/1_000_000), "", promise("<= 80 MB")},
	}, err
}

func residentMB(pid int) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for l := range strings.Lines(string(text)) {
		if kb, ok := strings.CutPrefix(l, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.Fields(kb)[0])
			return n / 1000, err
		}
	}
	return 0, fmt.Errorf("no VmRSS for %d", pid)
}

func peakMB(p *os.ProcessState) int64 {
	if u, ok := p.SysUsage().(*syscall.Rusage); ok {
		return u.Maxrss / 1000
	}
	return 0
}
