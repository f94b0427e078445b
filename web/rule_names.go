package web

import "strings"

// Names of the trail and of rules that the pages go by. They are no keys of messages.

// ruleActs begin the acts about rules.
var ruleActs = []string{"revision.", "draft.", "freeze.", "impact.", "signer.", "test_person.", "case.", trialAct}

const (
	trialAct  = "person.trial"
	remarkAct = "revision.comment"
)

// ruleParts says to which part of an answer, or of the way of a complaint, a rule belongs.
var ruleParts = map[string]string{
	"eligibility.decision": "outcome", "eligibility.outcome": "outcome", "eligibility.reasons": "outcome",
	"eligibility.ask": "questions", "eligibility.given": "questions", "eligibility.questions": "questions",
	"eligibility.next_steps": "steps", "eligibility.step": "steps",
	"eligibility.service_advice": "service",
	"routing.class":              "class", "routing.pressing": "class", "routing.priority": "class",
	"routing.clocks": "clocks", "routing.ladder": "clocks", "routing.ladder_of": "clocks",
	"routing.desk": "desk", "routing.element": "desk", "routing.outside": "desk", "routing.second_person": "desk",
	"routing.missing": "missing", "routing.tasks": "tasks",
}

// partOf gives the part that a rule decides. Of a rule that is none of these it tells what the rule helps to
// decide: a check, or the way of a complaint.
func partOf(rule string) string {
	if part, ok := ruleParts[rule]; ok {
		return part
	}
	if strings.HasPrefix(rule, "routing.") {
		return "routing"
	}
	return "check"
}
