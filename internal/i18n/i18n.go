// Package i18n owns the words of the screens in both languages. It must not know what a page is
// or who reads it. Sentences that belong to the rules, to errors and to audit acts are not here:
// they are Indonesian wherever they are made, because officials answer for them word by word.
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

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
type Catalog struct{ printers map[string]*Printer }

// Printer gives the messages of one language.
type Printer struct {
	Lang  string
	texts map[string]string // every message as written, by key
	local *goi18n.Localizer // those whose text is not all there is to say, see read
}

// Load reads the embedded catalogs.
func Load() (*Catalog, error) {
	bundle := goi18n.NewBundle(language.Indonesian)
	c := &Catalog{printers: map[string]*Printer{}}
	for _, lang := range Languages {
		texts, err := read(bundle, lang)
		if err != nil {
			return nil, err
		}
		c.printers[lang] = &Printer{Lang: lang, texts: texts}
	}
	for lang, p := range c.printers {
		p.local = goi18n.NewLocalizer(bundle, lang)
	}
	return c, nil
}

// read gathers the files of a language: "id.json" and "AREA.id.json", one for each part of the
// screens. A key that stands in two files is refused.
//
// Only messages with values in them are given to the bundle. Nine in ten have none: as plain texts
// they take a tenth of the memory and are given out without a search.
func read(bundle *goi18n.Bundle, lang string) (map[string]string, error) {
	names, err := fs.Glob(files, "catalog/*"+lang+".json")
	if err != nil {
		return nil, fmt.Errorf("list catalogs %s: %w", lang, err)
	}
	all := map[string]string{}
	for _, name := range names {
		raw, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		var messages map[string]string
		err = json.Unmarshal(raw, &messages)
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		for key, text := range messages {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("read %s: %q stands in another file too", name, key)
			}
			all[key] = text
			if !hasValues(text) {
				continue
			}
			err = bundle.AddMessages(language.Make(lang), &goi18n.Message{ID: key, Other: text})
			if err != nil {
				return nil, fmt.Errorf("read %s: message %q: %w", name, key, err)
			}
		}
	}
	return all, nil
}

// hasValues tells whether a text has places for values: "{{.N}} aduan".
func hasValues(text string) bool { return strings.Contains(text, "{{") }

// For gives the printer of a language, Indonesian for one that is not known.
func (c *Catalog) For(lang string) *Printer {
	if p, ok := c.printers[lang]; ok {
		return p
	}
	return c.printers[Indonesian]
}

// Keys lists the message keys of a language, sorted.
func (c *Catalog) Keys(lang string) []string {
	return slices.Sorted(maps.Keys(c.printers[lang].texts))
}

// Has tells whether the key is a message.
func (p *Printer) Has(key string) bool {
	_, known := p.texts[key]
	return known
}

// T gives the message of the key with the named values put in: T("queue.left", "N", 3). A text that
// is no key is given back as it is, so that titles may be keys or names.
func (p *Printer) T(key string, pairs ...any) string {
	written, known := p.texts[key]
	if !known {
		return key
	}
	if !hasValues(written) {
		return written
	}
	config := &goi18n.LocalizeConfig{MessageID: key}
	if len(pairs) > 0 {
		data := make(map[string]any, len(pairs)/2)
		for i := 0; i+1 < len(pairs); i += 2 {
			data[fmt.Sprint(pairs[i])] = pairs[i+1]
		}
		config.TemplateData = data
	}
	text, err := p.local.Localize(config)
	if err != nil {
		return key
	}
	return text
}
