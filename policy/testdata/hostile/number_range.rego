# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if count(numbers.range(1, 1000000000)) > 0
