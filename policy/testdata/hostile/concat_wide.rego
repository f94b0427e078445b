# One call joins a long text a thousand times.
# wants: cut policy_failed
package layak.eligibility

t0 := "aaaaaaaaaa"

t1 := concat("", [t0, t0])

t2 := concat("", [t1, t1])

t3 := concat("", [t2, t2])

t4 := concat("", [t3, t3])

t5 := concat("", [t4, t4])

t6 := concat("", [t5, t5])

t7 := concat("", [t6, t6])

t8 := concat("", [t7, t7])

t9 := concat("", [t8, t8])

t10 := concat("", [t9, t9])

t11 := concat("", [t10, t10])

t12 := concat("", [t11, t11])

t13 := concat("", [t12, t12])

bomb if count(concat("", [t13 | some a in ten; some b in ten; some c in ten])) > 0

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
