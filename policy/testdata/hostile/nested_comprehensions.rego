# Lists of lists of lists, each made anew.
# wants: cut policy_too_slow|policy_too_much_memory
package layak.eligibility

bomb if count([x0 | some a0 in ten; x0 := [x1 | some a1 in ten; x1 := [x2 | some a2 in ten; x2 := [x3 | some a3 in ten; x3 := [x4 | some a4 in ten; x4 := [x5 | some a5 in ten; x5 := [x6 | some a6 in ten; x6 := [x7 | some a7 in ten; x7 := a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7]]]]]]]]) > 10

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
