# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if json.match_schema({}, {"type": "object"})[0]
