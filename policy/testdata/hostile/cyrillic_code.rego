# A code that looks like one of the list.
# wants: refused hidden_sign
package layak.eligibility

bomb if input.membership.segment == "рbi_jk"
