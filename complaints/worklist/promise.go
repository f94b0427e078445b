package worklist

import (
	"context"
	"slices"
	"strconv"
	"time"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/policy"
)

// Hope is a patient who was found eligible and is not active yet.
type Hope struct {
	Ticket        complaints.Ticket
	State         complaints.State
	Patient       int
	Name          string
	NIK           string // masked by the Desk
	Village       area.Code
	Phone         string // of the reporter
	Reporter      string
	Determination string
	DecidedAt     time.Time
	Granted       bool
	Sent          bool // a registration is on its way
}

// Promises are the answers "aktif hari ini" that do not hold any more.
type Promises struct {
	Standing string // of the regency today
	Broken   []Hope // today: nobody can become active today
	Kept     int    // as long as the standing lasts, these still hold
}

// laterCode is the finding by which an answer says that the card becomes active next month only.
const laterCode = "activation_next_month"

// Promises lists whom the office told "active today" and who is not, once the regency has lost its
// standing: they have to be called. The look is on the trail for each person.
func (d *Desk) Promises(ctx context.Context) (Promises, error) {
	actor := auth.From(ctx)
	err := either(actor, auth.RegistrationWrite, auth.WorklistRead)
	if err != nil {
		return Promises{}, err
	}
	out := Promises{Standing: d.Rules.Standing(eligibility.DateOf(d.Clock().In(d.Zone)))}
	hopes, err := d.Store.Hopes(ctx, complaints.ScopeOf(actor), mostListed)
	if err != nil {
		return out, err
	}
	var people []string
	for _, h := range hopes {
		made, err := d.Store.Determination(ctx, h.Determination)
		if err != nil {
			return out, err
		}
		if slices.ContainsFunc(made.Findings, func(f policy.Finding) bool { return f.Code == laterCode }) {
			continue // nobody promised the same day
		}
		if out.Standing != CutOff {
			out.Kept++
			continue
		}
		people = append(people, h.NIK)
		if h.NIK != "" {
			h.NIK = eligibility.NIK(h.NIK).Masked()
		}
		out.Broken = append(out.Broken, h)
	}
	if len(out.Broken) == 0 {
		return out, nil
	}
	return out, d.looked(ctx, "worklist.promises", "Janji aktif hari ini yang tidak berlaku lagi", people)
}

// Table is the list to call as a workbook.
func (p Promises) Table(zone *time.Location) []Table {
	t := Table{Name: "Janji yang berubah", Header: []string{
		"No", "Nomor aduan", "Pasien", "NIK", "Wilayah", "Pelapor", "Telepon", "Dijanjikan", "Sudah dikirim", "Yang disampaikan",
	}}
	for i, h := range p.Broken {
		sent := "Belum"
		if h.Sent {
			sent = "Sudah, menunggu"
		}
		t.Rows = append(t.Rows, []string{
			strconv.Itoa(i + 1), string(h.Ticket), h.Name, h.NIK, complaints.PlaceLabel(h.Village), h.Reporter, h.Phone,
			h.DecidedAt.In(zone).Format("2006-01-02"), sent, "Kartu aktif bulan depan, bukan hari ini. Bila darurat tetap dilayani dulu.",
		})
	}
	return []Table{t}
}
