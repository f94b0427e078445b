// Package i18n owns the words of the screens in both languages. It must not know what a page is
// or who reads it. Sentences that belong to the rules, to errors and to audit acts are not here:
// they are Indonesian wherever they are made, because officials answer for them word by word.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed catalog/*.json
var files embed.FS

// The languages of the screens. Indonesian is the default.
const (
	Indonesian = "id"
	English    = "en"
)

// Languages lists them, the default first.
var Languages = []string{Indonesian, English}

// Catalog holds the messages of every language.
type Catalog struct {
	printers map[string]*Printer
	keys     map[string][]string
	raw      map[string]map[string]any // as written, by language
}

// Printer gives the messages of one language.
type Printer struct {
	Lang  string
	known map[string]bool
	local *goi18n.Localizer
}

// Load reads the embedded catalogs.
func Load() (*Catalog, error) {
	bundle := goi18n.NewBundle(language.Indonesian)
	c := &Catalog{printers: map[string]*Printer{}, keys: map[string][]string{}, raw: map[string]map[string]any{}}
	for _, lang := range Languages {
		messages, err := read(bundle, lang)
		if err != nil {
			return nil, err
		}
		c.raw[lang] = messages
		p := &Printer{Lang: lang, known: make(map[string]bool, len(messages))}
		for k := range messages {
			c.keys[lang] = append(c.keys[lang], k)
			p.known[k] = true
		}
		slices.Sort(c.keys[lang])
		c.printers[lang] = p
	}
	for lang, p := range c.printers {
		p.local = goi18n.NewLocalizer(bundle, lang)
	}
	return c, nil
}

// read gathers the files of a language: "id.json" and "AREA.id.json", one for each part of the
// screens. A key that stands in two files is refused.
func read(bundle *goi18n.Bundle, lang string) (map[string]any, error) {
	names, err := fs.Glob(files, "catalog/*"+lang+".json")
	if err != nil {
		return nil, fmt.Errorf("list catalogs %s: %w", lang, err)
	}
	all := map[string]any{}
	for _, name := range names {
		_, err = bundle.LoadMessageFileFS(files, name)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", name, err)
		}
		raw, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		var messages map[string]any
		err = json.Unmarshal(raw, &messages)
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		for key, text := range messages {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("read %s: %q stands in another file too", name, key)
			}
			all[key] = text
		}
	}
	return all, nil
}

// For gives the printer of a language, Indonesian for one that is not known.
func (c *Catalog) For(lang string) *Printer {
	if p, ok := c.printers[lang]; ok {
		return p
	}
	return c.printers[Indonesian]
}

// Keys lists the message keys of a language, sorted.
func (c *Catalog) Keys(lang string) []string { return slices.Clone(c.keys[lang]) }

// Has tells whether the key is a message.
func (p *Printer) Has(key string) bool { return p.known[key] }

// T gives the message of the key with the named values put in: T("queue.left", "N", 3). A pair
// "Count", n also chooses the plural form. A text that is no key is given back
// as it is, so that titles may be keys or names.
func (p *Printer) T(key string, pairs ...any) string {
	if !p.known[key] {
		return key
	}
	config := &goi18n.LocalizeConfig{MessageID: key}
	if len(pairs) > 0 {
		data := make(map[string]any, len(pairs)/2)
		for i := 0; i+1 < len(pairs); i += 2 {
			data[fmt.Sprint(pairs[i])] = pairs[i+1]
		}
		config.TemplateData = data
		config.PluralCount = data["Count"]
	}
	text, err := p.local.Localize(config)
	if err != nil {
		return key
	}
	return text
}
