package policy

import "time"

// TestReport is what the *_test.rego files of a bundle said about its rules.
type TestReport struct {
	Results []TestResult `json:"tests"` // by file and row
	Passed  int          `json:"passed"`
	Failed  int          `json:"failed"` // those that did not pass, the skipped among them
	// Coverage is by file, tests left out; Covered is the share of all lines in percent, 0 to 100.
	Coverage []FileCoverage `json:"coverage"`
	Covered  float64        `json:"covered"`
	// Causes lists every rule that can refuse, with the cases that show it.
	Causes []CauseCases `json:"causes"`
}

// TestResult is the outcome of one Rego test.
type TestResult struct {
	Name    string `json:"name"` // rule name
	Package string `json:"package,omitempty"`
	File    string `json:"file"`
	Row     int    `json:"row"`
	Pass    bool   `json:"pass"`
	Skip    bool   `json:"skip"`
	Message string `json:"message,omitempty"` // why it did not pass, Indonesian
	// Expected is the condition of the test that did not hold, in Rego; Got is what its left side came
	// to, when that can be told.
	Expected string        `json:"expected,omitempty"`
	Got      string        `json:"got,omitempty"`
	FailedAt *Place        `json:"failed_at,omitempty"` // line of the test that did not hold
	Output   string        `json:"output,omitempty"`    // what the test printed
	Cases    []CaseResult  `json:"cases,omitempty"`     // of a test with named cases
	Codes    []string      `json:"codes,omitempty"`     // findings that its decisions yielded, sorted
	Duration time.Duration `json:"duration"`
}

// CaseResult is one named case of a test: test_need[name].
type CaseResult struct {
	Name     string `json:"name"`
	Pass     bool   `json:"pass"`
	Expected string `json:"expected,omitempty"`
	FailedAt *Place `json:"failed_at,omitempty"`
}

// Place is a place in a file of a bundle. Row and Col count from 1.
type Place struct {
	File string `json:"file"`
	Row  int    `json:"row"`
	Col  int    `json:"col"`
	Text string `json:"text,omitempty"` // what stands there
}

// FileCoverage tells which lines of a file the tests reached. A line stands in one range at most.
type FileCoverage struct {
	File       string      `json:"file"`
	Covered    []LineRange `json:"covered"`
	NotCovered []LineRange `json:"not_covered"`
	Percent    float64     `json:"percent"` // 0 to 100
}

// LineRange is lines From to To of a file, both counted.
type LineRange struct {
	From int `json:"from"`
	To   int `json:"to"`
	// Reason is OPA's own word when the line was passed over rather than never asked: "index_excluded"
	// or "early_exit". Words says it in Indonesian.
	Reason string `json:"reason,omitempty"`
	Words  string `json:"words,omitempty"`
}

// CauseCases names the tests that show one cause of refusal: where it refuses, and where it does not.
// A test counts when it writes the code of the cause and its decisions bear it out.
type CauseCases struct {
	Code    string   `json:"code"`
	Title   string   `json:"title"`
	File    string   `json:"file"`
	Row     int      `json:"row"`
	Holds   []string `json:"holds"` // FILE:test_name
	Spares  []string `json:"spares"`
	Missing string   `json:"missing,omitempty"` // Indonesian sentence; "" when both are there
}

// Complete tells whether the tests all pass and every cause of refusal has its two cases.
func (r TestReport) Complete() bool {
	for _, c := range r.Causes {
		if c.Missing != "" {
			return false
		}
	}
	return r.Failed == 0 && r.Passed > 0
}
