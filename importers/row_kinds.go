package importers

import (
	"strconv"
	"strings"

	"layak/eligibility"
	"layak/internal/area"
)

// resident reads the fields of a population row.
func (p *parser) resident(r sheetRow, out *parsed) {
	p.text(r, out, eligibility.FieldName)
	p.code(r, out, eligibility.FieldSex)
	p.text(r, out, eligibility.FieldBirthPlace)
	p.date(r, out, eligibility.FieldBirthDate, birthDateInvalid)
	if p.l.place >= 0 {
		p.placeAndDate(r, out)
	}
	if born := out.rec.Values[eligibility.FieldBirthDate]; p.asOf != "" && born > string(p.asOf) {
		p.bad(out, r, p.l.plain[eligibility.FieldBirthDate], birthDateFuture)
	}
	p.code(r, out, eligibility.FieldRelation)
	p.code(r, out, eligibility.FieldMarital)
	p.text(r, out, eligibility.FieldAddress)
	p.rtrw(r, out)
	p.live(r, out)
	p.code(r, out, eligibility.FieldLifeStatus)
	p.date(r, out, eligibility.FieldMovedInOn, dateInvalid)
	p.mother(r, out)
}

// placeAndDate splits "JEMBER, 17-08-1990".
func (p *parser) placeAndDate(r sheetRow, out *parsed) {
	v := p.get(r, p.l.place)
	if v == "" {
		return
	}
	i := strings.IndexAny(v, ",/;")
	if i < 0 {
		if i = strings.IndexAny(v, "0123456789"); i < 0 {
			p.bad(out, r, p.l.place, birthDateInvalid)
			return
		}
		i--
	}
	d, ok := parseDate(strings.TrimSpace(v[i+1:]), p.date04)
	if !ok {
		p.bad(out, r, p.l.place, birthDateInvalid)
		return
	}
	if out.rec.Values[eligibility.FieldBirthDate] == "" {
		out.rec.Values[eligibility.FieldBirthDate] = string(d)
	}
	if out.rec.Values[eligibility.FieldBirthPlace] == "" {
		out.rec.Values[eligibility.FieldBirthPlace] = strings.TrimSpace(v[:max(i, 0)])
	}
}

func (p *parser) rtrw(r sheetRow, out *parsed) {
	rt, rw := p.field(r, eligibility.FieldRT), p.field(r, eligibility.FieldRW)
	if p.l.rtrw >= 0 {
		both := p.get(r, p.l.rtrw)
		if a, b, ok := strings.Cut(both, "/"); ok && rt == "" && rw == "" {
			rt, rw = a, b
		}
	}
	if rt != "" {
		out.rec.Values[eligibility.FieldRT] = cut(padRT(rt), 20)
	}
	if rw != "" {
		out.rec.Values[eligibility.FieldRW] = cut(padRT(rw), 20)
	}
}

// live resolves where the person lives.
func (p *parser) live(r sheetRow, out *parsed) {
	var cells placeCells
	for i := range cells.code {
		cells.code[i] = cell{p.l.code[i], p.get(r, p.l.code[i])}
		cells.name[i] = cell{p.l.name[i], p.get(r, p.l.name[i])}
	}
	var got place
	switch {
	case !cells.empty():
		got = p.places.resolve(&cells)
	case !p.l.hasArea() && p.fill != "":
		got = place{province: p.fill.Province(), regency: p.fill.Regency(), district: p.fill.District()}
		if p.fill.Level() == area.Village {
			got.village = p.fill
		}
	default:
		return
	}
	if got.problem != "" {
		p.bad(out, r, p.columnOf(&cells, got), got.problem)
		return
	}
	if got.warn != "" {
		p.odd(out, r, got.at.col, got.warn)
	}
	out.rec.Values[eligibility.FieldProvince] = string(got.province)
	out.rec.Values[eligibility.FieldRegency] = string(got.regency)
	out.rec.Values[eligibility.FieldDistrict] = string(got.district)
	out.rec.Values[eligibility.FieldVillage] = string(got.village)
	if p.mode == Snapshot && !p.area.Contains(deepest(&out.rec)) {
		p.odd(out, r, got.at.col, warnOutside)
	}
}

