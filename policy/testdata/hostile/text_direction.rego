# Signs turn the direction of reading: the condition reads as a comment.
# wants: refused hidden_sign
package layak.eligibility

# ok ‮ } fi ⁦
bomb if true
