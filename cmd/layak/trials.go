package main

import (
	"layak/eligibility"
	"layak/eligibility/trial"
)

// trials is where rules are tried on people; what nobody has approved runs in a process of its own.
func (p *Program) trials() *trial.Desk {
	return &trial.Desk{Store: p.DB, Sandbox: p.Sandbox, Explainer: p.Sandbox, Registry: p.Checker, Records: p.Checker, Revisions: p.DB, Trail: p.DB, Clock: p.Clock, Zone: eligibility.WIB}
}
