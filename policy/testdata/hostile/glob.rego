# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if glob.match("{a,b{c,d}}*", [], "x")
