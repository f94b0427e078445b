package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"layak/internal/fault"
)

// pollEvery is how often the memory of a busy child is looked at.
const pollEvery = 20 * time.Millisecond

// mostCPU is how much processor time a child may use in its life, in seconds. It ends one that no
// parent watches any more; a healthy one is replaced long before.
const mostCPU = 600

// child is one process. Only one request runs in it at a time.
type child struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    io.Reader
	words  *firstWords
	memory int64
	used   used
	peak   int64       // most bytes resident seen while it was busy
	dead   atomic.Bool // killed, or its pipe broke
	timer  *time.Timer // runs while it is idle
	once   sync.Once
}

// purpose says what a child is started for. One for single requests makes itself warm before it is ready,
// because somebody waits for the first of them; one for a session has its rules to compile anyway.
type purpose string

const (
	forRequests purpose = "requests"
	forSession  purpose = "session"
)

// start runs the binary as a child and waits until it is ready, no longer than the given time.
func start(memory int64, of purpose, wait time.Duration) (*child, error) {
	if os.Getenv(envChild) != "" {
		return nil, errors.New("a rule worker starts no other")
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own binary: %w", err)
	}
	c := &child{cmd: exec.Command(self, "policy", "worker"), //nolint:noctx // it outlives the request that started it
		words: &firstWords{}, memory: memory}
	// Nothing of our own environment: it may hold the address of the database with its password.
	c.cmd.Env = []string{
		envChild + "=" + strconv.FormatInt(memory, 10), envPurpose + "=" + string(of),
		"GOMEMLIMIT=" + strconv.FormatInt(memory/frugal, 10), "GOTRACEBACK=none", "TZ=UTC",
	}
	if root := os.Getenv("SystemRoot"); root != "" {
		c.cmd.Env = append(c.cmd.Env, "SystemRoot="+root) // Windows starts nothing without
	}
	c.cmd.Dir = os.TempDir()
	c.cmd.Stderr = c.words
	dieWithParent(c.cmd)
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if c.out, err = c.cmd.StdoutPipe(); err != nil {
		return nil, err
	}
	err = c.cmd.Start()
	if err != nil {
		return nil, err
	}
	ready := make(chan error, 1)
	go func() { ready <- readFrame(c.out, &struct{}{}) }()
	select {
	case err = <-ready:
	case <-time.After(wait):
		c.end()
		return nil, busy(errors.New("a rule worker did not become ready"))
	}
	if err != nil {
		c.end()
		return nil, fmt.Errorf("%w %s", err, c.words)
	}
	return c, nil
}

// ended hears how much memory a child had at most when it ends; tests listen.
var ended = func(peak int64) {}

func (c *child) alive() bool { return !c.dead.Load() }

// end kills the process and waits for it.
func (c *child) end() {
	c.dead.Store(true)
	c.once.Do(func() {
		c.peak = max(c.peak, peakBytes(c.cmd.Process.Pid))
		ended(c.peak)
		_ = c.cmd.Process.Kill() // it may be gone already
		_ = c.in.Close()
		_ = c.cmd.Wait() // "killed" is what was wanted
	})
}

// rest sets what happens when nobody asks the child for d.
func (c *child) rest(d time.Duration, gone func()) { c.timer = time.AfterFunc(d, gone) }

// leave ends its rest; false when it is ending already.
func (c *child) leave() bool { return (c.timer == nil || c.timer.Stop()) && c.alive() }

// worn tells that a fresh child is better than this one.
func (c *child) worn() bool {
	return !c.alive() || c.used.CPU > mostCPU/4 || c.used.Heap > uint64(c.memory)/3
}

