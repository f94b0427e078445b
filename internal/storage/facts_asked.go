package storage

import (
	"bytes"

	"layak/eligibility"
)

// askedText is factsText for who only wants what was asked and shown: a fifth of the text, most of which
// is about the other members of the card. The rest is passed over without being taken apart.
type askedText struct{ V eligibility.Asked }

// Members of the facts that eligibility.Asked holds, and of what it holds of the resident.
var (
	askedMembers  = []string{"at", "service_on", "need", "statements", "evidence", residentMember}
	originMembers = []string{"source", "as_of"}
)

const residentMember = "resident"

// Scan reads the JSON.
func (a *askedText) Scan(v any) error {
	text, ok := v.([]byte)
	if s, isText := v.(string); isText {
		text, ok = []byte(s), true
	}
	if ok {
		few, read := onlyMembers(nil, text, askedMembers)
		if read {
			v = few
		}
	}
	err := scanFacts(v, &a.V)
	if err != nil {
		return err
	}
	return wholeNumbers(a.V.Evidence)
}

// onlyMembers appends to out the JSON object in text with some of its members alone; of the resident it
// keeps where the facts are from. read is false when the text is no object as this program writes them:
// then all of it has to be read, or refused, by the decoder.
func onlyMembers(out, text []byte, names []string) (few []byte, read bool) {
	rest, ok := after(text, '{')
	if !ok {
		return nil, false
	}
	out = append(out, '{')
	kept := false
	for more := len(rest) > 0 && rest[0] != '}'; more; {
		name := pastValue(rest)
		if name < 2 || rest[0] != '"' || bytes.IndexByte(rest[:name], '\\') >= 0 {
			return nil, false
		}
		value, ok := after(rest[name:], ':')
		end := pastValue(value)
		if !ok || end == 0 {
			return nil, false
		}
		if known(names, rest[1:name-1]) {
			if kept {
				out = append(out, ',')
			}
			kept = true
			out = append(append(out, rest[:name]...), ':')
			if string(rest[1:name-1]) == residentMember && value[0] == '{' {
				out, ok = onlyMembers(out, value[:end], originMembers)
			} else {
				out = append(out, value[:end]...)
			}
			if !ok {
				return nil, false
			}
		}
		rest, more = after(value[end:], ',')
	}
	_, closed := after(rest, '}')
	return append(out, '}'), closed
}

func known(names []string, name []byte) bool {
	for _, n := range names {
		if n == string(name) {
			return true
		}
	}
	return false
}

// after gives what follows a sign and the blanks around it, or the text without blanks when it does not
// begin with that.
func after(text []byte, sign byte) ([]byte, bool) {
	text = bytes.TrimLeft(text, " \t\r\n")
	if len(text) == 0 || text[0] != sign {
		return text, false
	}
	return bytes.TrimLeft(text[1:], " \t\r\n"), true
}

// pastValue is where the JSON value ends that the text begins with; 0 when it does not end.
func pastValue(text []byte) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			for i++; i < len(text) && text[i] != '"'; i++ {
				if text[i] == '\\' {
					i++
				}
			}
			if i >= len(text) {
				return 0
			}
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth < 0 {
				return i
			}
		case ',', ' ', '\t', '\r', '\n', ':':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
	return 0
}
