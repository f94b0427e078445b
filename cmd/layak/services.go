package main

import "layak/web"

// services hands package web what it asks for.
func (p *Program) services() web.Services {
	return web.Services{
		Checks: p.Checker, People: p.DB, Accounts: p.Accounts,
		Complaints: p.Complaints, Offices: p.Accounts, Imports: p.DB, Intake: p.Intake, Policies: p.DB,
	}
}
