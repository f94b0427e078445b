package complaints

import (
	"testing"

	"layak/internal/area"
	"layak/internal/auth"
	"layak/policy"
)

func TestPickedDesk(t *testing.T) {
	unit := func(code, kind, of string) auth.Unit {
		return auth.Unit{Code: code, Kind: auth.UnitKind(kind), Areas: []area.Code{area.Code(of)}}
	}
	units := unitList{
		unit("DUKCAPIL", "opd", "35.09"), unit("KEC", "kecamatan", "35.09.19"), unit("PKM", "puskesmas", "35.09.19"),
		unit("PKM-DEKAT", "puskesmas", "35.09.19.1001"), unit("PKM-JAUH", "puskesmas", "35.09.01"),
	}
	for _, k := range []struct {
		name string
		desk policy.Desk
		not  string
		want string
	}{
		{"an office by its code", policy.Desk{Code: "DUKCAPIL", Kinds: []string{"opd"}, Area: "35.09"}, "", "DUKCAPIL"},
		{"an office that nobody registered is not another one", policy.Desk{Code: "DINKES", Kinds: []string{"opd"}, Area: "35.09"}, "", ""},
		{"any office, when there is one", policy.Desk{Kinds: []string{"opd"}, Area: "35.09"}, "", "DUKCAPIL"},
		{"the nearest", policy.Desk{Kinds: []string{"puskesmas"}, Area: "35.09.19.1001"}, "", "PKM-DEKAT"},
		{"not the one that is complained about", policy.Desk{Kinds: []string{"puskesmas"}, Area: "35.09.19.1001"}, "PKM-DEKAT", "PKM"},
		{"the next kind where the first is missing", policy.Desk{Kinds: []string{"desa", "kecamatan"}, Area: "35.09.19.1001"}, "", "KEC"},
		{"nobody", policy.Desk{Kinds: []string{"hospital"}, Area: "35.09.19.1001"}, "", ""},
	} {
		t.Run(k.name, func(t *testing.T) {
			if got := units.pick(k.desk, k.not).Code; got != k.want {
				t.Errorf("picked %q, want %q", got, k.want)
			}
		})
	}
}
