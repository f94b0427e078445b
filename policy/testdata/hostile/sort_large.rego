# A list of a million lists is sorted.
# wants: cut policy_too_slow|policy_too_much_memory|policy_failed
package layak.eligibility

bomb if count(sort([[f, e, d, c, b, a] | some a in ten; some b in ten; some c in ten; some d in ten; some e in ten; some f in ten])) < 0

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
