package policy

// Params lists the dated values of the parameters of a bundle, in file order, the newest first within a
// name. fault.Invalid when data.json cannot be read.
func Params(b Bundle) ([]Param, error) {
	params, err := parseParams(b.Files[b.paramsName()])
	if err != nil {
		return nil, problemError([]Problem{{File: b.paramsName(), Message: b.paramsName() + " belum benar: " + err.Error() + "."}})
	}
	return params, nil
}
