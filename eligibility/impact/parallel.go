package impact

import (
	"runtime"
	"sync"
)

// inParallel runs fn for 0 … n-1 on all cores, each in stretches, and gives the first error.
func inParallel(n int, fn func(i int) error) error {
	return inStretches(n, 16, func(_, from, to int) error {
		for i := from; i < to; i++ {
			if err := fn(i); err != nil {
				return err
			}
		}
		return nil
	})
}

// inStretches cuts 0 … n-1 into one stretch for each core, none shorter than least, and gives the
// first error. who counts the stretches.
func inStretches(n, least int, fn func(who, from, to int) error) error {
	workers := stretches(n, least)
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() { errs[w] = fn(w, w*n/workers, (w+1)*n/workers) })
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func stretches(n, least int) int { return max(1, min(runtime.GOMAXPROCS(0), n/least)) }

// eachOf runs fn for 0 … n-1, few and long ones, on all cores.
func eachOf(n int, fn func(i int)) {
	_ = inStretches(n, 1, func(_, from, to int) error {
		for i := from; i < to; i++ {
			fn(i)
		}
		return nil
	})
}
