package main

import "layak/policy/worker"

// policyWorkerCmd is the child process in which rules run that nobody has approved yet. The program
// starts it itself; it answers on its standard input and output until the input ends.
type policyWorkerCmd struct{}

// Run serves the parent process.
func (policyWorkerCmd) Run(k *call) error { return worker.Serve(k.in, k.out) }
