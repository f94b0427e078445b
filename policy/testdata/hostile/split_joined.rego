# A text is split into letters and joined by itself.
# wants: cut policy_failed
package layak.eligibility

t0 := "abcdefghij"

t1 := concat(t0, split(t0, ""))

t2 := concat(t1, split(t1, ""))

t3 := concat(t2, split(t2, ""))

t4 := concat(t3, split(t3, ""))

t5 := concat(t4, split(t4, ""))

t6 := concat(t5, split(t5, ""))

t7 := concat(t6, split(t6, ""))

t8 := concat(t7, split(t7, ""))

t9 := concat(t8, split(t8, ""))

t10 := concat(t9, split(t9, ""))

t11 := concat(t10, split(t10, ""))

t12 := concat(t11, split(t11, ""))

t13 := concat(t12, split(t12, ""))

t14 := concat(t13, split(t13, ""))

t15 := concat(t14, split(t14, ""))

t16 := concat(t15, split(t15, ""))

t17 := concat(t16, split(t16, ""))

t18 := concat(t17, split(t17, ""))

t19 := concat(t18, split(t18, ""))

t20 := concat(t19, split(t19, ""))

bomb if count(t20) > 0
