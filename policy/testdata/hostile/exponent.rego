# A number with an enormous exponent is made whole.
# wants: refused rego_parse_error|cut policy_failed
package layak.eligibility

bomb if floor(1e999999999) > 0
