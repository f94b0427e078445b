package storage

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockFile locks a file, made when missing; ok is false when another holder has it.
func lockFile(path string) (release func(), ok bool, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, err
	}
	err = windows.LockFileEx(windows.Handle(f.Fd()),
		windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, new(windows.Overlapped))
	if err == nil {
		return func() { _ = f.Close() }, true, nil
	}
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		err = nil
	}
	return nil, false, errors.Join(err, f.Close())
}
