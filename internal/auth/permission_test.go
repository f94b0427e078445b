package auth

import (
	"slices"
	"testing"

	"layak/internal/fault"
)

// TestTable asserts what must never become true by a hasty edit of the table.
func TestTable(t *testing.T) {
	all := Permissions()
	for _, role := range append(slices.Clone(Roles), Operator) {
		seen := map[Permission]bool{}
		for _, p := range role.Permissions() {
			if !slices.Contains(all, p) {
				t.Errorf("%s holds %s, which Permissions does not list", role, p)
			}
			if seen[p] {
				t.Errorf("%s holds %s twice", role, p)
			}
			seen[p] = true
		}
	}
	apart := [][2]Permission{
		{PolicyEdit, PolicyApprove},  // four eyes on rules
		{StaffManage, ComplaintRead}, // who makes accounts reads no case
		{StaffManage, CheckPerson},   // and looks nobody up
		{AuditRead, ComplaintDecide}, // who watches does not decide
		{AuditRead, PersonUnmask},
	}
	for _, role := range Roles {
		for _, pair := range apart {
			if role.May(pair[0]) && role.May(pair[1]) {
				t.Errorf("%s holds both %s and %s", role, pair[0], pair[1])
			}
		}
		if !role.May(AccountOwn) {
			t.Errorf("%s cannot change the own password", role)
		}
	}
	for _, p := range all {
		if !slices.ContainsFunc(Roles, func(r Role) bool { return r.May(p) }) {
			t.Errorf("no role holds %s", p)
		}
	}
}

func TestCan(t *testing.T) {
	clerk := Actor{Name: "rini", User: "rini", Role: Kelurahan}
	token := clerk
	token.Limited, token.Only = true, []Permission{CheckPerson, PolicyEdit}
	fresh := clerk
	fresh.MustChange = true
	emptyToken := clerk
	emptyToken.Limited = true
	cases := []struct {
		name  string
		actor Actor
		p     Permission
		want  bool
	}{
		{"nobody signed in", Actor{}, CheckPerson, false},
		{"nobody, though the scope is wide", Actor{All: true}, CheckPerson, false},
		{"a role nobody defined", Actor{Role: "bupati"}, AccountOwn, false},
		{"a clerk checks", clerk, CheckPerson, true},
		{"a clerk does not edit rules", clerk, PolicyEdit, false},
		{"a token inside its limit", token, CheckPerson, true},
		{"a token outside its limit", token, ComplaintFile, false},
		{"a token never exceeds the role", token, PolicyEdit, false},
		{"a token limited to nothing", emptyToken, CheckPerson, false},
		{"a handed-out password checks nobody", fresh, CheckPerson, false},
		{"a handed-out password can be changed", fresh, AccountOwn, true},
		{"the command line imports", CommandLine("budi"), ImportRun, true},
		{"the command line has no own password", CommandLine("budi"), AccountOwn, false},
		{"the system has no own token", System(), TokenOwn, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.actor.Can(c.p); got != c.want {
				t.Errorf("Can(%s) = %v", c.p, got)
			}
			err := c.actor.Require(c.p)
			if (err == nil) != c.want || err != nil && !fault.Is(err, fault.Forbidden) {
				t.Errorf("Require(%s) = %v", c.p, err)
			}
		})
	}
}

func TestNoAccountIsOperator(t *testing.T) {
	if slices.Contains(Roles, Operator) {
		t.Fatal("an account could be given the operator role")
	}
}
