# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if count(graph.reachable({"a": ["b"], "b": ["a"]}, ["a"])) > 0
