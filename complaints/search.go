package complaints

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"layak/eligibility"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

// Finder finds cases by their words and keeps the saved views of each person.
type Finder struct {
	Store FinderStore
	Clock eligibility.Clock
}

// FinderStore is what a Finder asks of storage.
type FinderStore interface {
	// FindComplaints lists the cases in the scope that hold every word, or a word that begins with
	// it, the newest first. The words are those of SearchWords. After and Limit of the filter count;
	// its orders do not.
	FindComplaints(ctx context.Context, words []string, f Filter, s Scope) ([]Line, error)
	// Views lists the saved views of a person, by name.
	Views(ctx context.Context, owner string) ([]View, error)
	// SaveView adds a view or replaces the one of the same name.
	SaveView(ctx context.Context, owner string, v View, e audit.Entry) error
	// DropView forgets one; fault.NotFound when it is not the owner's.
	DropView(ctx context.Context, owner, id string, e audit.Entry) error
	// Readings lists who of a unit read the list of registrations, the newest first; SaveReading adds one.
	Readings(ctx context.Context, unit string, limit int) ([]Reading, error)
	SaveReading(ctx context.Context, r Reading, e audit.Entry) error
	// Record writes the trail of a look.
	Record(ctx context.Context, e audit.Entry) error
}

// Limits of a search: more words narrow nothing, and a longer word is no word.
const (
	mostSearchWords = 8
	longestWord     = 40
	mostTextWords   = 2_000
)

// SearchWords splits a text into the words that are stored and searched: small letters and digits
// without marks above or below them, each word once, in the order of the text. Letters are Latin
// ones and the basic Arabic ones, which both engines take for letters.
func SearchWords(text string) []string {
	var words []string
	var b strings.Builder
	end := func() {
		if w := b.String(); w != "" && !slices.Contains(words, w) {
			words = append(words, w)
		}
		b.Reset()
	}
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '`':
			// a mark over a letter, or an apostrophe within a name: "Qur'an", "José"
		case r >= '0' && r <= '9', unicode.IsLetter(r) && (r < 0x250 || r >= 0x620 && r <= 0x64a):
			if b.Len() < longestWord {
				b.WriteRune(unicode.ToLower(r))
			}
		default:
			end()
		}
		if len(words) == mostTextWords {
			return words
		}
	}
	end()
	return words
}

// SearchText is what a search finds the case by: its number, the numbers and names it carries, and
// the citizen's own words.
func (c Complaint) SearchText() string {
	parts := []string{string(c.Ticket), c.SourceNumber, c.Title, c.Reporter.Name, c.Reporter.Handle}
	for _, p := range c.Patients {
		parts = append(parts, p.Name)
	}
	return strings.Join(SearchWords(strings.Join(append(parts, c.Text), " ")), " ")
}

// Search lists the cases in the actor's scope that hold every word that was typed, names and NIKs
// masked, the newest first. The look is on the trail, the words are not.
func (f *Finder) Search(ctx context.Context, typed string, in Filter) (Page, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return Page{}, err
	}
	words := SearchWords(typed)
	if len(words) == 0 {
		const unread = "Tulis nomor aduan, nama, atau kata dari isi aduan."
		return Page{}, fault.New(fault.Invalid, "search_empty", unread).At("q", unread)
	}
	words = words[:min(len(words), mostSearchWords)]
	size := in.Limit
	if size <= 0 || size > largestPage {
		size = usualPage
	}
	in.Limit = size + 1
	lines, err := f.Store.FindComplaints(ctx, words, in, ScopeOf(actor))
	if err != nil {
		return Page{}, err
	}
	err = f.Store.Record(ctx, audit.Entry{At: moment(f.Clock()), Actor: actor.Name, Act: "complaint.search", Object: "complaint"})
	if err != nil {
		return Page{}, err
	}
	page := Page{Items: masked(lines)}
	if len(lines) > size {
		page.Items = page.Items[:size]
		page.Next = page.Items[size-1].Ticket
	}
	return page, nil
}
