# A test that prints without end.
# wants: cut policy_too_slow|policy_too_much_memory|failed
package layak.eligibility

test_print if {
	some a0 in ten
	some a1 in ten
	some a2 in ten
	some a3 in ten
	some a4 in ten
	some a5 in ten
	some a6 in ten
	some a7 in ten
	some a8 in ten
	print(a0, a1, a2, a3)
	a0 + a8 == 0
}

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
