// Package eligibility owns the people of the registry (resident, household, welfare, membership),
// the papers shown at a desk, and the step from both to a determination: it gathers Facts, asks
// package policy, and stores what was decided with everything needed to decide it again.
//
// It must not know SQL, HTTP, workbooks or OPA, and it holds no rule of coverage: whether a fact
// entitles anybody is written in policy/rules alone.
package eligibility
