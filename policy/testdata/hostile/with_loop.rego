# The facts are replaced in a loop.
# wants: refused with
package layak.eligibility

bomb if {
	some a in ten
	input.welfare.desil == 1 with input.welfare.desil as a
}

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
