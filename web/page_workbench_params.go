package web

// paramGroup holds the parameters of one theme; Key ends the message that names it.
type paramGroup struct {
	Key    string
	Params []paramEntry
	Folded bool // its rows stand behind its title until somebody opens it
	Open   bool // folded, and open from the start
}

// paramThemes orders the parameters for reading; what is in none belongs to the handling of complaints,
// which has by far the most.
var paramThemes = []struct {
	key   string
	names []string
}{
	{"need", []string{"max_desil", "need_mode", "sktm_days", "sktm_overrides_desil", "field_check_days"}},
	{"place", []string{"min_residency_months", "ktp_age", "newborn_days", "newborn_nik_months"}},
	{"cover", []string{"uhc_status", "pbi_route", "pbi_reactivation_days", "ppu_grace_months", "premium_month", "stale_days", "paper_days"}},
}

// byTheme puts first what the draft changes, unfolded, then the themes. The numbers that are changed most,
// those of need, stand open.
func byTheme(all []paramEntry) []paramGroup {
	theme := map[string]string{}
	for _, t := range paramThemes {
		for _, name := range t.names {
			theme[name] = t.key
		}
	}
	groups := map[string][]paramEntry{}
	for _, e := range all {
		key := theme[e.Name]
		switch {
		case e.Changed:
			key = "changed"
		case key == "":
			key = "complaints"
		}
		groups[key] = append(groups[key], e)
	}
	var out []paramGroup
	for _, key := range []string{"changed", "need", "place", "cover", "complaints"} {
		if len(groups[key]) > 0 {
			out = append(out, paramGroup{Key: key, Params: groups[key], Folded: key != "changed", Open: key == "need"})
		}
	}
	return out
}
