package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/user"
	"strings"
	"text/tabwriter"
	"unicode/utf8"

	"context"

	"layak/internal/auth"
)

// asOperator acts as the account of the operating system, with full scope.
func asOperator(ctx context.Context) context.Context {
	name := os.Getenv("USER")
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if name == "" {
		name = "unknown"
	}
	return auth.With(ctx, auth.Actor{Name: "os:" + name, Title: name, Role: auth.Operator, All: true})
}

// printJSON writes one value and a line end.
func (k *call) printJSON(v any) error {
	e := json.NewEncoder(k.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// printf writes to standard output for a person.
func (k *call) printf(format string, args ...any) { fmt.Fprintf(k.out, format, args...) }

// table writes rows under a header in columns.
func (k *call) table(header []string, rows [][]string) error {
	if len(rows) == 0 {
		k.printf("(tidak ada)\n")
		return nil
	}
	w := tabwriter.NewWriter(k.out, 0, 4, 2, ' ', 0)
	for _, row := range append([][]string{header}, rows...) {
		fmt.Fprintln(w, strings.Join(row, "\t"))
	}
	return w.Flush()
}

// wrap breaks a text into lines of at most width characters and indents all but the first.
func wrap(text, indent string, width int) string {
	var b strings.Builder
	used := 0
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case used+1+n > width:
			b.WriteString("\n" + indent)
			used = 0
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
	}
	return b.String()
}

// readLine reads one secret or number from standard input without its line end.
func (k *call) readLine(longest int) (string, error) {
	text, err := io.ReadAll(io.LimitReader(k.in, int64(longest)+1))
	if err != nil {
		return "", fmt.Errorf("read standard input: %w", err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSuffix(line, "\r"), nil
}

// terminal tells whether w is a screen that a person looks at.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
