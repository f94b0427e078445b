package policy

// Titles names the causes of a bundle by code, out of their METADATA. Nothing is compiled or evaluated,
// so it may be asked of rules that nobody approved; files that cannot be read, or are too long, have no titles.
func Titles(b Bundle) map[string]string {
	titles := map[string]string{}
	for _, name := range b.wordFiles() {
		mod, found := parseModule(name, b.Files[name])
		if len(unusable(found)) > 0 {
			continue
		}
		for _, a := range mod.Annotations {
			if code, ok := a.Custom["code"].(string); ok {
				titles[code] = a.Title
			}
		}
	}
	return titles
}
