# A function calls itself.
# wants: refused rego_recursion_error
package layak.eligibility

f(x) := f(x + 1)

bomb if f(1) > 0
