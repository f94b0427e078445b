package worker

import (
	"os/exec"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// dieWithParent needs nothing here: the child ends when its input does.
func dieWithParent(*exec.Cmd) {}

// stepBack lets the desks go first.
func stepBack() error {
	return windows.SetPriorityClass(windows.CurrentProcess(), windows.BELOW_NORMAL_PRIORITY_CLASS)
}

// limitSelf leaves time and memory to the parent, which looks at both.
func limitSelf(int64) error { return nil }

// memoryCounters is PROCESS_MEMORY_COUNTERS of psapi.h.
type memoryCounters struct {
	size                       uint32
	pageFaults                 uint32
	peakWorkingSet, workingSet uintptr
	peakPagedPool, pagedPool   uintptr
	peakNonPaged, nonPaged     uintptr
	pageFile, peakPageFile     uintptr
}

var getProcessMemoryInfo = windows.NewLazySystemDLL("kernel32.dll").NewProc("K32GetProcessMemoryInfo")

// residentBytes is the memory of a process, 0 when it is gone.
func residentBytes(pid int) int64 {
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return 0
	}
	defer func() { _ = windows.CloseHandle(h) }()
	c := memoryCounters{size: uint32(unsafe.Sizeof(memoryCounters{}))}
	ok, _, _ := getProcessMemoryInfo.Call(uintptr(h), uintptr(unsafe.Pointer(&c)), uintptr(c.size))
	if ok == 0 {
		return 0
	}
	return int64(c.workingSet)
}

// processorTime is what a process has used of all processors since its start; false when it is gone.
func processorTime(pid int) (time.Duration, bool) {
	h, err := windows.OpenProcess(windows.PROCESS_QUERY_LIMITED_INFORMATION, false, uint32(pid))
	if err != nil {
		return 0, false
	}
	defer func() { _ = windows.CloseHandle(h) }()
	return timesOf(h)
}

func ownTime() (time.Duration, bool) { return timesOf(windows.CurrentProcess()) }

func timesOf(h windows.Handle) (time.Duration, bool) {
	var created, exited, kernel, user windows.Filetime
	err := windows.GetProcessTimes(h, &created, &exited, &kernel, &user)
	if err != nil {
		return 0, false
	}
	// In steps of 100 ns. Filetime.Nanoseconds would take them for a day of the calendar.
	steps := func(f windows.Filetime) int64 { return int64(f.HighDateTime)<<32 | int64(f.LowDateTime) }
	return time.Duration(steps(kernel)+steps(user)) * 100, true
}

// peakBytes is told on Linux only.
func peakBytes(int) int64 { return 0 }
