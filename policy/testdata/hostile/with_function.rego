# A harmless function is replaced by a dangerous one.
# wants: refused with|rego_type_error
package layak.eligibility

bomb if count({"method": "get"}) == 1 with count as http.send
