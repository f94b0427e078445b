package policy

// Explanation is the trace of one decision for a person who does not read Rego: in plain Indonesian,
// with the values that were seen. It holds facts of a person and is shown to nobody who may not see them.
type Explanation struct {
	Decision Decision `json:"decision"`
	Summary  string   `json:"summary"` // how the findings became the answer, one sentence
	Steps    []Step   `json:"steps"`   // one per rule, in the order of findings
}

// Step tells what became of one rule.
type Step struct {
	Code    string  `json:"code"`
	Title   string  `json:"title"`
	Holds   bool    `json:"holds"`             // whether it yielded a finding
	Verdict Verdict `json:"verdict,omitempty"` // of the finding
	// Sentence tells why in one line: "Desil 7 lebih dari batas 5, jadi …".
	Sentence string `json:"sentence"`
	// Deciding are the conditions on facts that made the rule hold, or kept it from holding, with what was
	// seen of this person; Conditions are the others, of named rules and of parameters.
	Deciding   []Condition `json:"deciding,omitempty"`
	Conditions []Condition `json:"conditions,omitempty"`
	Article    string      `json:"article"`
	File       string      `json:"file"`
	Row        int         `json:"row"`
}

// Condition is one question of a rule as it turned out. Parts are those of the helper rule that it names
// which made it turn out so.
type Condition struct {
	Text  string      `json:"text"` // Indonesian: "desil lebih dari batas desil"
	Seen  string      `json:"seen"` // the values in it, Indonesian: "desil: 7, batas: 5"; "" when there are none
	Holds bool        `json:"holds"`
	Asked bool        `json:"asked"` // false: how it turned out could not be told
	File  string      `json:"file"`
	Row   int         `json:"row"`
	Parts []Condition `json:"parts,omitempty"`
}
