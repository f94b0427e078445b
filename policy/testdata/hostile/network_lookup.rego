# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if count(net.lookup_ip_addr("example.org")) > 0
