# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if count(format_int(bits.lsh(1, 3000000), 10)) > 0
