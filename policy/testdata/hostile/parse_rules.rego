# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if rego.parse_module("x", "package x") != {}
