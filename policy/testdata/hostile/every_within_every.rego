# Nine conditions for all, within each other.
# wants: cut policy_too_slow
package layak.eligibility

bomb if {
	every a0 in ten {
		every a1 in ten {
			every a2 in ten {
				every a3 in ten {
					every a4 in ten {
						every a5 in ten {
							every a6 in ten {
								every a7 in ten {
									every a8 in ten {
										a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 > 0
									}
								}
							}
						}
					}
				}
			}
		}
	}
}

ten := [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
