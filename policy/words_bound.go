package policy

import "strings"

// What is read of rules for their words alone: completion and titles are asked of drafts by the service
// itself, where nobody ends a parser that is kept busy. The longest shipped file has 10 KB, all have 80.
const (
	maxWordsFile = 48 << 10
	maxWordsAll  = 512 << 10
)

// wordFiles lists the files of rules that are read for their words, in order and without tests. What
// stands in a file beyond the bounds has no words; Verify tells what is wrong with it, in a process that
// can be killed.
func (b Bundle) wordFiles() []string {
	var names []string
	total := 0
	for _, name := range b.names() {
		size := len(b.Files[name])
		if !strings.HasSuffix(name, ".rego") || strings.HasSuffix(name, "_test.rego") || size > maxWordsFile {
			continue
		}
		total += size
		if total > maxWordsAll {
			return names
		}
		names = append(names, name)
	}
	return names
}

// wordy tells that some file of rules lies beyond the bounds.
func (b Bundle) wordy() bool {
	n := 0
	for name := range b.Files {
		if strings.HasSuffix(name, ".rego") && !strings.HasSuffix(name, "_test.rego") {
			n++
		}
	}
	return n > len(b.wordFiles())
}
