# A condition over a name without a value.
# wants: refused rego_unsafe_var_error
package layak.eligibility

bomb if not x == 1
