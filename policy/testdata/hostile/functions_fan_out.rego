# Each function calls the next one ten times.
# wants: cut policy_too_slow|policy_too_much_memory
package layak.eligibility

f0(x) := [y | some a in ten; y := f1(array.concat(x, [a]))]

f1(x) := [y | some a in ten; y := f2(array.concat(x, [a]))]

f2(x) := [y | some a in ten; y := f3(array.concat(x, [a]))]

f3(x) := [y | some a in ten; y := f4(array.concat(x, [a]))]

f4(x) := [y | some a in ten; y := f5(array.concat(x, [a]))]

f5(x) := [y | some a in ten; y := f6(array.concat(x, [a]))]

f6(x) := [y | some a in ten; y := f7(array.concat(x, [a]))]

f7(x) := [y | some a in ten; y := f8(array.concat(x, [a]))]

f8(x) := [y | some a in ten; y := f9(array.concat(x, [a]))]

f9(x) := x

bomb if count(f0([])) < 0

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
