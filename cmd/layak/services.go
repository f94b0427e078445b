package main

import (
	"layak/complaints"
	"layak/internal/audit"
	"layak/web"
)

// services hands package web what it asks for.
func (p *Program) services() web.Services {
	return web.Services{
		Checks: p.Checker, People: p.DB, Accounts: p.Accounts,
		Complaints: p.Complaints, Finder: &complaints.Finder{Store: p.DB, Clock: p.Clock}, Cases: p.Complaints, Calendars: p.Complaints.Calendars,
		Offices: p.Accounts, Named: namedOffices{p.Rules}, Imports: p.DB, Intake: p.Intake, Staffing: p.Accounts, Trail: audit.Desk{Store: p.DB}, Policies: p.DB,
		Registers: p.Register, Worklists: p.Worklists, Rechecks: p.Rechecks, Hours: p.Hours, Reports: p.Reports, Replies: p.Replies, Outbox: p.Outbox, Jobs: p.DB,
		Drafting: p.Workbench, Workbench: p.Workbench, RuleState: p.Rules, Bundles: bundleDesk{p}, Sandbox: p.Sandbox, Impacts: previews{p.Impact}, Trials: p.trials(),
	}
}
