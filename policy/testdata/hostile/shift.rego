# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if bits.lsh(1, 500000000) > 0
