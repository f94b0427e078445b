package worklist

import (
	"context"
	"strconv"
	"time"

	"layak/complaints"
	"layak/internal/auth"
)

// Deed is one thing that somebody did in a case.
type Deed struct {
	At     time.Time
	Type   complaints.EventType
	Ticket complaints.Ticket
	Matter string
	State  complaints.State // that the case came into
	Note   string
}

// Log is what the actor did in a span of time, newest first.
type Log struct {
	From, To time.Time
	Deeds    []Deed
	Cases    int // different ones
	Full     bool
}

// mostDeeds bounds one log.
const mostDeeds = 5_000

// Mine is the actor's own log of work. Nobody sees that of another.
func (d *Desk) Mine(ctx context.Context, from, to time.Time) (Log, error) {
	actor := auth.From(ctx)
	err := actor.Require(auth.ComplaintRead)
	if err != nil {
		return Log{}, err
	}
	if !to.After(from) || to.Sub(from) > 400*24*time.Hour {
		return Log{}, complaints.Invalid("span", "to", "Tanggal akhir sesudah tanggal awal, paling lama satu tahun.")
	}
	out := Log{From: from, To: to}
	out.Deeds, err = d.Store.ActsOf(ctx, actor.Name, from, to, mostDeeds)
	seen := map[complaints.Ticket]bool{}
	for _, e := range out.Deeds {
		seen[e.Ticket] = true
	}
	out.Cases, out.Full = len(seen), len(out.Deeds) == mostDeeds
	return out, err
}

// Sums counts the deeds by kind, in the order of first occurrence.
func (l Log) Sums() []Count {
	var order []string
	n := map[string]int{}
	for _, e := range l.Deeds {
		if n[string(e.Type)] == 0 {
			order = append(order, string(e.Type))
		}
		n[string(e.Type)]++
	}
	list := make([]Count, len(order))
	for i, code := range order {
		list[i] = Count{Code: code, N: n[code]}
	}
	return list
}

// Table is the log as a workbook; words gives the name of a kind of event.
func (l Log) Table(zone *time.Location, words func(code string) string) []Table {
	t := Table{Name: "Catatan kerja", Header: []string{"Waktu", "Tindakan", "Nomor aduan", "Pokok aduan", "Status sesudahnya"}}
	for _, e := range l.Deeds {
		t.Rows = append(t.Rows, []string{e.At.In(zone).Format("2006-01-02 15:04"), words(string(e.Type)), string(e.Ticket),
			complaints.Label(complaints.Matters, e.Matter), e.State.Label()})
	}
	sums := Table{Name: "Jumlah", Header: []string{"Tindakan", "Jumlah"}}
	for _, c := range l.Sums() {
		sums.Rows = append(sums.Rows, []string{words(c.Code), strconv.Itoa(c.N)})
	}
	return []Table{t, sums}
}
