package main

import (
	"bufio"
	"bytes"
	"context"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"testing"
	"time"

	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/testkit"
	"layak/policy"
)

// longestSwitch is when the test gives up; what is promised is two seconds on a machine that is not busy, and
// the measured time is logged.
const longestSwitch = 10 * time.Second

// TestTwoServicesSwitchTogether has two processes of the service on one PostgreSQL: after other rules came into
// force, and after the way back, each answers by them within a moment, and each determination names the rules
// that decided it.
func TestTwoServicesSwitchTogether(t *testing.T) {
	h := &house{t, t.TempDir(), testkit.Postgres(t)}
	p := h.open()
	operator := asOperator(t.Context())
	_, err := p.Accounts.AddStaff(operator, auth.NewStaff{User: "sri", Name: "Sri", Role: auth.Coordinator, Password: "kuda lumping menari"})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := p.Accounts.IssueToken(operator, auth.NewToken{User: "sri", Label: "uji"})
	if err != nil {
		t.Fatal(err)
	}
	services := []api{{t, h.ownProcess(), token}, {t, h.ownProcess(), token}}
	first := p.Rules.InForce()
	decidedBy := func(a api) string {
		d := a.call(http.MethodPost, "/api/v1/checks", http.StatusOK, map[string]any{"nik": string(samplePatient)})
		hash, _ := d["revision"].(string)
		return hash
	}
	switched := func(what, hash string, act func() error) {
		t.Helper()
		began := time.Now()
		err := act()
		if err != nil {
			t.Fatal(err)
		}
		acted := time.Since(began)
		for i, a := range services {
			for decidedBy(a) != hash {
				if time.Since(began) > longestSwitch {
					t.Fatalf("%s: service %d still decides by other rules", what, i+1)
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Logf("%s: written after %v, service %d decides by it after %v", what, acted.Round(time.Millisecond), i+1, time.Since(began).Round(time.Millisecond))
		}
	}
	for i, a := range services {
		if got := decidedBy(a); got != first {
			t.Fatalf("service %d begins with %s", i+1, got)
		}
	}
	bundle := policy.Bundle{Files: maps.Clone(policy.Shipped().Files)}
	bundle.Files["need.rego"] = append(bytes.Clone(bundle.Files["need.rego"]), "# lain\n"...)
	other := h.approved(p, bundle)
	approver := auth.With(t.Context(), auth.Actor{Name: "bambang", User: "bambang", Role: auth.PolicyApprover})
	switched("other rules", other, func() error {
		return p.DB.ActivateRevision(approver, other, audit.Entry{Actor: "bambang", Act: "revision.activate", Object: "revision"})
	})
	switched("the way back", first, func() error { return p.Workbench.Rollback(approver, first, "SK dicabut") })
}

// approved stores rules as a revision that may come into force.
func (h *house) approved(p *Program, b policy.Bundle) string {
	h.t.Helper()
	var packed bytes.Buffer
	err := b.WriteTarGz(&packed)
	if err != nil {
		h.t.Fatal(err)
	}
	e := audit.Entry{Actor: "bambang", Act: "revision.approve", Object: "revision"}
	_, err = p.DB.SaveRevision(h.t.Context(), policy.Revision{Hash: b.Hash(), Stage: policy.Proposed, Bundle: packed.Bytes(), CreatedBy: "sari"}, e)
	if err == nil {
		err = p.DB.ApproveRevision(h.t.Context(), b.Hash(), e)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return b.Hash()
}

// ownProcess starts a service as a process of its own and gives its address.
func (h *house) ownProcess() string {
	h.t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestAServiceOfItsOwn$")
	cmd.Env = append(os.Environ(), "LAYAK_TEST_SERVICE="+h.db, "LAYAK_TEST_KEY="+h.path("layak.key"))
	out, err := cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	err = cmd.Start()
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if m := addressLine.FindStringSubmatch(lines.Text()); m != nil {
			go func() {
				for lines.Scan() { // so that it is never held up by what nobody reads
				}
			}()
			return m[1]
		}
	}
	h.t.Fatal("the service did not start")
	return ""
}

// TestAServiceOfItsOwn is not a test: it is the process that the test above starts.
func TestAServiceOfItsOwn(t *testing.T) {
	db := os.Getenv("LAYAK_TEST_SERVICE")
	if db == "" {
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	code := run(ctx, streams{strings.NewReader(""), os.Stdout, os.Stderr}, []string{"--db", db, "--key-file", os.Getenv("LAYAK_TEST_KEY"), "serve", "--addr", "127.0.0.1:0"})
	if code != exitDone {
		t.Errorf("exit %d", code)
	}
}
