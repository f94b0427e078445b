package importers

import (
	"bytes"
	"context"
	"testing"
	"time"

	"layak/eligibility"
)

const testDay = eligibility.Date("2026-11-01")

func testClock() time.Time { return time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC) }

// generated is a workbook of synthetic people in memory.
func generated(t testing.TB, kind eligibility.Kind, count int, seed uint64) File {
	t.Helper()
	var b bytes.Buffer
	err := Generate(kind, count, seed, "35.09", testDay, &b)
	if err != nil {
		t.Fatal(err)
	}
	return File{Name: string(kind) + ".xlsx", Reader: bytes.NewReader(b.Bytes()), Size: int64(b.Len())}
}

// options are those of a plain import into the home regency.
func options(kind eligibility.Kind, files ...File) Options {
	return Options{Kind: kind, Files: files, AsOf: testDay, Home: "35.09", Actor: "os:uji", Clock: testClock}
}

func TestGeneratedFilesImportWithoutALoss(t *testing.T) {
	s := newMemStore()
	for _, kind := range eligibility.Kinds {
		res, err := Run(context.Background(), s, options(kind, generated(t, kind, 3000, 7)))
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		if res.Read != 3000 || res.New != 3000 || res.Rejected != 0 || res.Duplicates != 0 {
			t.Fatalf("%s: %+v, first rejects %+v", kind, res.Counts, res.Rejects[:min(3, len(res.Rejects))])
		}
		if res.Warnings != 0 {
			t.Errorf("%s: warnings %+v", kind, res.WarningsList[0])
		}
	}
	same := 0
	for nik, list := range s.versions[eligibility.Residents] {
		r := list[0].Record
		for _, f := range []eligibility.Field{eligibility.FieldKK, eligibility.FieldName, eligibility.FieldSex, eligibility.FieldBirthDate,
			eligibility.FieldRelation, eligibility.FieldMarital, eligibility.FieldVillage, eligibility.FieldRT, eligibility.FieldLifeStatus} {
			if r.Values[f] == "" {
				t.Fatalf("row without %s", f)
			}
		}
		if _, ok := s.versions[eligibility.Membership][nik]; ok && s.versions[eligibility.Welfares][nik] != nil {
			same++
		}
	}
	if same != 3000 {
		t.Errorf("the three kinds share %d of 3000 people", same)
	}
}

func TestGenerateIsDeterministic(t *testing.T) {
	var a, b, c bytes.Buffer
	for i, w := range []*bytes.Buffer{&a, &b, &c} {
		seed := uint64(7)
		if i == 2 {
			seed = 8
		}
		if err := Generate(eligibility.Residents, 200, seed, "35.09", testDay, w); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("the same seed gave other bytes")
	}
	if bytes.Equal(a.Bytes(), c.Bytes()) {
		t.Error("another seed gave the same bytes")
	}
}
