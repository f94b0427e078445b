# Sets of a hundred thousand members are united again and again.
# wants: cut policy_too_slow|policy_too_much_memory|policy_failed
package layak.eligibility

s := {[a, b, c, d, e] | some a in ten; some b in ten; some c in ten; some d in ten; some e in ten}

bomb if count({x | some a in ten; some b in ten; some x in s | {[a, b]}}) < 0

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
