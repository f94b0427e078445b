// Package auth owns who may do what: accounts, roles, units, scope, passwords, sessions and API
// tokens. It must not know SQL, HTTP or any rule of coverage.
package auth

import (
	"context"

	"layak/internal/area"
)

// Role is what an account may do; every account has exactly one.
type Role string

// The roles. Puskesmas and Kelurahan are the desk roles.
const (
	Puskesmas      Role = "puskesmas"   // desk at a puskesmas or hospital
	Kelurahan      Role = "kelurahan"   // desk at a kelurahan, desa or kecamatan
	Coordinator    Role = "coordinator" // verifies and routes for the whole regency
	PolicyOfficer  Role = "policy_officer"
	PolicyApprover Role = "policy_approver"
	Supervisor     Role = "supervisor"
	Auditor        Role = "auditor"
	Administrator  Role = "administrator"
)

// Roles lists all of them.
var Roles = []Role{Puskesmas, Kelurahan, Coordinator, PolicyOfficer, PolicyApprover, Supervisor, Auditor, Administrator}

// Actor is whoever acts: an account in a session, a token, the command line, the system.
type Actor struct {
	Name  string // goes into the trail: "rini", "os:budi", "token:rini/01J…", "system"
	User  string // account name; "" for the command line and the system
	Title string // name shown on screens: "dr. Rini W."
	Role  Role
	Unit  string      // unit code; "" when the account belongs to no unit
	Place string      // name of the unit as screens show it; "" without a unit
	Areas []area.Code // areas whose lists and names the actor may see
	All   bool        // whole regency: command line, system, and roles without a unit scope

	Limited    bool         // an API token narrowed to Only
	Only       []Permission // what a Limited actor may do, within its role
	MustChange bool         // the password was handed out by somebody else: change it first
}

// CommandLine is the actor of a person at the server's command line; osUser is the login name
// there.
func CommandLine(osUser string) Actor {
	return Actor{Name: "os:" + osUser, Title: osUser, Role: Operator, All: true}
}

// System is the actor of the program's own work: sweeping, sealing, first start.
func System() Actor { return Actor{Name: "system", Title: "Sistem", Role: Operator, All: true} }

// Sees tells whether the area lies in the actor's scope.
func (a Actor) Sees(c area.Code) bool {
	if a.All {
		return true
	}
	for _, own := range a.Areas {
		if own.Contains(c) {
			return true
		}
	}
	return false
}

type actorKey struct{}

// With puts the actor into the context.
func With(ctx context.Context, a Actor) context.Context { return context.WithValue(ctx, actorKey{}, a) }

// From takes the actor out of the context; the zero Actor, which may do nothing, when none is there.
func From(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}
