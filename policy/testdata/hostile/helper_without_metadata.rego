# A helper and a function, without METADATA as helpers may be.
# wants: harmless
package layak.eligibility

near(day, limit) if day < limit

bomb if {
	near(input.service_on, "1900-01-01")
}
