# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if count(crypto.x509.parse_certificates("x")) > 0
