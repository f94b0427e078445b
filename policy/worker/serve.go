package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"

	"layak/internal/fault"
	"layak/policy"
)

// envChild is set in the environment of a child; its value is the memory limit in bytes. envPurpose
// tells it what for.
const (
	envChild   = "LAYAK_POLICY_WORKER"
	envPurpose = "LAYAK_POLICY_WORKER_FOR"
)

// Every binary that holds this package can be a child, the binaries of tests among them: none may
// run its own main, or its tests, when it was started as one.
func init() {
	if os.Getenv(envChild) == "" {
		return
	}
	err := Serve(os.Stdin, os.Stdout)
	if err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// mostStack bounds the stack of one goroutine in a child; rules that nest deeper end it.
const mostStack = 64 << 20

// A child collects its garbage less often than a service that lives for months, as long as it is far from
// its limit: it has few megabytes that last.
const (
	wasteful = 300 // percent of what lasts, against the usual 100
	frugal   = 2   // it collects without rest above one in so many of its limit

	nearlyDue = 60 // percent of what it may fill before it collects
)

// Serve is the child: it answers requests until its input ends. It limits the whole process that
// calls it and never gives that back.
func Serve(in io.Reader, out io.Writer) error {
	memory, err := strconv.ParseInt(os.Getenv(envChild), 10, 64)
	if err != nil || memory <= 0 {
		memory = Usual.Memory
	}
	err = stepBack()
	if err != nil {
		return fmt.Errorf("lower priority of rule worker: %w", err)
	}
	debug.SetMaxStack(mostStack)
	debug.SetMemoryLimit(memory / frugal)
	debug.SetGCPercent(wasteful)
	h := &handler{}
	if purpose(os.Getenv(envPurpose)) != forSession {
		err = h.warm()
		if err != nil {
			return err
		}
	}
	err = limitSelf(memory)
	if err != nil {
		return fmt.Errorf("limit rule worker: %w", err)
	}
	requests := make(chan request)
	go listen(in, requests)
	to := bufio.NewWriter(out)
	answer := func(v any) error {
		err := writeFrame(to, v)
		if err != nil {
			return err
		}
		return to.Flush()
	}
	err = answer(struct{}{})
	for err == nil {
		r, open := <-requests
		if !open {
			return nil
		}
		err = answer(h.answer(r))
		tidy()
	}
	return err
}

// tidy collects garbage that is nearly due while nobody waits for an answer, so that the next one need not.
func tidy() {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/gc/heap/goal:bytes"}}
	metrics.Read(heap)
	for _, h := range heap {
		if h.Value.Kind() != metrics.KindUint64 {
			return
		}
	}
	if heap[0].Value.Uint64() > heap[1].Value.Uint64()/100*nearlyDue {
		runtime.GC()
	}
}

// listen passes requests on. When the input ends the parent is gone, and a child that is in the
// middle of a rule has nobody left to kill it: it ends here.
func listen(in io.Reader, requests chan<- request) {
	from := bufio.NewReaderSize(in, 1<<16)
	for {
		var r request
		err := readFrame(from, &r)
		if err != nil {
			os.Exit(0)
		}
		requests <- r
	}
}

// handler answers the requests of one child.
type handler struct {
	engine     *policy.Engine // of the last bundle that was decided by
	population *population    // of a session
}

// warm does once what the first request would wait for. What it finds is of no matter here.
func (h *handler) warm() error {
	_, err := policy.Verify(context.Background(), policy.Shipped())
	debug.FreeOSMemory()
	return err
}

func (h *handler) answer(r request) reply {
	ctx, cancel := soon(r.Op, r.Limit)
	defer cancel()
	value, err := h.do(ctx, r)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	var out reply
	if err == nil {
		out.Value, err = json.Marshal(value)
	}
	if err == nil && len(out.Value) > mostAnswer {
		err = fault.New(fault.Invalid, "policy_answer_too_large",
			"Jawaban aturan ini terlalu panjang. Batasi daftar atau tulisan yang dihasilkan.")
	}
	if err != nil {
		out = failed(err)
	}
	cpu, _ := ownTime()
	out.Used = used{CPU: cpu.Seconds(), Heap: lasting()}
	return out
}

// lasting is the memory that was still in use when garbage was collected last.
func lasting() uint64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if live[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return live[0].Value.Uint64()
}

// decode reads the arguments of a request.
func decode[T any](r request) (args T, err error) {
	err = json.Unmarshal(r.Args, &args)
	if err != nil {
		return args, fmt.Errorf("read arguments: %w", err)
	}
	return args, nil
}

func (h *handler) do(ctx context.Context, r request) (any, error) {
	switch r.Op {
	case opVerify:
		a, err := decode[bundleArgs](r)
		if err != nil {
			return nil, err
		}
		return policy.Verify(ctx, a.Bundle)
	case opFormat:
		a, err := decode[bundleArgs](r)
		if err != nil {
			return nil, err
		}
		b, changed, err := policy.Format(a.Bundle)
		return formatValue{b, changed}, err
	case opTest:
		a, err := decode[bundleArgs](r)
		if err != nil {
			return nil, err
		}
		return policy.Test(policy.WithMeter(ctx, ownTime), a.Bundle)
	case opDecide:
		return h.decide(ctx, r)
	case opExplain:
		return h.explain(ctx, r)
	case opRoute:
		return h.route(ctx, r)
	case opOpen:
		return h.open(ctx, r)
	case opClasses:
		return h.classes(ctx, r)
	case opBriefs:
		return h.briefs(ctx, r, (*policy.Engine).Brief)
	case opSingle:
		return h.briefs(ctx, r, inFull)
	}
	return nil, fmt.Errorf("unknown request %q", r.Op)
}

// engineOf keeps the engine of the last bundle, since an officer tries many people on one draft.
func (h *handler) engineOf(ctx context.Context, b policy.Bundle) (*policy.Engine, error) {
	if h.engine != nil && h.engine.Hash() == b.Hash() {
		return h.engine, nil
	}
	e, err := policy.NewEngine(ctx, b)
	if err != nil {
		return nil, err
	}
	h.engine = e
	return e, nil
}

func (h *handler) decide(ctx context.Context, r request) (any, error) {
	a, err := decode[decideArgs](r)
	if err != nil {
		return nil, err
	}
	e, err := h.engineOf(ctx, a.Bundle)
	if err != nil {
		return nil, err
	}
	out := make([]policy.Decision, len(a.Inputs))
	for i, in := range a.Inputs {
		out[i], err = e.Decide(ctx, in)
		if err != nil {
			return nil, asFault(err)
		}
	}
	return out, nil
}

func (h *handler) explain(ctx context.Context, r request) (any, error) {
	a, err := decode[decideArgs](r)
	if err != nil {
		return nil, err
	}
	if len(a.Inputs) != 1 {
		return nil, fmt.Errorf("explain %d inputs", len(a.Inputs))
	}
	e, err := h.engineOf(ctx, a.Bundle)
	if err != nil {
		return nil, err
	}
	out, err := policy.Explain(policy.WithMeter(ctx, ownTime), e, a.Inputs[0])
	if err != nil {
		return nil, asFault(err)
	}
	return out, nil
}

func (h *handler) route(ctx context.Context, r request) (any, error) {
	a, err := decode[routeArgs](r)
	if err != nil {
		return nil, err
	}
	e, err := h.engineOf(ctx, a.Bundle)
	if err != nil {
		return nil, err
	}
	out := make([]policy.Routing, len(a.Complaints))
	for i, c := range a.Complaints {
		out[i], err = e.Route(ctx, c)
		if err != nil {
			return nil, asFault(err)
		}
	}
	return out, nil
}

// asFault turns a defect of rules on trial into words for the officer who wrote them. In the rules
// that decide it would be a defect of the service.
func asFault(err error) error {
	if fault.As(err) != nil {
		return err
	}
	return mistaken(err)
}
