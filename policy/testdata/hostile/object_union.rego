# Objects of a hundred thousand keys are united.
# wants: cut policy_too_slow|policy_too_much_memory|policy_failed
package layak.eligibility

o[k] := 1 if {
	some a in ten
	some b in ten
	some c in ten
	some d in ten
	some e in ten
	k := $"{a}-{b}-{c}-{d}-{e}"
}

bomb if count([x | some a in ten; some b in ten; x := object.union(o, {$"{a}-{b}": 1})]) < 0

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
