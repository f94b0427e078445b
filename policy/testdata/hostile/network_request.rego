# Calls a function that no rule may call.
# wants: refused rego_type_error
package layak.eligibility

bomb if http.send({"method": "get", "url": "http://169.254.169.254/"}).status_code == 200
