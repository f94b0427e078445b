# Another alphabet in a comment is refused as well: it may stand for ours.
# wants: refused hidden_sign
package layak.eligibility

# Οk
bomb if true
