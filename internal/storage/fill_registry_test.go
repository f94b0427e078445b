package storage

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"layak/eligibility"
	"layak/importers"
	"layak/internal/area"
	"layak/internal/testkit"
)

// TestFillingRegistry is not a test: it is how cmd/bench fills a registry with millions of people, past
// the workbooks but through the store that importers write to. LAYAK_TEST_REGISTRY names the database,
// LAYAK_TEST_PEOPLE says how many.
func TestFillingRegistry(t *testing.T) {
	address := os.Getenv("LAYAK_TEST_REGISTRY")
	if address == "" {
		return
	}
	n, err := strconv.Atoi(os.Getenv("LAYAK_TEST_PEOPLE"))
	must(t, err)
	cfg := testConfig()
	cfg.Clock = time.Now
	db := openTest(t, address, cfg)
	now := time.Now()
	for _, kind := range eligibility.Kinds {
		began := time.Now()
		c := census{r: rand.New(rand.NewPCG(7, 11)), now: now, n: n, villages: villagesOf(jember)}
		imp := start(t, db, load{kind: kind, asOf: eligibility.DateOf(now.AddDate(0, 0, -10))})
		rows := make([]importers.Version, 0, 10_000)
		flush := func() {
			must(t, db.AppendRows(context.Background(), imp, rows))
			rows = rows[:0]
		}
		for c.made < n {
			for _, all := range c.family() {
				if r := all[kind]; r != nil {
					rows = append(rows, importers.Version{Record: *r})
				}
			}
			if len(rows) >= 10_000 {
				flush()
			}
		}
		flush()
		must(t, db.PublishImport(context.Background(), imp, []eligibility.Coverage{{Area: jember, AsOf: imp.AsOf, Snapshot: true}}, entry("import.publish")))
		t.Logf("%s: %s", kind, time.Since(began).Round(time.Second))
	}
}

func villagesOf(regency area.Code) []string {
	var out []string
	for _, d := range area.Children(regency) {
		for _, v := range area.Children(d.Code) {
			out = append(out, string(v.Code))
		}
	}
	return out
}

// census makes families as a regency has them: four at a card, poorer ones more often paid for, one in
// twenty without a desil, some moved or dead. All three kinds describe the same people.
type census struct {
	r        *rand.Rand
	now      time.Time
	n, made  int
	villages []string
}

type records map[eligibility.Kind]*eligibility.Record

func (c *census) day(from, to int) string {
	return string(eligibility.DateOf(c.now.AddDate(0, 0, -from-c.r.IntN(to-from))))
}

func (c *census) family() []records {
	size := min(1+c.r.IntN(4)+c.r.IntN(4), c.n-c.made)
	village := c.villages[c.r.IntN(len(c.villages))]
	kk := fmt.Sprintf("3509%012d", c.made)
	desil := []string{"1", "1", "2", "2", "2", "3", "3", "3", "4", "4", "4", "5", "5", "5", "6", "6", "7", "8", "9", "10"}[c.r.IntN(20)]
	if c.r.IntN(20) == 0 {
		desil = ""
	}
	segments := []string{"pbi_jk", "pbi_jk", "pbi_jk", "pemda", "pemda", "ppu", "ppu", "mandiri", "mandiri", "bp", ""}
	segment := segments[c.r.IntN(len(segments))]
	out := make([]records, size)
	for i := range out {
		out[i] = c.member(i, village, kk, desil, segment)
		c.made++
	}
	return out
}

func (c *census) member(i int, village, kk, desil, segment string) records {
	sex, relation, born := "L", "head", c.day(20*365, 75*365)
	switch {
	case i == 1:
		sex, relation = "P", "wife"
	case i > 1:
		sex, relation, born = []string{"L", "P"}[c.r.IntN(2)], "child", c.day(0, 30*365)
	}
	// The serial is spread, so that the order of the numbers is not that of the rows.
	nik := fmt.Sprintf("3509%012d", uint64(c.made)*2654435761%1_000_000_000_000)
	life := "alive"
	switch c.r.IntN(100) {
	case 0, 1:
		life = "deceased"
	case 2, 3:
		life = "moved_out"
	}
	moved := ""
	if c.r.IntN(30) == 0 {
		moved = c.day(0, 3000)
	}
	if c.r.IntN(200) == 0 {
		born = ""
	}
	out := records{eligibility.Residents: testkit.Row(nik, map[eligibility.Field]string{
		eligibility.FieldKK: kk, eligibility.FieldName: "WARGA REKAAN", eligibility.FieldSex: sex, eligibility.FieldBirthDate: born,
		eligibility.FieldRelation: relation, eligibility.FieldVillage: village, eligibility.FieldDistrict: village[:8],
		eligibility.FieldRegency: "35.09", eligibility.FieldProvince: "35", eligibility.FieldLifeStatus: life, eligibility.FieldMovedInOn: moved,
	})}
	if desil != "" {
		out[eligibility.Welfares] = testkit.Row(nik, map[eligibility.Field]string{eligibility.FieldKK: kk, eligibility.FieldDesil: desil})
	}
	if segment == "" || c.r.IntN(30) == 0 {
		return out
	}
	member := map[eligibility.Field]string{eligibility.FieldKK: kk, eligibility.FieldSegment: segment, eligibility.FieldMemberStatus: "active",
		eligibility.FieldMemberSince: c.day(60, 3000), eligibility.FieldClass: []string{"3", "3", "3", "2", "1"}[c.r.IntN(5)]}
	if c.r.IntN(5) == 0 {
		member[eligibility.FieldMemberStatus] = "inactive"
		member[eligibility.FieldMemberReason] = []string{"premium", "purged", ""}[c.r.IntN(3)]
		member[eligibility.FieldInactiveSince] = c.day(1, 500)
	}
	out[eligibility.Membership] = testkit.Row(nik, member)
	return out
}
