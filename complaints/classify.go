package complaints

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"layak/internal/fault"
)

// ClassifyData goes with classify, and with verify and note as far as they say something of it. Nil
// and "" were not said.
type ClassifyData struct {
	Class     string  `json:"class,omitempty"`
	Priority  string  `json:"priority,omitempty"`
	Element   string  `json:"element,omitempty"`
	Matter    string  `json:"matter,omitempty"`
	Title     string  `json:"title,omitempty"`
	Accused   *string `json:"accused,omitempty"` // "" takes it back
	Attention *bool   `json:"attention,omitempty"`
	Deceased  *bool   `json:"deceased,omitempty"`
}

// Classified is what officials said of the case by hand, the newest word on each. It stands above
// what the routing rules say.
func (c Complaint) Classified() ClassifyData {
	var all ClassifyData
	for _, e := range c.Events {
		if len(e.Data) == 0 || e.Type != ClassifyEvent && e.Type != VerifyEvent && e.Type != NoteEvent {
			continue
		}
		// Each says only what was said, so the members of the newest cover those before.
		err := json.Unmarshal(e.Data, &all)
		if err != nil {
			continue // an event of another shape says nothing about this
		}
	}
	return all
}

// classify sets class, priority, matter and the like by an official's word.
func classify(ctx context.Context, s *Service, d *draft) error {
	said, err := s.classified(ctx, d)
	if err != nil {
		return err
	}
	if said == (ClassifyData{}) {
		return Invalid("class_missing", "class", "Isi apa yang diubah: jenis, prioritas, pokok, judul, atau unit yang diadukan.")
	}
	return d.change.with(said)
}

// classified checks what the action says of the case and puts it there.
func (s *Service) classified(ctx context.Context, d *draft) (ClassifyData, error) {
	a, c := d.action, &d.change.Complaint
	said := ClassifyData{
		Class: a.Class, Priority: a.Priority, Element: a.Element, Matter: a.Matter, Title: a.Title,
		Accused: a.Accused, Attention: a.Attention, Deceased: a.Deceased,
	}
	for _, one := range []struct {
		field, code, ask string
		list             []Word
		into             *string
	}{
		{"class", a.Class, "Pilih jenis aduan dari daftar.", Classes, &c.Class},
		{"priority", a.Priority, "Pilih prioritas dari daftar.", Priorities, &c.Priority},
		{"element", a.Element, "Pilih unsur pelayanan dari daftar.", Elements, &c.Element},
		{"matter", a.Matter, "Pilih pokok aduan dari daftar.", Matters, &c.Matter},
	} {
		if one.code == "" {
			continue
		}
		if !Known(one.list, one.code) {
			return said, Invalid(one.field+"_unknown", one.field, one.ask)
		}
		*one.into = one.code
	}
	if a.Title != "" {
		if utf8.RuneCountInString(a.Title) > longestLine {
			return said, Invalid("title_long", "title", "Judul paling panjang 200 huruf.")
		}
		c.Title = a.Title
	}
	if a.Accused != nil {
		if *a.Accused != "" {
			_, err := s.office(ctx, *a.Accused, "accused")
			if err != nil {
				return said, err
			}
		}
		c.Accused = strings.TrimSpace(*a.Accused)
	}
	if a.Attention != nil {
		if d.was.Attention && !*a.Attention && !overseer(d.actor) {
			return said, fault.New(fault.Forbidden, "spokesperson_only",
				"Aduan ini disorot media atau DPRD. Hanya koordinator atau pengawas yang mencabut tandanya.")
		}
		c.Attention = *a.Attention
	}
	if a.Deceased != nil {
		c.Deceased = *a.Deceased
	}
	if c.against(c.Unit) {
		c.Unit, c.Staff = "", "" // whoever is complained about gives the case away
	}
	return said, nil
}
