package main

import (
	"time"

	"layak/policy/worker"
)

// policyWorkerCmd is the child process in which rules run that nobody has approved yet. The program
// starts it itself; it answers on its standard input and output until the input ends.
type policyWorkerCmd struct{}

// Run serves the parent process.
func (policyWorkerCmd) Run(k *call) error { return worker.Serve(k.in, k.out) }

// rulesOnTrial gives the process in which a folder of rules that nobody has answered for is looked at. It
// has longer than the service gives it, since nobody else waits and the machine of a build may be slow;
// memory is as scarce.
func rulesOnTrial() *worker.Pool {
	return worker.New(worker.Limits{Time: 10 * time.Second, Tests: time.Minute})
}
