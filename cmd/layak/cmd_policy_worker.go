package main

import "layak/policy/worker"

// policyWorkerCmd is the child process in which rules run that nobody has approved yet. The program
// starts it itself; it answers on its standard input and output until the input ends.
type policyWorkerCmd struct{}

// Run serves the parent process.
func (policyWorkerCmd) Run(k *call) error { return worker.Serve(k.in, k.out) }

// rulesOnTrial gives the process in which a folder of rules that nobody has answered for is looked at,
// within the limits of the service: what passes here must pass there.
func rulesOnTrial() *worker.Pool { return worker.New(worker.Limits{}) }
