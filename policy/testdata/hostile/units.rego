# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if units.parse("1e999999999Ei") > 0
