package main

import (
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"layak/eligibility"
	"layak/importers"
)

// docs/cli.md is a contract: it names every command, every flag, every field and every code.
func TestTheCommandLineIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/cli.md")
	if err != nil {
		t.Fatal(err)
	}
	doc := string(text)
	named := func(what, word string) {
		if !strings.Contains(doc, word) {
			t.Errorf("docs/cli.md does not name the %s %s", what, word)
		}
	}
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range parser.Model.Leaves(false) {
		words := strings.Fields(leaf.FullPath())
		if len(words) == 2 {
			named("command", words[1])
		} else {
			named("command", words[2])
		}
		for _, flag := range leaf.Flags {
			if !flag.Hidden {
				named("flag of "+leaf.FullPath(), "--"+flag.Name)
			}
			for _, env := range flag.Envs {
				named("variable", env)
			}
		}
	}
	for _, flag := range parser.Model.Flags {
		if flag.Name != "help" {
			named("flag", "--"+flag.Name)
		}
	}
	for _, code := range importers.RejectCodes() {
		named("code", "`"+code.Code+"`")
	}
	for _, spec := range eligibility.Specs {
		named("field", "`"+spec.Name+"`")
	}
}