// exchange sends a request and waits for its reply within processor time and memory. The child is dead
// afterwards if it was cut off.
func (c *child) exchange(ctx context.Context, r request, limit time.Duration) (reply, error) {
	type outcome struct {
		reply reply
		err   error
	}
	r.Limit = limit
	spent := spend(r.Op, limit, func() (time.Duration, bool) { return processorTime(c.cmd.Process.Pid) })
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		o.err = writeFrame(c.in, r)
		if o.err == nil {
			o.err = readFrame(c.out, &o.reply)
		}
		done <- o
	}()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		select {
		case o := <-done:
			if o.err != nil {
				return reply{}, c.broken(ctx, o.err)
			}
			c.used = o.reply.Used
			return o.reply, nil
		case <-ctx.Done():
			c.end()
			return reply{}, cancelled(ctx)
		case <-poll.C:
			if over := spent.over(); over != nil {
				c.end()
				return reply{}, over
			}
			resident := residentBytes(c.cmd.Process.Pid)
			c.peak = max(c.peak, resident)
			if resident > c.memory-headroom(c.memory) {
				c.end()
				return reply{}, tooLarge(c.memory)
			}
		}
	}
}

// headroom is kept free below the limit, because memory grows between two looks.
func headroom(memory int64) int64 { return memory / 5 }

// broken says why the pipe of a child ended.
func (c *child) broken(ctx context.Context, cause error) error {
	c.end()
	switch words := c.words.String(); {
	case ctx.Err() != nil:
		return cancelled(ctx)
	case strings.Contains(words, "out of memory"):
		return tooLarge(c.memory)
	case strings.Contains(words, "stack"):
		return fault.New(fault.Invalid, "policy_too_deep",
			"Susunan aturan ini terlalu dalam. Pecah menjadi beberapa aturan yang lebih pendek.").Because(cause)
	default:
		return fault.New(fault.Invalid, "policy_crashed",
			"Aturan ini membuat pemeriksaan berhenti sebelum selesai. Sederhanakan bagian yang terakhir diubah, lalu coba lagi.").
			Because(fmt.Errorf("%w %s", cause, words))
	}
}

func tooLarge(memory int64) error {
	return fault.New(fault.Invalid, "policy_too_much_memory", "Aturan ini dihentikan karena memakai memori lebih dari "+
		strconv.FormatInt(memory>>20, 10)+" MB. Cari tulisan atau daftar yang terus digandakan, lalu sederhanakan.")
}

// place finds in the words of an evaluation error where it happened: "need.rego:12: eval_…".
var place = regexp.MustCompile(`([\w./-]+\.rego):(\d+)`)

// mistaken is the fault of rules whose evaluation ended in an error. Its cause may quote facts; the
// sentence only names the line.
func mistaken(err error) error {
	where := ""
	if m := place.FindStringSubmatch(err.Error()); m != nil {
		where = " di berkas " + m[1] + " baris " + m[2]
	}
	f := fault.New(fault.Invalid, "policy_failed", "Aturan ini gagal dihitung"+where+
		". Periksa apakah nilai di sana selalu ada, jenisnya benar, dan tidak terlalu besar.")
	return f.Because(err)
}

func cancelled(ctx context.Context) error {
	return fault.New(fault.Unavailable, "policy_check_cancelled", "Pemeriksaan aturan dibatalkan sebelum selesai.").Because(ctx.Err())
}

// firstWords keeps the first line that the runtime of a dying child writes. The rest is thrown away:
// it could quote facts of a person.
type firstWords struct {
	mu   sync.Mutex
	line []byte
	full bool
}

// Write implements io.Writer.
func (f *firstWords) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.full {
		line, _, ended := bytes.Cut(p, []byte("\n"))
		f.line = append(f.line, line[:min(len(line), 200)]...)
		f.full = ended || len(f.line) >= 200
	}
	return len(p), nil
}

// String gives the line if the runtime wrote it, since only those words are known to name nobody.
func (f *firstWords) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := string(f.line)
	if strings.HasPrefix(s, "fatal error:") || strings.HasPrefix(s, "runtime:") {
		return s
	}
	return ""
}
