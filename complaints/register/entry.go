package register

import (
	"strings"
	"time"
	"unicode/utf8"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
)

// longestText is how much of a report is kept, in characters.
const longestText = 10_000

// reading turns rows into cases.
type reading struct {
	source string
	now    time.Time
	home   area.Code
	units  map[string]string // code by folded code and name
	stray  map[string]bool   // names that are no unit of ours
}

func newReading(source string, now time.Time, home area.Code, units []auth.Unit) *reading {
	r := &reading{source: source, now: now, home: home, units: map[string]string{}, stray: map[string]bool{}}
	for _, u := range units {
		r.units[fold(u.Code)], r.units[fold(u.Name)] = u.Code, u.Code
	}
	return r
}

// read makes a case of a row. bad are reasons not to take it, warned what was left out of it.
func (r *reading) read(row Row) (c complaints.Registered, bad, warned []Reject) {
	refuse := func(f Field, code string) { bad = append(bad, row.reject(f, code)) }
	warn := func(f Field, code string) { warned = append(warned, row.reject(f, code)) }
	for _, p := range row.Problems {
		rej := row.reject(p.Field, p.Code)
		rej.Value = covered(p.Field, p.Value)
		switch {
		case p.Field == NIK:
			rej.Code, rej.Reason = warnNIK, reasons[warnNIK]
			warned = append(warned, rej)
		case p.Field == Number || p.Field == Filed || p.Code == cellError:
			bad = append(bad, rej)
		default:
			rej.Code, rej.Reason = warnDateIgnored, reasons[warnDateIgnored]
			warned = append(warned, rej)
		}
	}
	t := row.Texts
	c = complaints.Registered{Source: r.source, Number: t[Number], Title: cutAt(t[Title], 200), Text: t[Text], Category: cutAt(t[Category], 100), Answer: cutAt(t[Answer], longestText)}
	if c.Number == "" && len(bad) == 0 {
		refuse(Number, numberMissing)
	}
	if c.Text == "" {
		c.Text = t[Title]
	}
	if c.Text == "" {
		refuse(Text, textMissing)
	}
	if utf8.RuneCountInString(c.Text) > longestText {
		c.Text = cutAt(c.Text, longestText)
		warn(Text, warnTextCut)
	}
	r.standing(row, &c, refuse)
	r.person(row, &c, warn)
	r.place(row, &c, warn)
	if word := t[Class]; word != "" {
		c.Class = classWords[fold(word)]
		if c.Class == "" {
			warn(Class, warnClass)
		}
	}
	if word := t[Channel]; word != "" {
		c.Channel = channelWords[fold(word)]
		if c.Channel == "" {
			c.Channel = "other"
			warn(Channel, warnChannel)
		}
	}
	return c, bad, warned
}

// standing reads when the report came in and where it stands. Without a status the days tell: who
// has a day of follow-up is being followed up.
func (r *reading) standing(row Row, c *complaints.Registered, refuse func(Field, string)) {
	filed, ok := row.Times[Filed]
	switch {
	case !ok && !row.troubled(Filed):
		refuse(Filed, filedMissing)
	case filed.After(r.now):
		refuse(Filed, filedFuture)
	}
	c.FiledAt = filed
	if due, ok := row.Times[Due]; ok {
		c.DueAt = &due
	}
	word := row.Texts[Status]
	state, known := StateOf(word)
	switch {
	case word != "" && !known:
		refuse(Status, statusUnknown)
		return
	case word == "":
		state, word = complaints.Received, "(kosong)"
		for _, by := range []struct {
			f Field
			s complaints.State
		}{{Finished, complaints.Closed}, {Followed, complaints.InProgress}, {Sent, complaints.Verified}} {
			if _, ok := row.Times[by.f]; ok {
				state = by.s
				break
			}
		}
	}
	c.State, c.Word = state, word
	c.MovedAt = row.moved(state, r.now)
}

