# Every letter becomes ten, again and again.
# wants: cut policy_failed
package layak.eligibility

t0 := "aaaaaaaaaa"

t1 := replace(t0, "a", "aaaaaaaaaa")

t2 := replace(t1, "a", "aaaaaaaaaa")

t3 := replace(t2, "a", "aaaaaaaaaa")

t4 := replace(t3, "a", "aaaaaaaaaa")

t5 := replace(t4, "a", "aaaaaaaaaa")

t6 := replace(t5, "a", "aaaaaaaaaa")

t7 := replace(t6, "a", "aaaaaaaaaa")

t8 := replace(t7, "a", "aaaaaaaaaa")

t9 := replace(t8, "a", "aaaaaaaaaa")

t10 := replace(t9, "a", "aaaaaaaaaa")

t11 := replace(t10, "a", "aaaaaaaaaa")

t12 := replace(t11, "a", "aaaaaaaaaa")

t13 := replace(t12, "a", "aaaaaaaaaa")

t14 := replace(t13, "a", "aaaaaaaaaa")

t15 := replace(t14, "a", "aaaaaaaaaa")

t16 := replace(t15, "a", "aaaaaaaaaa")

t17 := replace(t16, "a", "aaaaaaaaaa")

t18 := replace(t17, "a", "aaaaaaaaaa")

t19 := replace(t18, "a", "aaaaaaaaaa")

t20 := replace(t19, "a", "aaaaaaaaaa")

t21 := replace(t20, "a", "aaaaaaaaaa")

t22 := replace(t21, "a", "aaaaaaaaaa")

t23 := replace(t22, "a", "aaaaaaaaaa")

t24 := replace(t23, "a", "aaaaaaaaaa")

t25 := replace(t24, "a", "aaaaaaaaaa")

t26 := replace(t25, "a", "aaaaaaaaaa")

t27 := replace(t26, "a", "aaaaaaaaaa")

t28 := replace(t27, "a", "aaaaaaaaaa")

t29 := replace(t28, "a", "aaaaaaaaaa")

t30 := replace(t29, "a", "aaaaaaaaaa")

bomb if count(t30) > 0
