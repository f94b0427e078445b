package importers

import (
	"layak/internal/area"
)

// cell is one value with the column that it came from.
type cell struct {
	col   int // index in the row, -1 when the sheet has no such column
	value string
}

// placeCells is what a row says about where a person lives: per level a code and a name.
type placeCells struct {
	code, name [4]cell // province, regency, district, village
}

// place is what was made of it. Problem is a reject code, warn a warning, at the cell concerned.
type place struct {
	village, district, regency, province area.Code
	problem, warn                        string
	at                                   cell
}

// placeKey makes rows with the same words share one look-up.
type placeKey [8]string

// placer resolves areas, remembering what it has seen: a file repeats a few hundred places.
type placer struct {
	home area.Code
	seen map[placeKey]place
}

func newPlacer(home area.Code) *placer {
	return &placer{home: home, seen: map[placeKey]place{}}
}

func (p *placer) resolve(c *placeCells) place {
	var key placeKey
	for i := range c.code {
		key[i], key[i+4] = c.code[i].value, c.name[i].value
	}
	if got, ok := p.seen[key]; ok {
		return got
	}
	got := p.find(c)
	if len(p.seen) < 50_000 {
		p.seen[key] = got
	}
	return got
}

// find goes from the province down. A level that is not named is taken from the home regency only
// while everything above it is silent or home; a person of elsewhere must be said to be so.
func (p *placer) find(c *placeCells) place {
	bps := isBPS(c)
	full := p.fullCode(c, bps)
	var out place
	var codes [4]area.Code
	parent := area.Code("")
	for level := range 4 {
		code, name := c.code[level], c.name[level]
		if code.value == "" && name.value == "" {
			codes[level] = p.silent(level, parent, full)
			if codes[level] == "" && level < 2 {
				return place{problem: areaMissing, at: c.any()}
			}
			if codes[level] != "" {
				parent = codes[level]
			}
			continue
		}
		if parent == "" && level > 0 || level == 3 && parent.Level() != area.District {
			found, ok := p.orphan(level, parent, name)
			if !ok && p.elsewhere(level, parent) {
				break
			}
			if !ok {
				return place{problem: unknownProblem(bps, name), at: pick(code, name)}
			}
			codes[level], codes[2] = found, found.District()
			parent = found
			continue
		}
		got, warn, ok := p.level(level, parent, code, name, bps)
		if !ok && p.elsewhere(level, parent) {
			break
		}
		if !ok {
			return place{problem: unknownProblem(bps, name), at: pick(code, name)}
		}
		if warn && out.warn == "" {
			out.warn, out.at = warnAreaName, code
		}
		codes[level], parent = got, got
	}
	out.province, out.regency, out.district, out.village = codes[0], codes[1], codes[2], codes[3]
	return out
}

// elsewhere tells whether a district or village that is not found lies outside the home regency:
// there province and regency are enough.
func (p *placer) elsewhere(level int, parent area.Code) bool {
	regency := parent.Regency()
	return level >= 2 && regency != "" && regency != p.home.Regency()
}

// silent fills a level that the row does not name.
func (p *placer) silent(level int, parent, full area.Code) area.Code {
	if full != "" {
		switch level {
		case 0:
			return full.Province()
		case 1:
			return full.Regency()
		case 2:
			return full.District()
		}
	}
	switch {
	case level == 0:
		return p.home.Province()
	case level == 1 && parent == p.home.Province():
		return p.home.Regency()
	}
	return ""
}

// fullCode finds a complete Kemendagri code in the deepest code column that has one.
func (p *placer) fullCode(c *placeCells, bps bool) area.Code {
	if bps {
		return ""
	}
	for level := 3; level > 0; level-- {
		for _, v := range [2]string{c.code[level].value, c.name[level].value} {
			if v == "" || v[0] < '0' || v[0] > '9' {
				continue
			}
			code, ok := area.Parse(wholeNumber(v))
			if ok && int(code.Level()) == level+1 && agrees(code, c.name[level].value) {
				return code
			}
		}
	}
	return ""
}

// agrees tells whether the name beside a code is that of the code; silence agrees. A BPS village
// code of ten digits may be the Kemendagri code of another village.
func agrees(code area.Code, name string) bool {
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return true
	}
	a, ok := area.Find(code.Parent(), name)
	return ok && a.Code == code
}

// level resolves one level inside its parent, by code, then by name; the name wins when they
// differ, because people read names and copy codes.
func (p *placer) level(level int, parent area.Code, code, name cell, bps bool) (got area.Code, warn, ok bool) {
	value := name.value
	digits := ""
	for _, v := range [2]string{code.value, value} {
		if v != "" && v[0] >= '0' && v[0] <= '9' {
			digits = wholeNumber(v)
			break
		}
	}
	var byCode area.Code
	if digits != "" && !(bps && level >= 2) {
		byCode, ok = codeInside(parent, level, digits)
	}
	if value == "" || value[0] >= '0' && value[0] <= '9' {
		return byCode, false, ok
	}
	a, found := area.Find(parent, value)
	switch {
	case found:
		return a.Code, byCode != "" && byCode != a.Code, true
	case ok:
		return byCode, true, true
	}
	return "", false, false
}

// orphan finds a village by name when its district is not named, or a district when its regency
// is not; the name must be the only one of its kind inside the parent.
func (p *placer) orphan(level int, parent area.Code, name cell) (area.Code, bool) {
	if parent == "" || name.value == "" {
		return "", false
	}
	a, ok := area.FindLevel(parent, area.Level(level+1), name.value)
	return a.Code, ok
}

// codeInside reads a code that is whole ("35.09.19", "350919") or counts inside the parent ("19").
func codeInside(parent area.Code, level int, digits string) (area.Code, bool) {
	c, ok := area.Parse(digits)
	if ok && int(c.Level()) == level+1 && (parent == "" || parent.Contains(c)) {
		return c, true
	}
	if parent == "" || !allDigits(digits) {
		return "", false
	}
	width := 2
	if level == 3 {
		width = 4
	}
	if len(digits) > width {
		return "", false
	}
	c = parent + "." + area.Code("0000"[:width-len(digits)]+digits)
	_, ok = area.Lookup(c)
	return c, ok
}

// isBPS tells whether the row numbers its district the way BPS does: with seven digits. Its village
// code of ten digits then looks like a Kemendagri code and is another village's.
func isBPS(c *placeCells) bool {
	for _, v := range [2]string{c.code[2].value, c.name[2].value} {
		v = wholeNumber(v)
		if len(v) == 7 && allDigits(v) {
			return true
		}
	}
	return false
}

func unknownProblem(bps bool, name cell) string {
	if bps && (name.value == "" || allDigits(name.value)) {
		return areaBPS
	}
	return areaUnknown
}

func pick(code, name cell) cell {
	if name.value != "" {
		return name
	}
	return code
}

// any is the first cell that says something.
func (c *placeCells) any() cell {
	for level := 3; level >= 0; level-- {
		if got := pick(c.code[level], c.name[level]); got.value != "" {
			return got
		}
	}
	return cell{col: -1}
}

func (c *placeCells) empty() bool {
	for i := range c.code {
		if c.code[i].value != "" || c.name[i].value != "" {
			return false
		}
	}
	return true
}
