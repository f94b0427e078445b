package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"layak/internal/fault"
)

var routingLists = sync.OnceValue(func() map[string][]string { return readShippedSchema(routingSchema).lists() })

var routingSets = sync.OnceValue(func() map[string]map[string]bool { return setsOf(routingLists()) })

var routingInputSchema = sync.OnceValues(func() (*jsonschema.Schema, error) { return compileSchema(routingSchema) })

// RoutingCodes gives a closed list of the routing schema in its order: channel, matter, need,
// relation, class, unit_kind, outcome, service_advice, given. nil for a list that does not exist.
func RoutingCodes(list string) []string { return slices.Clone(routingLists()[list]) }

// Longest texts and lists of a routing input.
const (
	longestCode = 64
	mostListed  = 100
	mostReopen  = 10_000
)

// checkRouting holds a routing input against its schema by hand, nil when it fits. A test holds both
// against each other.
func checkRouting(in *RoutingInput) error {
	var c checker
	c.want(!in.At.IsZero(), "at", "Waktu kejadian belum diisi.")
	c.want(areaCode(in.Office.Regency, 2), "office.regency", "Kode kabupaten/kota kantor belum benar.")
	c.listed("channel", "channel", in.Channel, true)
	c.listed("matter", "matter", in.Matter, false)
	c.listed("need", "need", in.Need, false)
	c.listed("relation", "relation", in.Relation, false)
	c.listed("class", "class", in.Class, false)
	c.area("village", in.Village, 4)
	c.area("district", in.District, 3)
	c.unit("filed", in.Filed)
	c.unit("unit", in.Unit)
	c.unit("accused", in.Accused)
	c.want(in.Reopened >= 0 && in.Reopened <= mostReopen, "reopened", "Jumlah pembukaan kembali belum benar.")
	c.want(in.Checks != nil && len(in.Checks) <= mostListed, "checks", "Daftar hasil cek wajib ada, paling banyak 100.")
	for i := range in.Checks {
		k := &in.Checks[i]
		c.listed("checks.outcome", "outcome", k.Outcome, true)
		c.listed("checks.service_advice", "service_advice", k.Advice, true)
		c.want(k.Codes != nil && len(k.Codes) <= mostListed, "checks.codes", "Daftar kode wajib ada, paling banyak 100.")
		for _, code := range k.Codes {
			c.want(shortCode(code), "checks.codes", "Kode syarat belum benar.")
		}
	}
	c.want(in.Given != nil && len(in.Given) <= mostListed, "given", "Daftar yang sudah ada wajib ada, paling banyak 100.")
	for _, g := range in.Given {
		c.listed("given", "given", g, true)
	}
	if c.err != nil {
		return c.err
	}
	return nil
}

func (c *checker) listed(field, list, value string, required bool) {
	if value == "" {
		c.want(!required, field, "Isian ini wajib.")
		return
	}
	c.want(routingSets()[list][value], field, "Pilihan ini tidak ada dalam daftar.")
}

func (c *checker) unit(field string, u *RoutingUnit) {
	if u == nil {
		return
	}
	c.want(shortCode(u.Code), field+".code", "Kode unit kerja belum benar.")
	c.listed(field+".kind", "unit_kind", u.Kind, true)
}

// shortCode bounds a code in characters, as the schema counts them.
func shortCode(s string) bool {
	n := len([]rune(s))
	return n > 0 && n <= longestCode
}

// ValidateRoutingInput holds the whole input against routing.schema.json; fault.Invalid when it does
// not fit. Route checks the same on its own and faster.
func ValidateRoutingInput(in RoutingInput) error {
	data, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode routing input: %w", err)
	}
	return aboutRouting(validateJSON(data, routingInputSchema))
}

// ParseRoutingInput reads a routing input from JSON and refuses unknown members, null and values
// outside the closed lists.
func ParseRoutingInput(data []byte) (RoutingInput, error) {
	err := validateJSON(bytes.TrimSpace(data), routingInputSchema)
	if err != nil {
		return RoutingInput{}, aboutRouting(err)
	}
	var in RoutingInput
	err = decodeOne(data, &in)
	if err == nil {
		err = checkRouting(&in)
	}
	return in, aboutRouting(err)
}

// aboutRouting says of a refused input that it is about a complaint, not about a check.
func aboutRouting(err error) error {
	f := fault.As(err)
	if f == nil {
		return err
	}
	about := *f
	about.Code, about.Message = "routing_input_invalid", "Keterangan aduan untuk penanganan belum dapat diterima."
	return &about
}
