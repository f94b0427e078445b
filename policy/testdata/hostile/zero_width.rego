# A letter without width makes one name two.
# wants: refused hidden_sign|rego_parse_error
package layak.eligibility

bo​mb := true

bomb if true
