# Letters that no screen shows.
# wants: refused hidden_sign
package layak.eligibility

# ok󠁁󠁂
bomb if true
