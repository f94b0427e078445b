package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/i18n"
)

// ruleNoun is the choice of the filter that means everything that was done about rules.
const ruleNoun = "revision"

// trailPlace says in words what an entry is about.
type trailPlace struct {
	Text string // "Versi aturan 13", or the name of a draft; "" when only the id is known
	Link string // its page, "" when there is none
	ID   string // what else names it: the beginning of a hash, or the whole id
	// Purpose is the purpose of the entry with versions in the place of hashes; "" when it names none.
	Purpose string
	// Said is the reason or the remark that was written, of tables that may forget it. It stands here only
	// when the entry holds the hash of exactly these words.
	Said string
}

// rulesTrail knows what the entries about rules speak of.
type rulesTrail struct {
	words   *i18n.Printer
	zone    *time.Location
	numbers map[string]int // of revisions
	came    map[string]bool
	drafts  map[string]string // names
	said    map[string]string // by the hash of a payload
	runs    map[string]trailPlace
}

// trailPlaces finds words for the entries about rules on a page, for a reader who may read rules.
func (s *Server) trailPlaces(c echo.Context, entries []audit.Record) (map[string]trailPlace, error) {
	ctx := c.Request().Context()
	about := func(object string) bool {
		return slices.ContainsFunc(entries, func(r audit.Record) bool { return r.Object == object })
	}
	if s.Workbench == nil || s.Policies == nil || !auth.From(ctx).Can(auth.PolicyRead) ||
		!about("revision") && !about("draft") && !about("freeze") && !about("impact") {
		return nil, nil
	}
	k := &rulesTrail{words: s.words.For(s.lang(c)), zone: s.Zone, numbers: map[string]int{}, came: map[string]bool{},
		drafts: map[string]string{}, said: map[string]string{}, runs: map[string]trailPlace{}}
	all, err := s.Policies.Revisions(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range all {
		k.numbers[r.Hash] = r.Number
	}
	for _, read := range []func(context.Context, *rulesTrail, []audit.Record) error{s.trailDrafts, s.trailProposals, s.trailSwitches, s.trailRuns} {
		err = read(ctx, k, entries)
		if err != nil {
			return nil, err
		}
	}
	places := map[string]trailPlace{}
	for _, r := range entries {
		if p := k.place(r); p != (trailPlace{}) {
			places[r.ID] = p
		}
	}
	return places, nil
}

// wrote remembers words by the hash that the entry holds of them.
func (k *rulesTrail) wrote(payload, words string) {
	sum := sha256.Sum256([]byte(payload))
	k.said[hex.EncodeToString(sum[:])] = words
}

func (s *Server) trailDrafts(ctx context.Context, k *rulesTrail, _ []audit.Record) error {
	drafts, err := s.Workbench.Drafts(ctx, false)
	for _, d := range drafts {
		k.drafts[d.ID] = d.Name
	}
	return err
}

// trailProposals reads why proposals were refused, when they were to begin, and the remarks on those of the page.
func (s *Server) trailProposals(ctx context.Context, k *rulesTrail, entries []audit.Record) error {
	proposals, err := s.Workbench.Proposals(ctx)
	if err != nil {
		return err
	}
	remarked := map[string]bool{}
	for _, r := range entries {
		remarked[r.ObjectID] = remarked[r.ObjectID] || r.Act == remarkAct
	}
	for _, p := range proposals {
		k.came[p.Hash] = true
		if p.Reason != "" {
			k.wrote(p.Reason, p.Reason)
		}
		if p.ActivateAt != nil {
			k.wrote(p.ActivateAt.UTC().Format(time.RFC3339), k.words.T("workbench.from", "At", formatTime(k.words.Lang, k.zone, *p.ActivateAt)))
		}
		if !remarked[p.Hash] {
			continue
		}
		comments, err := s.Workbench.Comments(ctx, p.Hash)
		if err != nil {
			return err
		}
		for _, c := range comments {
			k.wrote(c.Payload(), c.Text)
		}
	}
	return nil
}

// trailSwitches reads the reasons of those who brought rules into force or kept them from it.
func (s *Server) trailSwitches(ctx context.Context, k *rulesTrail, _ []audit.Record) error {
	switches, err := s.Workbench.Switches(ctx, trailSwitchesRead)
	if err != nil {
		return err
	}
	for _, w := range switches {
		if w.Reason != "" {
			k.wrote(w.Payload(), w.Reason)
		}
	}
	freezes, err := s.Workbench.Freezes(ctx)
	for _, f := range freezes {
		k.wrote(f.Payload(), f.Reason)
	}
	return err
}

// trailSwitchesRead bounds how far back reasons are looked for.
const trailSwitchesRead = 1000

// trailRuns tells which rules the previews of the page were about.
func (s *Server) trailRuns(ctx context.Context, k *rulesTrail, entries []audit.Record) error {
	for _, e := range entries {
		if _, known := k.runs[e.ObjectID]; known || e.Object != "impact" || s.Impacts == nil {
			continue
		}
		run, err := s.Impacts.Find(ctx, e.ObjectID)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		k.runs[e.ObjectID] = k.revision(run.Draft, "/rules/revisions/"+run.Draft+"/impact")
	}
	return nil
}

// revision names a stored revision; "" when the rules were never stored under a number.
func (k *rulesTrail) revision(hash, link string) trailPlace {
	n, ok := k.numbers[hash]
	if !ok {
		return trailPlace{}
	}
	return trailPlace{Text: k.words.T("workbench.version", "N", n), Link: link}
}

func (k *rulesTrail) place(r audit.Record) trailPlace {
	var p trailPlace
	switch r.Object {
	case "revision":
		link := fmt.Sprintf("/rules/revisions#r-%d", k.numbers[r.ObjectID])
		if k.came[r.ObjectID] {
			link = "/rules/proposals/" + r.ObjectID
		}
		p = k.revision(r.ObjectID, link)
		p.ID = shortHash(r.ObjectID)
	case "draft":
		if name := k.drafts[r.ObjectID]; name != "" {
			p = trailPlace{Text: k.words.T("trail.draft_named", "Name", name), Link: "/rules/drafts/" + r.ObjectID}
		}
	case "freeze":
		p = trailPlace{Text: k.words.T("noun.freeze"), Link: "/rules/revisions#freeze-title"}
	case "impact":
		p = k.runs[r.ObjectID]
	}
	if r.PayloadHash != "" {
		p.Said = k.said[r.PayloadHash]
	}
	if r.Act == trialAct {
		p.Purpose = hashes.ReplaceAllStringFunc(r.Purpose, k.version)
	}
	if p.Text != "" && p.ID == "" {
		p.ID = r.ObjectID
	}
	return p
}

// hashes are the beginnings of those that stand in the purpose of a trial: "(77aa19c0b2d4 terhadap 4f1c9a7722aa, 2026-11-22)".
var hashes = regexp.MustCompile(`\b[0-9a-f]{12}\b`)

// version writes the number of the rules in the place of the beginning of their hash.
func (k *rulesTrail) version(start string) string {
	for hash, n := range k.numbers {
		if strings.HasPrefix(strings.TrimPrefix(hash, "sha256:"), start) {
			return k.words.T("workbench.version", "N", n)
		}
	}
	return k.words.T("trail.draft_tried") + " " + start
}
