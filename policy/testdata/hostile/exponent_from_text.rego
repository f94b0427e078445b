# The same number comes out of a text.
# wants: cut policy_failed
package layak.eligibility

bomb if floor(to_number("1e999999999")) > 0
