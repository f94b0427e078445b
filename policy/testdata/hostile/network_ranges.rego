# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if count(net.cidr_expand("10.0.0.0/8")) > 0
