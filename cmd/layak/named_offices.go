package main

import "layak/eligibility"

// namedOffices reads the offices that the routing rules in force count on.
type namedOffices struct{ rules *ruleBook }

// NamedOffices implements web.NamedOffices. Within a name the newest value comes first.
func (n namedOffices) NamedOffices(day eligibility.Date) map[string]string {
	for _, param := range n.rules.Engine().RoutingParams() {
		if param.Name != "office_units" || param.ValidFrom > string(day) {
			continue
		}
		values, _ := param.Value.(map[string]any)
		codes := map[string]string{}
		for need, v := range values {
			code, ok := v.(string)
			if ok {
				codes[need] = code
			}
		}
		return codes
	}
	return nil
}
