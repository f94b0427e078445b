package policy

// CheckInput holds an input against input.schema.json, as Decide does before it asks the rules;
// fault.Invalid names the first member that does not fit.
func CheckInput(in Input) error { return check(&in) }
