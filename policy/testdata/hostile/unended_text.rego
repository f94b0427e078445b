# A text without end.
# wants: refused rego_parse_error
package layak.eligibility

bomb if "aaaa == 1
