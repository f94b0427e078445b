package web

import "layak/policy"

// onlyRouting tells that two rule sets differ in how complaints are handled and in nothing else: a preview
// over residents then finds no change, and must not be read as "nothing happens".
func onlyRouting(base, draft map[string][]byte) bool {
	return policy.KindsApart(policy.Bundle{Files: base}, policy.Bundle{Files: draft}).OnlyRouting()
}
