package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"layak/policy"
)

// TestChildrenEndWithTheirParent starts a parent that starts a child, kills the parent in the middle of
// a rule, and looks for the child.
func TestChildrenEndWithTheirParent(t *testing.T) {
	if os.Getenv("LAYAK_TEST_PARENT") != "" {
		parent()
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestChildrenEndWithTheirParent$")
	cmd.Env = append(os.Environ(), "LAYAK_TEST_PARENT=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	_, err = fmt.Fscanf(out, "child %d\n", &pid)
	if err != nil || residentBytes(pid) == 0 {
		t.Fatal(pid, err)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	for range 300 {
		if residentBytes(pid) == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("the child lives on")
}

func parent() {
	c, err := start(Usual.Memory, forRequests, time.Minute)
	if err != nil {
		panic(err)
	}
	args, err := json.Marshal(decideArgs{slow(), []policy.Input{siti()}})
	if err != nil {
		panic(err)
	}
	fmt.Printf("child %d\n", c.cmd.Process.Pid)
	_, err = c.exchange(context.Background(), request{Op: opDecide, Args: args}, time.Hour)
	panic(err) // nobody ended us
}

// TestAChildSeesNothingOfUs looks at what the child was started with: no address of a database, no key.
func TestAChildSeesNothingOfUs(t *testing.T) {
	t.Setenv("LAYAK_DB", "postgres://layak:rahasia@localhost/layak")
	c, err := start(Usual.Memory, forRequests, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer c.end()
	environ, err := os.ReadFile("/proc/" + strconv.Itoa(c.cmd.Process.Pid) + "/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range strings.Split(strings.TrimRight(string(environ), "\x00"), "\x00") {
		name, _, _ := strings.Cut(v, "=")
		if name != envChild && name != envPurpose && name != "GOMEMLIMIT" && name != "GOTRACEBACK" && name != "TZ" {
			t.Error("the child was given", name)
		}
	}
	limits, err := os.ReadFile("/proc/" + strconv.Itoa(c.cmd.Process.Pid) + "/limits")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Max file size             0 ", "Max open files            64 ", "Max cpu time              600 "} {
		if !strings.Contains(string(limits), want) {
			t.Errorf("not among the limits: %q\n%s", want, limits)
		}
	}
	if strings.Contains(string(limits), "Max data size             unlimited") {
		t.Error("memory is unlimited")
	}
}

// TestABusyMachineIsNotTheFaultOfRules stops a child for longer than its rules may take, as a machine does
// that has other work: they are decided when it goes on, and only when it does not is anything said, and
// that is no word about the rules.
func TestABusyMachineIsNotTheFaultOfRules(t *testing.T) {
	args, err := json.Marshal(decideArgs{policy.Shipped(), []policy.Input{siti()}})
	if err != nil {
		t.Fatal(err)
	}
	r := request{Op: opDecide, Args: args}
	held := func(limit, d time.Duration) error {
		c, err := start(Usual.Memory, forRequests, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		defer c.end()
		_ = c.cmd.Process.Signal(syscall.SIGSTOP)
		going := time.AfterFunc(d, func() { _ = c.cmd.Process.Signal(syscall.SIGCONT) })
		defer going.Stop()
		answer, err := c.exchange(t.Context(), r, limit)
		if err != nil {
			return err
		}
		return answer.err(opDecide)
	}
	if err := held(2*time.Second, 2500*time.Millisecond); err != nil && codeOf(err) != "machine_busy" {
		t.Error("stopped for a while:", err)
	}
	if err := held(100*time.Millisecond, time.Hour); codeOf(err) != "machine_busy" || !strings.Contains(err.Error(), "sibuk") {
		t.Error("stopped for good:", err)
	}
}

// TestTimeIsOfTheProcessor cuts rules off that never end, and looks how much they had.
func TestTimeIsOfTheProcessor(t *testing.T) {
	c, err := start(Usual.Memory, forRequests, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer c.end()
	args, err := json.Marshal(decideArgs{slow(), []policy.Input{siti()}})
	if err != nil {
		t.Fatal(err)
	}
	before, known := processorTime(c.cmd.Process.Pid)
	answer, err := c.exchange(t.Context(), request{Op: opDecide, Args: args}, time.Second)
	if err == nil {
		err = answer.err(opDecide)
	}
	after, still := processorTime(c.cmd.Process.Pid)
	if code := codeOf(err); code != "policy_too_slow" && code != "machine_busy" {
		t.Error(err)
	}
	if used := after - before; known && still && codeOf(err) == "policy_too_slow" && used < 800*time.Millisecond {
		t.Error("cut off after", used)
	}
}

// TestEveryThreadOfAChildStepsBack: a child that is kind with one thread only takes the processor with the
// others.
func TestEveryThreadOfAChildStepsBack(t *testing.T) {
	c, err := start(Usual.Memory, forRequests, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer c.end()
	tasks := "/proc/" + strconv.Itoa(c.cmd.Process.Pid) + "/task/"
	threads, err := os.ReadDir(tasks)
	if err != nil || len(threads) < 2 {
		t.Fatal(len(threads), err)
	}
	for _, thread := range threads {
		stat, err := os.ReadFile(tasks + thread.Name() + "/stat")
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		if nice := strings.Fields(rest)[16]; nice != strconv.Itoa(modest) {
			t.Errorf("thread %s is nice by %s", thread.Name(), nice)
		}
	}
}
