# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if sprintf("%1000000000d", [1]) != ""
