# A test that replaces the facts a million times.
# wants: cut policy_too_slow|policy_too_much_memory|failed
package layak.eligibility_test

import data.layak.eligibility

test_many if {
	some a0 in ten
	some a1 in ten
	some a2 in ten
	some a3 in ten
	some a4 in ten
	some a5 in ten
	not eligibility.decision.outcome == "x" with input as {"service_on": $"20{a0}{a1}-01-01"}
	a0 + a5 == 0
}

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
