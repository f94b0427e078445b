# A rule rests on itself.
# wants: refused rego_recursion_error
package layak.eligibility

bomb if not bomb
