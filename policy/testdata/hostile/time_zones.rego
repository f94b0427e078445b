# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if time.parse_duration_ns("9999999h") > 0
