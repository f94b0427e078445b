package worker

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"layak/internal/fault"
	"layak/policy"
)

// What a child is asked for.
const (
	opVerify  = "verify"
	opFormat  = "format"
	opTest    = "test"
	opDecide  = "decide"
	opExplain = "explain"
	opRoute   = "route"
	opOpen    = "open"
	opClasses = "classes"
	opBriefs  = "briefs"
	opSingle  = "single"
)

// mostFrame bounds one message in either direction: a bundle is 4 MB at most, the values of one
// column of a registry can be a million.
const mostFrame = 128 << 20

// mostAnswer bounds what rules may yield in one request; a decision has a few kilobytes.
const mostAnswer = 32 << 20

type request struct {
	Op    string          `json:"op"`
	Limit time.Duration   `json:"limit"` // after which the child is killed
	Args  json.RawMessage `json:"args"`
}

type reply struct {
	Value json.RawMessage `json:"value,omitempty"`
	Fault *wireFault      `json:"fault,omitempty"`
	Error string          `json:"error,omitempty"` // kind of an error that is no fault, see classOf
	Used  used            `json:"used"`
}

// used is what the child has cost so far.
type used struct {
	CPU  float64 `json:"cpu"` // seconds since its start
	Heap uint64  `json:"heap"`
}

// wireFault is a fault.Error on its way through the pipe, with the words of its cause.
type wireFault struct {
	Kind    fault.Kind    `json:"kind"`
	Code    string        `json:"code"`
	Message string        `json:"message"`
	Fields  []fault.Field `json:"fields,omitempty"`
	Cause   string        `json:"cause,omitempty"`
}

// classOf names an error by its kind. Its words stay in the child: they may quote the rules, and so
// whatever somebody wrote into them, and an error that is no fault is logged whole.
func classOf(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return fmt.Sprintf("%T", err)
		}
		err = inner
	}
}

// failed puts an error into a reply.
func failed(err error) reply {
	f := fault.As(err)
	if f == nil {
		return reply{Error: classOf(err)}
	}
	w := &wireFault{Kind: f.Kind, Code: f.Code, Message: f.Message, Fields: f.Fields}
	if f.Err != nil {
		w.Cause = f.Err.Error()
	}
	return reply{Fault: w}
}

// err gives the error that a reply carries.
func (r reply) err(op string) error {
	if r.Fault != nil {
		f := &fault.Error{Kind: r.Fault.Kind, Code: r.Fault.Code, Message: r.Fault.Message, Fields: r.Fault.Fields}
		if r.Fault.Cause != "" {
			f.Err = errors.New(r.Fault.Cause)
		}
		return f
	}
	if r.Error != "" {
		return fmt.Errorf("rule worker %s: %s", op, r.Error)
	}
	return nil
}

type (
	bundleArgs  struct{ Bundle policy.Bundle }
	formatValue struct {
		Bundle  policy.Bundle
		Changed []string
	}
	decideArgs struct {
		Bundle policy.Bundle
		Inputs []policy.Input
	}
	routeArgs struct {
		Bundle     policy.Bundle
		Complaints []policy.RoutingInput
	}
)

// writeFrame writes one message: its length in four bytes, then JSON.
func writeFrame(w io.Writer, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if len(data) > mostFrame {
		return fmt.Errorf("message of %d bytes", len(data))
	}
	var head [4]byte
	binary.BigEndian.PutUint32(head[:], uint32(len(data)))
	_, err = w.Write(head[:])
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// readFrame reads one message; io.EOF when the other side closed between two.
func readFrame(r io.Reader, v any) error {
	var head [4]byte
	_, err := io.ReadFull(r, head[:])
	if err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > mostFrame {
		return fmt.Errorf("message of %d bytes", n)
	}
	data := make([]byte, n)
	_, err = io.ReadFull(r, data)
	if err != nil {
		return fmt.Errorf("read message: %w", err)
	}
	return json.Unmarshal(data, v)
}
