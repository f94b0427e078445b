# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if regex.match(`((a{1,1000}){1,1000}){1,1000}`, "a")