// moved is the day on which the row says that the report came into the state; nil when it does not.
func (row Row) moved(s complaints.State, now time.Time) *time.Time {
	var fields []Field
	switch s {
	case complaints.Received:
		fields = []Field{Filed}
	case complaints.Verified:
		fields = []Field{Sent}
	case complaints.InProgress, complaints.WaitingReporter:
		fields = []Field{Followed, Sent}
	default:
		fields = []Field{Finished, Followed}
	}
	for _, f := range fields {
		if t, ok := row.Times[f]; ok && !t.After(now) {
			return &t
		}
	}
	return nil
}

func (r *reading) person(row Row, c *complaints.Registered, warn func(Field, string)) {
	t := row.Texts
	c.Reporter.Name = cutAt(t[Name], 200)
	if c.Reporter.Name == "" {
		c.Reporter.Name = "Anonim"
	}
	if t[NIK] != "" && !row.troubled(NIK) {
		nik, err := eligibility.ParseNIK(t[NIK])
		if err != nil {
			warn(NIK, warnNIK)
		} else {
			c.NIK = nik
		}
	}
	if phone := t[Phone]; phone != "" {
		c.Reporter.Phone = digits(phone)
		if n := len(strings.TrimPrefix(c.Reporter.Phone, "+")); n < 8 || n > 15 {
			c.Reporter.Phone = ""
			warn(Phone, warnPhone)
		}
	}
	if mail := t[Email]; mail != "" {
		user, host, _ := strings.Cut(mail, "@")
		if user == "" || !strings.Contains(host, ".") || strings.ContainsAny(mail, " <>,;\"") || len(mail) > 200 {
			warn(Email, warnEmail)
		} else {
			c.Reporter.Email = mail
		}
	}
}

// place finds village and unit. A dispatch to an office that is none of ours leaves the case without a
// unit, so that it climbs to whoever coordinates.
func (r *reading) place(row Row, c *complaints.Registered, warn func(Field, string)) {
	t := row.Texts
	parent := r.home
	if name := t[District]; name != "" {
		a, ok := area.Find(r.home, name)
		if ok {
			parent, c.Village = a.Code, a.Code
		} else {
			warn(District, warnPlace)
		}
	}
	if name := t[Village]; name != "" {
		a, ok := area.FindLevel(parent, area.Village, name)
		if ok {
			c.Village = a.Code
		} else {
			warn(Village, warnPlace)
		}
	}
	name := t[Unit]
	if name == "" {
		return
	}
	c.Unit = r.units[fold(name)]
	if c.Unit == "" {
		r.stray[name] = true
	}
}

func (row Row) troubled(f Field) bool {
	for _, p := range row.Problems {
		if p.Field == f {
			return true
		}
	}
	return false
}

// reject names a cell of the row with what is wrong with it. What could tell who somebody is stays
// in the sheet.
func (row Row) reject(f Field, code string) Reject {
	return Reject{File: row.File, Sheet: row.Sheet, Row: row.N, Column: row.Headers[f], Value: covered(f, row.Texts[f]), Code: code, Reason: reasons[code]}
}

// covered hides the middle of what identifies a person, and shortens the rest.
func covered(f Field, v string) string {
	switch f {
	case NIK, Phone:
		if r := []rune(v); len(r) > 6 { // a hand-made cell may hold dashes or words
			return cutAt(string(r[:4])+strings.Repeat("•", len(r)-6)+string(r[len(r)-2:]), 200)
		}
	case Email, Name, Address, Text, Title, Answer:
		return ""
	}
	return cutAt(v, 200)
}

// cutAt shortens a text to n characters.
func cutAt(s string, n int) string {
	s = strings.TrimSpace(s)
	if len(s) <= n {
		return s
	}
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// digits keeps the digits of a telephone number and a leading +.
func digits(s string) string {
	var b strings.Builder
	for i, r := range strings.TrimSpace(s) {
		if r >= '0' && r <= '9' || r == '+' && i == 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}
