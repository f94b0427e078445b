package worker

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// dieWithParent has the kernel end the child when its parent ends, however that happens.
func dieWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

// limitSelf takes from the process what a rule can have no use for. RLIMIT_AS would not do: an idle
// program maps more than a gigabyte that it never touches.
func limitSelf(memory int64) error {
	data, err := dataBytes()
	if err != nil {
		return err
	}
	for _, l := range []struct {
		what  int
		limit uint64
	}{
		{unix.RLIMIT_DATA, uint64(data + memory)},
		{unix.RLIMIT_CPU, mostCPU},
		{unix.RLIMIT_FSIZE, 0},
		{unix.RLIMIT_CORE, 0},
		{unix.RLIMIT_NOFILE, 64},
	} {
		err = unix.Setrlimit(l.what, &unix.Rlimit{Cur: l.limit, Max: l.limit})
		if err != nil {
			return err
		}
	}
	return unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
}

// modest is how nice a child is, of 0 to 19: beside a service that is busy it gets a tenth of a processor.
const modest = 10

// stepBack lets the desks go first: what an officer tries must not slow a check. A child leads a group of its
// own, and of a group Linux means every thread; of a process it means the one that asks, and others have been
// started already. What they start is as nice as they are.
func stepBack() error {
	if unix.Getpgrp() != os.Getpid() {
		return unix.Setpriority(unix.PRIO_PROCESS, 0, modest)
	}
	return unix.Setpriority(unix.PRIO_PGRP, 0, modest)
}

// dataBytes is how much writable memory the process has mapped.
func dataBytes() (int64, error) { return statusBytes("self", "VmData:") }

// statusBytes reads one line of what the kernel tells about a process.
func statusBytes(process, line string) (int64, error) {
	status, err := os.ReadFile("/proc/" + process + "/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := bytes.Cut(status, []byte(line))
	var kilobytes int64
	_, err = fmt.Sscanf(string(rest[:min(len(rest), 40)]), "%d kB", &kilobytes)
	return kilobytes << 10, err
}

// peakBytes is the most memory that a living process ever had, 0 when it is gone.
func peakBytes(pid int) int64 {
	n, err := statusBytes(strconv.Itoa(pid), "VmHWM:")
	if err != nil {
		return 0
	}
	return n
}

var pageSize = int64(os.Getpagesize())

// residentBytes is the memory of a process, 0 when it is gone.
func residentBytes(pid int) int64 {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(data)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * pageSize
}

// processorTime is what a process has used of all processors since its start; false when it is gone.
func processorTime(pid int) (time.Duration, bool) {
	const ofProcess = 2 // CPUCLOCK_SCHED of the whole process, in the low bits of its clock
	var t unix.Timespec
	err := unix.ClockGettime(int32(^pid<<3|ofProcess), &t)
	if err != nil {
		return 0, false
	}
	return time.Duration(t.Nano()), true
}

func ownTime() (time.Duration, bool) { return processorTime(os.Getpid()) }
