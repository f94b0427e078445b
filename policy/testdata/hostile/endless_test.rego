# A test that takes for ever.
# wants: cut policy_too_slow|failed
package layak.eligibility

test_endless if {
	some a0 in ten
	some a1 in ten
	some a2 in ten
	some a3 in ten
	some a4 in ten
	some a5 in ten
	some a6 in ten
	some a7 in ten
	some a8 in ten
	a0 + a8 == 0
}

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
