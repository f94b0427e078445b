package main

import (
	"context"
	"fmt"

	"layak/complaints"
	"layak/complaints/calendar"
)

// demoSettings are what the training offices say of themselves. The hospital says nothing: it never
// closes.
var demoSettings = []complaints.UnitSettings{
	{Unit: "PKM-LATIHAN", Own: true, Zone: "Asia/Jakarta", Week: complaints.DeskWeek, Head: "rini", Above: "KEC-LATIHAN",
		Address: "Jalan Melati 1", Phone: "0331-000001", Open: "Senin–Kamis 08.00–16.00, Jumat dan Sabtu 08.00–13.00"},
	{Unit: "KEL-LATIHAN", Own: true, Zone: "Asia/Jakarta", Week: demoVillageWeek, Head: "wahyu", Above: "KEC-LATIHAN",
		Address: "Jalan Kenanga 2", Phone: "0331-000002", Open: "Senin–Kamis 07.30–12.00 dan 13.00–15.30, Jumat 07.30–11.00"},
	{Unit: "KEC-LATIHAN", Head: "endah", Address: "Jalan Cempaka 3", Phone: "0331-000003", Open: "Senin–Jumat 08.00–16.00"},
	{Unit: "DUKCAPIL", Head: "lukman", Address: "Jalan Anggrek 4", Phone: "0331-000004", Open: "Senin–Jumat 08.00–16.00"},
}

// demoVillageWeek closes at noon, and early on Friday.
var demoVillageWeek = calendar.Week{1: villageDay, 2: villageDay, 3: villageDay, 4: villageDay, 5: {{From: 450, To: 660}}}

var villageDay = []calendar.Span{{From: 450, To: 720}, {From: 780, To: 930}}

// demoHours gives the training offices working time, heads and units above. What somebody changed
// since stays.
func (p *Program) demoHours(ctx context.Context) error {
	have, err := p.DB.AllUnitSettings(ctx)
	if err != nil || len(have) > 0 {
		return err
	}
	for _, u := range demoSettings {
		err = p.Hours.Save(ctx, u)
		if err != nil {
			return fmt.Errorf("training hours of %s: %w", u.Unit, err)
		}
	}
	return nil
}
