# A billion combinations are kept in a set.
# wants: cut policy_too_slow|policy_too_much_memory
package layak.eligibility

bomb if count({[a0, a1, a2, a3, a4, a5, a6, a7, a8] | some a0 in ten; some a1 in ten; some a2 in ten; some a3 in ten; some a4 in ten; some a5 in ten; some a6 in ten; some a7 in ten; some a8 in ten}) > 0

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
