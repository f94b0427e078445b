package eligibility

import "testing"

func TestNameKey(t *testing.T) {
	same := [][2]string{
		{"Soekarno", "Sukarno"},
		{"Moch. Djoko Santoso", "Muhammad Joko Santoso"},
		{"H. Achmad Tjahjono", "Ahmad Cahjono"},
		{"Nur'aini", "NURAINI"},
		{"Siti Aminah, S.Pd", "SITI AMINAH S PD"},
		{"Sitti Annisa", "Siti Anisa"},
	}
	for _, c := range same {
		if NameKey(c[0]) != NameKey(c[1]) {
			t.Errorf("%q and %q differ: %q, %q", c[0], c[1], NameKey(c[0]), NameKey(c[1]))
		}
	}
	differ := [][2]string{{"Siti Aminah", "Siti Maimunah"}, {"Slamet", "Selamet Riyadi"}}
	for _, c := range differ {
		if NameKey(c[0]) == NameKey(c[1]) {
			t.Errorf("%q and %q became one key", c[0], c[1])
		}
	}
}

func TestBestMatches(t *testing.T) {
	rows := []NameRow{
		{NIK: "3509190101850001", Name: "SITI AMINAH", BirthDate: "1985-01-01"},
		{NIK: "3509190101850002", Name: "SITI AMINAH", BirthDate: "1990-05-05"},
		{NIK: "3509190101850003", Name: "SITI MAIMUNAH", BirthDate: "1985-01-01"},
		{NIK: "3509190101850004", Name: "BAMBANG SUTRISNO", BirthDate: "1985-01-01"},
	}
	cases := []struct {
		name  string
		query Query
		want  []NIK // in order
	}{
		{"exact first", Query{Name: "Siti Aminah"}, []NIK{"3509190101850001", "3509190101850002", "3509190101850003"}},
		{"typing error", Query{Name: "Siti Amniah", BirthDate: "1985-01-01"}, []NIK{"3509190101850001", "3509190101850003"}},
		{"one of the names", Query{Name: "bambang"}, []NIK{"3509190101850004"}},
		{"birth date narrows", Query{Name: "siti aminah", BirthDate: "1990-05-05"}, []NIK{"3509190101850002"}},
		{"nobody", Query{Name: "Wahyu"}, nil},
		{"limit", Query{Name: "Siti Aminah", Limit: 1}, []NIK{"3509190101850001"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := bestMatches(rows, NameKey(c.query.Name), c.query)
			if len(got) != len(c.want) {
				t.Fatalf("%d matches, want %d: %v", len(got), len(c.want), got)
			}
			for i := range got {
				if got[i].NIK != c.want[i] {
					t.Errorf("match %d is %s, want %s", i, got[i].NIK, c.want[i])
				}
			}
		})
	}
}
