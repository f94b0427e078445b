# null is held against a number.
# wants: refused
package layak.eligibility

bomb if input.welfare.desil < null