// columnOf finds the column of the cell a remembered place complains about.
func (p *parser) columnOf(c *placeCells, got place) int {
	for i := range c.code {
		for _, x := range [2]cell{c.name[i], c.code[i]} {
			if x.value == got.at.value && x.value != "" {
				return x.col
			}
		}
	}
	return got.at.col
}

// deepest is the most precise area that the record names.
func deepest(r *eligibility.Record) area.Code {
	for _, f := range [4]eligibility.Field{eligibility.FieldVillage, eligibility.FieldDistrict, eligibility.FieldRegency, eligibility.FieldProvince} {
		if v := r.Values[f]; v != "" {
			return area.Code(v)
		}
	}
	return ""
}

func (p *parser) mother(r sheetRow, out *parsed) {
	col := p.l.plain[eligibility.FieldMotherNIK]
	digits, problem := p.number16(r, col, motherNIKInvalid, motherNIKInvalid)
	if problem != "" {
		p.bad(out, r, col, problem)
		return
	}
	out.rec.Values[eligibility.FieldMotherNIK] = digits
}

// welfare reads a desil.
func (p *parser) welfare(r sheetRow, out *parsed) {
	v := p.field(r, eligibility.FieldDesil)
	if v == "" {
		return
	}
	n, ok := desilOf(v)
	if !ok {
		p.bad(out, r, p.l.plain[eligibility.FieldDesil], desilInvalid)
		return
	}
	out.rec.Values[eligibility.FieldDesil] = strconv.Itoa(n)
}

// desilOf reads "3", "3,0" or "Desil 3". A range or a comparison (">5", "6-10", "5+") is no desil:
// whoever lies above the limit must not end up on it.
func desilOf(v string) (n int, ok bool) {
	v = strings.ToLower(v)
	if rest, named := strings.CutPrefix(v, "desil"); named {
		v = strings.TrimLeft(rest, " -_.:")
	}
	v = wholeNumber(strings.Replace(v, ",", ".", 1))
	n, err := strconv.Atoi(v)
	return n, err == nil && allDigits(v) && n >= 1 && n <= 10
}

// membership reads a JKN row. The status word often carries the reason; a reason column says more.
func (p *parser) membership(r sheetRow, out *parsed) {
	p.code(r, out, eligibility.FieldSegment)
	reason := ""
	if v := p.field(r, eligibility.FieldMemberStatus); v != "" {
		s, ok := statusOf(v)
		if !ok {
			p.bad(out, r, p.l.plain[eligibility.FieldMemberStatus], memberUnknown)
		}
		out.rec.Values[eligibility.FieldMemberStatus] = s.status
		reason = s.reason
	}
	p.code(r, out, eligibility.FieldMemberReason)
	if out.rec.Values[eligibility.FieldMemberReason] == "" {
		out.rec.Values[eligibility.FieldMemberReason] = reason
	}
	p.date(r, out, eligibility.FieldMemberSince, dateInvalid)
	p.date(r, out, eligibility.FieldInactiveSince, dateInvalid)
	p.code(r, out, eligibility.FieldClass)
	p.jknNumber(r, out)
	p.text(r, out, eligibility.FieldFacility)
	if out.rec.Values[eligibility.FieldMemberStatus] == "active" {
		// TAT is filled for active members too: the day on which cover would end
		out.rec.Values[eligibility.FieldMemberReason] = ""
		out.rec.Values[eligibility.FieldInactiveSince] = ""
	}
	if since := out.rec.Values[eligibility.FieldInactiveSince]; p.asOf != "" && since > string(p.asOf) {
		p.odd(out, r, p.l.plain[eligibility.FieldInactiveSince], warnFutureInactive)
	}
}

// jknNumber is thirteen digits that begin with zeros, which number cells lose.
func (p *parser) jknNumber(r sheetRow, out *parsed) {
	v := p.field(r, eligibility.FieldJKNNumber)
	digits, ok := onlyDigits(v)
	switch {
	case v == "":
	case ok && len(digits) < 13:
		out.rec.Values[eligibility.FieldJKNNumber] = strings.Repeat("0", 13-len(digits)) + digits
	case ok:
		out.rec.Values[eligibility.FieldJKNNumber] = digits
	default:
		out.rec.Values[eligibility.FieldJKNNumber] = cut(v, 40)
	}
}
