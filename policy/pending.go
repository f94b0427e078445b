package policy

import opaversion "github.com/open-policy-agent/opa/v1/version"

// Delete this file when EngineVersion and Codes exist elsewhere in the package.

// EngineVersion is the version of OPA that decides.
func EngineVersion() string { return opaversion.Version }

// Codes lists a closed code list.
func Codes(list string) []string { return pending[list] }

var pending = map[string][]string{
	"need":          {"emergency", "inpatient", "outpatient", "delivery", "routine", "accident"},
	"life_status":   {"alive", "deceased", "moved_out", "lost", "unknown"},
	"segment":       {"pbi_jk", "pemda", "ppu", "mandiri", "bp", "none"},
	"member_status": {"active", "inactive", "suspended"},
	"member_reason": {"premium", "employer", "purged", "quota", "deceased", "moved", "month_end", "other"},
	"class":         {"1", "2", "3"}, "sex": {"L", "P"},
	"evidence_kind": {"ktp", "ikd", "suket", "kia", "kk", "sktm", "birth_letter", "facility_letter", "referral", "inpatient_letter", "termination", "police_report", "moving_letter", "bpjs_screen", "other"},
	"kk_relation":   {"head", "husband", "wife", "child", "in_law_child", "grandchild", "parent", "in_law_parent", "relative", "servant", "other"},
	"marital":       {"single", "married", "divorced", "widowed"},
}
