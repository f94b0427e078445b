# The empty text stands between all letters.
# wants: cut policy_failed
package layak.eligibility

t0 := "aaaaaaaaaa"

t1 := replace(t0, "", t0)

t2 := replace(t1, "", t1)

t3 := replace(t2, "", t2)

t4 := replace(t3, "", t3)

t5 := replace(t4, "", t4)

t6 := replace(t5, "", t5)

t7 := replace(t6, "", t6)

t8 := replace(t7, "", t7)

t9 := replace(t8, "", t8)

t10 := replace(t9, "", t9)

t11 := replace(t10, "", t10)

t12 := replace(t11, "", t11)

t13 := replace(t12, "", t12)

t14 := replace(t13, "", t13)

t15 := replace(t14, "", t14)

t16 := replace(t15, "", t15)

t17 := replace(t16, "", t16)

t18 := replace(t17, "", t17)

t19 := replace(t18, "", t18)

t20 := replace(t19, "", t19)

t21 := replace(t20, "", t20)

t22 := replace(t21, "", t21)

t23 := replace(t22, "", t22)

t24 := replace(t23, "", t23)

t25 := replace(t24, "", t24)

t26 := replace(t25, "", t25)

t27 := replace(t26, "", t26)

t28 := replace(t27, "", t27)

t29 := replace(t28, "", t28)

t30 := replace(t29, "", t29)

bomb if count(t30) > 0
