package main

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"layak/complaints/worklist"
	"layak/eligibility"
	"layak/importers"
)

// openWorklists wires the desk of work lists.
func (p *Program) openWorklists() *worklist.Desk {
	return &worklist.Desk{Store: p.DB, Registry: p.DB, Cases: p.Complaints, Rules: standingOf{p.Rules}, Clock: p.Clock, Zone: eligibility.WIB, Home: p.Regency}
}

// standingOf reads the standing of the regency out of the parameters of the rules in force.
type standingOf struct{ rules *ruleBook }

// Standing implements worklist.Rules. Within a name the newest value comes first.
func (s standingOf) Standing(day eligibility.Date) string {
	for _, param := range s.rules.Engine().Params() {
		if param.Name != "uhc_status" || param.ValidFrom > string(day) {
			continue
		}
		if text, ok := param.Value.(string); ok {
			return text
		}
	}
	return ""
}

// Premium implements worklist.Rules.
func (s standingOf) Premium(day eligibility.Date) worklist.Premium {
	for _, param := range s.rules.Engine().Params() {
		if param.Name != "premium_month" || param.ValidFrom > string(day) {
			continue
		}
		rupiah, ok := wholeNumber(param.Value)
		if ok {
			return worklist.Premium{ValidFrom: eligibility.Date(param.ValidFrom), Rupiah: rupiah, Source: param.Source}
		}
	}
	return worklist.Premium{}
}

// wholeNumber reads a number of a parameter, however it was decoded.
func wholeNumber(v any) (int64, bool) {
	switch n := v.(type) {
	case json.Number:
		i, err := n.Int64()
		return i, err == nil
	case float64:
		return int64(n), true
	case int64:
		return n, true
	case int:
		return int64(n), true
	}
	return 0, false
}

// worklistWork looks over the registry after each change of it, and destroys registers that nobody
// took over.
func (p *Program) worklistWork(ctx context.Context) {
	p.every(ctx, time.Minute, "look over the registry", func(ctx context.Context) error {
		_, err := p.Worklists.Scan(ctx)
		return err
	})
}

func (p *Program) registerWork(ctx context.Context) {
	p.every(ctx, time.Hour, "forget registers", func(ctx context.Context) error {
		_, err := p.Register.Forget(ctx)
		return err
	})
}

// exportHandover writes the hand-over file of one system.
func (k *call) exportHandover(p *Program, source, path string) error {
	h, err := p.Register.Export(k, source)
	if err != nil {
		return usage(err)
	}
	var tables []importers.Table
	for _, t := range h.Tables() {
		tables = append(tables, importers.Table(t))
	}
	err = writeWhole(path, func(w io.Writer) error { return importers.WriteTables(w, tables) })
	if err != nil {
		return err
	}
	differ := len(h.Differences())
	if k.JSON {
		return k.printJSON(map[string]any{"file": path, "source": source, "rows": len(h.Lines), "differences": differ})
	}
	k.printf("%s berisi %d aduan, %d di antaranya berbeda status.\n", path, len(h.Lines), differ)
	return nil
}
