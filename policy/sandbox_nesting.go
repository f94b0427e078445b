package policy

import "strings"

// maxBrackets bounds how deep brackets may stand in each other. OPA's parser tries a bracket as set,
// object and comprehension in turn, so that its own limit of depth neither holds nor saves the time.
const maxBrackets = 40

// brackets walks over Rego without understanding more of it than texts, comments and brackets.
type brackets struct {
	src      string
	at       int
	row, col int
	open     []byte // brackets that are open; '$' is an expression within a template text, its quote below it
	note     bool   // within a METADATA block, which another parser reads
	noted    int    // brackets that are open in it
}

// tooDeep gives the place where brackets stand too deep in each other; row 0 when they nowhere do.
func tooDeep(src string) (row, col int) {
	b := &brackets{src: src, row: 1}
	for b.at < len(src) {
		b.step()
		if len(b.open) > maxBrackets || b.noted > maxBrackets {
			return b.row, b.col
		}
	}
	return 0, 0
}

// comment goes to the end of a comment. In a METADATA block brackets count as well: they are lists of YAML.
func (b *brackets) comment() {
	from := b.at
	for b.at < len(b.src) && b.src[b.at] != '\n' {
		c := b.next()
		switch {
		case !b.note:
		case c == '[' || c == '{':
			b.noted++
		case (c == ']' || c == '}') && b.noted > 0:
			b.noted--
		}
		if b.noted > maxBrackets {
			return
		}
	}
	if strings.TrimSpace(b.src[from:b.at]) == "METADATA" {
		b.note, b.noted = true, 0
	}
}

// next takes one byte.
func (b *brackets) next() byte {
	c := b.src[b.at]
	b.at++
	b.col++
	if c == '\n' {
		b.row, b.col = b.row+1, 0
	}
	return c
}

func (b *brackets) step() {
	c := b.next()
	switch c {
	case '#':
		b.comment()
		return
	case ' ', '\t', '\r', '\n':
		return
	}
	b.note, b.noted = false, 0
	switch c {
	case '"', '`':
		template := b.at >= 2 && b.src[b.at-2] == '$'
		b.text(c, template)
	case '(', '[', '{':
		b.open = append(b.open, c)
	case ')', ']', '}':
		n := len(b.open)
		if n == 0 {
			return
		}
		top := b.open[n-1]
		b.open = b.open[:n-1]
		if top == '$' && c == '}' && n >= 2 { // the template text goes on
			quote := b.open[n-2]
			b.open = b.open[:n-2]
			b.text(quote, true)
		}
	}
}

// text goes to the end of a text, or into the expression that stands in a template text. Between plain
// quotes it also ends with the line.
func (b *brackets) text(quote byte, template bool) {
	for b.at < len(b.src) {
		switch c := b.next(); {
		case c == '\\' && (quote == '"' || template):
			if b.at < len(b.src) {
				b.next()
			}
		case c == quote, c == '\n' && quote == '"':
			return
		case c == '{' && template:
			b.open = append(b.open, quote, '$')
			return
		}
	}
}
