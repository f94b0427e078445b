# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if count([1 | walk(data, [_, _])]) > 0
