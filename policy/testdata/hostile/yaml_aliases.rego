# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if yaml.unmarshal("a: &a [x, x]") != {}
