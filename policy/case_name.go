package policy

import (
	"slices"
	"strings"
	"unicode"

	"layak/internal/fault"
)

// A name of a case stands in a file name, an address and every bundle that leaves the house.
const (
	mostCaseDigits  = 4 // in a row: 5 are the beginning of a number that somebody bears
	mostSplitDigits = 7 // with single signs between them: 8 are a day of birth or a number in groups
	leastNameWord   = 3 // letters of a word of a name that count
)

// CheckCaseName refuses a name of a case that tells who it is about: fault.Invalid at "name". people are the names of
// those whom the case comes from.
func CheckCaseName(name string, people []string) error {
	const message = "Jangan tulis nama atau nomor orang. Tulis keadaannya saja, misalnya: desil 7 tanpa SKTM."
	if longDigits(name) || sharesWord(name, people) {
		return fault.New(fault.Invalid, "case_name_personal", message).At("name", message)
	}
	return nil
}

// longDigits tells whether a text holds what may be a number of a person or a day of birth.
func longDigits(text string) bool {
	row, split, gap := 0, 0, 0
	for _, c := range text {
		if unicode.IsDigit(c) {
			if gap > 1 {
				split = 0
			}
			row, split, gap = row+1, split+1, 0
		} else {
			row, gap = 0, gap+1
			if unicode.IsLetter(c) {
				split = 0
			}
		}
		if row > mostCaseDigits || split > mostSplitDigits {
			return true
		}
	}
	return false
}

// sharesWord tells whether a text holds a word of somebody's name, however it is written.
func sharesWord(text string, people []string) bool {
	said := nameWords(text)
	for _, p := range people {
		for _, w := range nameWords(p) {
			if len(w) >= leastNameWord && w != "bin" && w != "binti" && slices.Contains(said, w) {
				return true
			}
		}
	}
	return false
}

func nameWords(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return !unicode.IsLetter(c) })
}
