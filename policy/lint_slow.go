package policy

import "context"

// SlowPath warns of rules for which the impact on a whole population cannot be found by conditions, but
// only value by value: it says what is hard to read. It compiles the bundle and takes longer than Verify,
// so it is asked before a proposal and not while somebody types. fault.Invalid when the bundle does not
// load.
func SlowPath(ctx context.Context, b Bundle, frame Frame) ([]Problem, error) {
	e, err := NewEngine(ctx, b)
	if err != nil {
		return nil, err
	}
	d, err := Distinguish(ctx, frame, e)
	if err != nil {
		return nil, err
	}
	if d.Path == ByConditions {
		return nil, nil
	}
	return []Problem{{Code: "slow_path", Level: Warning, Message: "Dampak aturan ini dihitung lewat jalur lambat.", Detail: d.Why,
		Fix: "Boleh dibiarkan. Agar cepat, tulis syarat sebagai perbandingan langsung antara isian dan parameter."}}, nil
}
