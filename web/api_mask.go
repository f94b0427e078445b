package web

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"layak/complaints"
	"layak/eligibility"
	"layak/policy"
)

// This file masks people's numbers and names for callers who may read a case but not unmask a
// person: the auditor, and tokens without person.unmask.

// longNumber is how many digits in a row may hold a NIK, a KK or a card number.
const longNumber = 13

// maskDigits covers the middle of every long number in a text. Digits that touch a letter of a
// hexadecimal number belong to an id or a checksum and stay.
func maskDigits(s string) string {
	var out []byte
	for from := 0; from < len(s); {
		if !digit(s[from]) {
			from++
			continue
		}
		to := from
		for to < len(s) && digit(s[to]) {
			to++
		}
		touches := from > 0 && hexLetter(s[from-1]) || to < len(s) && hexLetter(s[to])
		if to-from >= longNumber && !touches {
			if out == nil {
				out = []byte(s)
			}
			for i := from + 6; i < to-4; i++ {
				out[i] = covered
			}
		}
		from = to
	}
	if out == nil {
		return s
	}
	return strings.ReplaceAll(string(out), string(rune(covered)), "•")
}

// covered stands for a digit that is to be hidden; no text of a request can hold it.
const covered = 0

func digit(b byte) bool     { return b >= '0' && b <= '9' }
func hexLetter(b byte) bool { return b >= 'a' && b <= 'f' }

func maskNIK(n eligibility.NIK) eligibility.NIK {
	if n == "" {
		return ""
	}
	return eligibility.NIK(n.Masked())
}

func maskSubject(s eligibility.Subject) eligibility.Subject {
	s.NIK, s.MotherNIK = maskNIK(s.NIK), maskNIK(s.MotherNIK)
	s.Name, s.Description = eligibility.MaskName(s.Name), maskDigits(s.Description)
	return s
}

// maskDetermination leaves what was decided and why, and covers who it was. d itself stays whole.
func maskDetermination(d eligibility.Determination) eligibility.Determination {
	d.NIK, d.Subject = maskNIK(d.NIK), maskSubject(d.Subject)
	d.Purpose = maskDigits(d.Purpose)
	d.Facts.Resident = maskResident(d.Facts.Resident)
	if h := d.Facts.Household; h != nil {
		own := *h
		own.KK = maskDigits(h.KK)
		own.Members = slices.Clone(h.Members)
		for i := range own.Members {
			own.Members[i].NIK = maskDigits(own.Members[i].NIK)
		}
		d.Facts.Household = &own
	}
	if m := d.Facts.Mother; m != nil {
		own := *m
		own.NIK, own.Resident = maskDigits(m.NIK), maskResident(m.Resident)
		d.Facts.Mother = &own
	}
	d.Facts.Evidence = slices.Clone(d.Facts.Evidence)
	for i, e := range d.Facts.Evidence {
		e.Number = maskDigits(e.Number)
		e.Facts = maps.Clone(e.Facts)
		for name, v := range e.Facts {
			if text, ok := v.(string); ok {
				e.Facts[name] = maskFact(name, text)
			}
		}
		d.Facts.Evidence[i] = e
	}
	d.Findings = slices.Clone(d.Findings)
	for i := range d.Findings {
		d.Findings[i].Seen = maskDigits(d.Findings[i].Seen)
	}
	return d
}

func maskResident(r *policy.Resident) *policy.Resident {
	if r == nil {
		return nil
	}
	own := *r
	own.NIK = maskDigits(r.NIK)
	return &own
}

func maskFact(field, v string) string {
	if field == eligibility.FieldName.String() {
		return eligibility.MaskName(v)
	}
	return maskDigits(v)
}

// keptSigns is how much of a phone number or a reference stays: enough to tell two apart.
const keptSigns = 3

// maskTail covers a number or a reference up to its last signs; a short one is covered whole.
func maskTail(s string) string {
	signs := []rune(s)
	hide := len(signs) - keptSigns
	if hide < keptSigns {
		hide = len(signs)
	}
	return strings.Repeat("•", hide) + string(signs[hide:])
}

// maskRegistration leaves where and when somebody was registered. The reference opens the record
// of the patient at the office outside.
func maskRegistration(r complaints.Registration) complaints.Registration {
	r.Reference, r.RefusedWhy = maskTail(r.Reference), maskDigits(r.RefusedWhy)
	return r
}

// maskEventData covers the numbers of what belongs to an event.
func maskEventData(e complaints.Event) json.RawMessage {
	if e.Type == complaints.RegisterEvent {
		r, ok := dataOf[complaints.Registration](e)
		data, err := json.Marshal(maskRegistration(r))
		if !ok || err != nil {
			return nil // a shape that cannot be read cannot be masked
		}
		return data
	}
	return json.RawMessage(maskDigits(string(e.Data)))
}

func maskReporter(r complaints.Reporter) complaints.Reporter {
	r.Name, r.Phone = eligibility.MaskName(r.Name), maskTail(r.Phone)
	r.Email, r.Handle = maskTail(r.Email), maskTail(r.Handle)
	return r
}

// maskComplaint covers the patients and the reporter of a case, and the references under which the
// patients are known outside. What officers and reporters wrote stays, with long numbers and the
// phone of the reporter covered; names inside sentences cannot be found by a program.
func maskComplaint(c complaints.Complaint) complaints.Complaint {
	wrote := maskDigits
	if phone := c.Reporter.Phone; phone != "" {
		wrote = func(s string) string { return maskDigits(strings.ReplaceAll(s, phone, maskTail(phone))) }
	}
	c.Reporter = maskReporter(c.Reporter)
	c.Joined = slices.Clone(c.Joined)
	for i, j := range c.Joined {
		j.Reporter, j.Text = maskReporter(j.Reporter), maskDigits(j.Text)
		c.Joined[i] = j
	}
	c.Title = wrote(c.Title)
	c.Tasks = slices.Clone(c.Tasks)
	for i := range c.Tasks {
		c.Tasks[i].Act, c.Tasks[i].Note = wrote(c.Tasks[i].Act), wrote(c.Tasks[i].Note)
	}
	c.Registrations = slices.Clone(c.Registrations)
	for i := range c.Registrations {
		c.Registrations[i] = maskRegistration(c.Registrations[i])
	}
	c.Attachments = slices.Clone(c.Attachments)
	for i, a := range c.Attachments {
		a.Ticket = c.Ticket
		c.Attachments[i].Name = downloadName(a) // the name that somebody gave the photo may be a person's
	}
	c.Text = wrote(c.Text)
	c.Patients = slices.Clone(c.Patients)
	for i, p := range c.Patients {
		p.NIK, p.Name = maskNIK(p.NIK), eligibility.MaskName(p.Name)
		if p.Subject != nil {
			s := maskSubject(*p.Subject)
			p.Subject = &s
		}
		c.Patients[i] = p
	}
	c.Events = slices.Clone(c.Events)
	for i := range c.Events {
		c.Events[i].Note = wrote(c.Events[i].Note)
		c.Events[i].Data = json.RawMessage(wrote(string(maskEventData(c.Events[i]))))
	}
	c.Resolutions = slices.Clone(c.Resolutions)
	for i, r := range c.Resolutions {
		r.Reason = wrote(r.Reason)
		r.Evidence = slices.Clone(r.Evidence)
		for j, e := range r.Evidence {
			e.Number = maskDigits(e.Number)
			e.Facts = maps.Clone(e.Facts)
			for f, v := range e.Facts {
				e.Facts[f] = maskFact(f.String(), v)
			}
			r.Evidence[j] = e
		}
		c.Resolutions[i] = r
	}
	return c
}
