package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"layak/internal/fault"
)

// The exit codes, part of the contract with scripts.
const (
	exitDone    = 0
	exitFailed  = 1
	exitUsage   = 2 // the command line itself cannot be accepted
	exitPartial = 3 // done, but some rows were rejected
)

// usageError is a fault of what was typed.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// usage turns a refusal of the input into wrong usage; other errors stay what they are.
func usage(err error) error {
	if fault.Is(err, fault.Invalid) {
		return usageError{err}
	}
	return err
}

func usagef(format string, args ...any) error {
	return usageError{fault.New(fault.Invalid, "usage", fmt.Sprintf(format, args...))}
}

// errSilent ends with exitFailed after the command itself has said why.
var errSilent = errors.New("said already")

// errPartial ends with exitPartial; the counts were printed already.
var errPartial = errors.New("some rows were rejected")

// report writes an error as one sentence and gives the exit code that belongs to it.
func report(w io.Writer, err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errPartial):
		return exitPartial
	case errors.Is(err, errSilent):
		return exitFailed
	}
	fmt.Fprintln(w, sentence(err))
	if errors.As(err, new(usageError)) {
		return exitUsage
	}
	return exitFailed
}

// sentence says an error on one line. A fault with problems beside fields says those: whoever
// typed a command sees no fields. Anything else is for whoever runs the server, cause included.
func sentence(err error) string {
	f := fault.As(err)
	var text string
	switch {
	case errors.Is(err, context.Canceled):
		text = "Dihentikan sebelum selesai."
	case f == nil:
		text = "Program gagal: " + err.Error()
	case len(f.Fields) > 0:
		var all []string
		for _, field := range f.Fields {
			all = append(all, field.Message)
		}
		text = strings.Join(all, " ")
	default:
		text = f.Message
	}
	return strings.Join(strings.Fields(text), " ")
}

// grammarFault says in Indonesian what kong cannot accept.
func grammarFault(err error) error {
	text := err.Error()
	for _, r := range grammar {
		if m := r.english.FindStringSubmatch(text); m != nil {
			words := make([]any, len(m)-1)
			for i, word := range m[1:] {
				words[i] = strings.ReplaceAll(word, `"`, "")
			}
			return usagef(r.indonesian+" Bantuan: layak --help", words...)
		}
	}
	return usagef("Perintah tidak dapat dibaca: %s. Bantuan: layak --help", strings.TrimRight(text, "."))
}

var grammar = []struct {
	english    *regexp.Regexp
	indonesian string
}{
	{regexp.MustCompile(`^unknown flag ([^\s,]+)`), "Pilihan %s tidak dikenal."},
	{regexp.MustCompile(`^missing flags: (.+)$`), "Pilihan wajib belum diisi: %s."},
	{regexp.MustCompile(`^unexpected argument (.+?)(?:,.*)?$`), "Kata “%s” tidak dikenal di sini."},
	{regexp.MustCompile(`^expected one of (.+)$`), "Perintah belum lengkap, pilih salah satu: %s."},
	{regexp.MustCompile(`^expected "(.+)"$`), "Perintah belum lengkap, masih perlu: %s."},
	{regexp.MustCompile(`^(.+?) must be one of (.+) but got .*$`), "Nilai %s tidak dikenal. Pilih salah satu: %s."},
	{regexp.MustCompile(`^(\S+): missing value.*$`), "Pilihan %s belum diberi nilai."},
}
