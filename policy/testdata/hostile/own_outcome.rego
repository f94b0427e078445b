# The answer is defined a second time, and differently.
# wants: cut policy_failed
package layak.eligibility

outcome := "not_eligible"

bomb if false
