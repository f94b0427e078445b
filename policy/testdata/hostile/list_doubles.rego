# A list is joined with itself 40 times.
# wants: cut policy_failed
package layak.eligibility

t0 := [1, 2]

t1 := array.concat(t0, t0)

t2 := array.concat(t1, t1)

t3 := array.concat(t2, t2)

t4 := array.concat(t3, t3)

t5 := array.concat(t4, t4)

t6 := array.concat(t5, t5)

t7 := array.concat(t6, t6)

t8 := array.concat(t7, t7)

t9 := array.concat(t8, t8)

t10 := array.concat(t9, t9)

t11 := array.concat(t10, t10)

t12 := array.concat(t11, t11)

t13 := array.concat(t12, t12)

t14 := array.concat(t13, t13)

t15 := array.concat(t14, t14)

t16 := array.concat(t15, t15)

t17 := array.concat(t16, t16)

t18 := array.concat(t17, t17)

t19 := array.concat(t18, t18)

t20 := array.concat(t19, t19)

t21 := array.concat(t20, t20)

t22 := array.concat(t21, t21)

t23 := array.concat(t22, t22)

t24 := array.concat(t23, t23)

t25 := array.concat(t24, t24)

t26 := array.concat(t25, t25)

t27 := array.concat(t26, t26)

t28 := array.concat(t27, t27)

t29 := array.concat(t28, t28)

t30 := array.concat(t29, t29)

t31 := array.concat(t30, t30)

t32 := array.concat(t31, t31)

t33 := array.concat(t32, t32)

t34 := array.concat(t33, t33)

t35 := array.concat(t34, t34)

t36 := array.concat(t35, t35)

t37 := array.concat(t36, t36)

t38 := array.concat(t37, t37)

t39 := array.concat(t38, t38)

t40 := array.concat(t39, t39)

bomb if count(t40) > 0
