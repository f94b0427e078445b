# A long text in other letters, doubled on the way.
# wants: cut policy_failed
package layak.eligibility

t0 := "aaaaaaaaaa"

t1 := upper(concat("", [t0, lower(t0)]))

t2 := upper(concat("", [t1, lower(t1)]))

t3 := upper(concat("", [t2, lower(t2)]))

t4 := upper(concat("", [t3, lower(t3)]))

t5 := upper(concat("", [t4, lower(t4)]))

t6 := upper(concat("", [t5, lower(t5)]))

t7 := upper(concat("", [t6, lower(t6)]))

t8 := upper(concat("", [t7, lower(t7)]))

t9 := upper(concat("", [t8, lower(t8)]))

t10 := upper(concat("", [t9, lower(t9)]))

t11 := upper(concat("", [t10, lower(t10)]))

t12 := upper(concat("", [t11, lower(t11)]))

t13 := upper(concat("", [t12, lower(t12)]))

t14 := upper(concat("", [t13, lower(t13)]))

t15 := upper(concat("", [t14, lower(t14)]))

t16 := upper(concat("", [t15, lower(t15)]))

t17 := upper(concat("", [t16, lower(t16)]))

t18 := upper(concat("", [t17, lower(t17)]))

t19 := upper(concat("", [t18, lower(t18)]))

t20 := upper(concat("", [t19, lower(t19)]))

t21 := upper(concat("", [t20, lower(t20)]))

t22 := upper(concat("", [t21, lower(t21)]))

t23 := upper(concat("", [t22, lower(t22)]))

t24 := upper(concat("", [t23, lower(t23)]))

t25 := upper(concat("", [t24, lower(t24)]))

t26 := upper(concat("", [t25, lower(t25)]))

t27 := upper(concat("", [t26, lower(t26)]))

t28 := upper(concat("", [t27, lower(t27)]))

t29 := upper(concat("", [t28, lower(t28)]))

t30 := upper(concat("", [t29, lower(t29)]))

t31 := upper(concat("", [t30, lower(t30)]))

t32 := upper(concat("", [t31, lower(t31)]))

t33 := upper(concat("", [t32, lower(t32)]))

t34 := upper(concat("", [t33, lower(t33)]))

t35 := upper(concat("", [t34, lower(t34)]))

t36 := upper(concat("", [t35, lower(t35)]))

t37 := upper(concat("", [t36, lower(t36)]))

t38 := upper(concat("", [t37, lower(t37)]))

t39 := upper(concat("", [t38, lower(t38)]))

t40 := upper(concat("", [t39, lower(t39)]))

bomb if count(t40) > 0
