# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if json.patch({"a": 1}, [{"op": "add", "path": "/b", "value": 2}]) != {}
