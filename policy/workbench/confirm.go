package workbench

import (
	"fmt"
	"strings"
)

// Opened is a cause that refuses nobody any more under the tried rules, and those whom it refused and
// nothing refuses now.
type Opened struct {
	Title  string `json:"title"`
	People int64  `json:"people"` // whom it refused before
	Freed  int64  `json:"freed"`
}

// confirmation is the number to type when a change is large, and the sentences that ask for it. The number
// is that of the first sentence.
func (s *Service) confirmation(i Impact) (number int64, warning string) {
	if i.People == 0 {
		return 0, ""
	}
	var said []string
	ask := func(n int64, format string, args ...any) {
		if number == 0 {
			number = n
		}
		said = append(said, fmt.Sprintf(format, args...))
	}
	switch {
	case i.Eligible == i.People:
		ask(i.People, "Dengan aturan ini semua orang, %s penduduk, memenuhi syarat.", thousands(i.People))
	case i.RefusedBefore > 0 && i.RefusedAfter == 0:
		ask(i.RefusedBefore, "Dengan aturan ini tidak seorang pun warga yang belum dijamin ditolak lagi; sekarang %s orang.", thousands(i.RefusedBefore))
	}
	for _, o := range i.Opened {
		ask(o.People, "“%s” sekarang menolak %s orang, nanti tidak seorang pun.", o.Title, thousands(o.People))
	}
	whole, of := i.People, "dari penduduk"
	if i.Uncovered > 0 {
		whole, of = i.Uncovered, "dari warga yang belum dijamin"
	}
	if i.Changed()*100 > whole*s.large() {
		ask(i.Changed(), "Aturan ini mengubah hasil %s orang, %d %% %s.", thousands(i.Changed()), i.Changed()*100/whole, of)
	}
	return number, strings.Join(said, " ")
}
