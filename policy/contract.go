package policy

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Contract is the newest contract between rules and program that this program keeps: the query that
// is asked, the input, the shape of data.json, what stands in a decision and in METADATA. A bundle
// names its own in .manifest, as metadata.layak_contract.
//
// Contract 1 knew checks only. Since contract 2 a bundle routes complaints as well: data.layak.routing,
// with its own input schema and its reasons as a partial set.
const Contract = 2

// routingContract is the first contract whose bundles hold rules of routing.
const routingContract = 2

// manifest is what the program reads of .manifest; the rest is for OPA.
type manifest struct {
	Metadata struct {
		Contract any `json:"layak_contract"`
	} `json:"metadata"`
}

// contract gives the contract that the bundle names, 0 when it names none.
func (b Bundle) contract() (int, []Problem) {
	data, ok := b.Files[manifestFile]
	if !ok {
		return 0, nil
	}
	var m manifest
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&m); err != nil {
		return 0, []Problem{{File: manifestFile, Code: "manifest_unreadable", Message: ".manifest bukan JSON yang benar.", Detail: err.Error()}}
	}
	if m.Metadata.Contract == nil {
		return 0, nil
	}
	n, whole := wholeNumber(m.Metadata.Contract)
	if !whole || n < 1 {
		return 0, []Problem{{File: manifestFile, Code: "contract_unknown", Message: "Nomor kontrak (layak_contract) di .manifest harus bilangan bulat mulai 1."}}
	}
	return n, nil
}

// routes tells whether the bundle holds rules of routing: by its contract, or because it carries their
// schema, which no bundle of before could.
func (b Bundle) routes() bool {
	n, _ := b.contract()
	_, ok := b.Files[routingSchema]
	return ok || n >= routingContract
}

// checkContract refuses rules that were written for a later program. A bundle without a number
// passes: such revisions were stored before there were numbers, by the contract that is now 1, and
// their determinations have to be decided again for years.
func (b Bundle) checkContract() []Problem {
	n, found := b.contract()
	if n > Contract {
		found = append(found, Problem{File: manifestFile, Code: "contract_newer", Message: fmt.Sprintf(
			"Kumpulan aturan ini ditulis untuk kontrak %d, sedangkan program ini mengenal sampai kontrak %d. Perbarui program Layak dulu.", n, Contract)})
	}
	return found
}

// checkContractNamed refuses a bundle that does not say which contract it was written for. It is asked
// of rules that people hand in, not of those that are stored.
func (b Bundle) checkContractNamed() []Problem {
	n, found := b.contract()
	if n > 0 || len(found) > 0 { // the latter was told when the rules were loaded
		return nil
	}
	return []Problem{{File: manifestFile, Code: "contract_missing", Message: fmt.Sprintf(
		"Kumpulan aturan ini belum menyebut nomor kontraknya. Tulis \"layak_contract\": %d di bagian metadata berkas .manifest.", Contract)}}
}
