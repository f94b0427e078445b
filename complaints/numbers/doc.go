// Package numbers owns the statistics of complaints: what is counted of a case, how counts are kept
// so that a dashboard over a million cases is quick, what a figure means, and which figures may be
// shown to the public.
//
// A case counts in the month it was filed, in the zone of the office, with the unit that has it
// now. Everything counted of one case is its Fact; cells are sums of facts, kept beside them and
// changed in the same transaction, so that a cell always equals a recount. Whether a deadline was
// kept is only judged when its clock has stopped or is past due.
//
// It must not know SQL, HTTP or workbooks, and holds no name, number or text of a person.
package numbers
