# The members of the card are matched with each other, as a rule well may.
# wants: harmless
package layak.eligibility

bomb if {
	some a in input.household.members
	some b in input.household.members
	a.nik == b.nik
	a.relation != b.relation
}
