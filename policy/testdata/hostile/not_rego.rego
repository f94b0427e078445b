# No rule at all.
# wants: refused rego_parse_error
package layak.eligibility

this is no rule {{{
