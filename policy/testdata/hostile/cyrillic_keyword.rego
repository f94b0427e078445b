# A keyword and a name with letters of another alphabet.
# wants: refused hidden_sign
package layak.eligibility

bоmb := true

bomb if true
