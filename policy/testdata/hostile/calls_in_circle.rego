# Three rules rest on each other.
# wants: refused rego_recursion_error
package layak.eligibility

bomb if second

second if third

third if bomb
