package complaints

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"layak/eligibility"
	"layak/internal/area"
	"layak/internal/auth"
	"layak/policy"
)

// Route is the newest word of the routing rules about the case; false when it was never routed.
func (c Complaint) Route() (RouteData, bool) {
	for i := len(c.Events) - 1; i >= 0; i-- {
		if c.Events[i].Type != RouteEvent {
			continue
		}
		var r RouteData
		err := json.Unmarshal(c.Events[i].Data, &r)
		return r, err == nil
	}
	return RouteData{}, false
}

// routed asks the routing rules about the case as it is after an act (its Events hold the new one).
// It puts what they say into the case and gives the event of it; nil when nothing changed. A case
// that no unit has goes to the desk that the rules name, and so does one that a coordinator takes in;
// what lies under somebody's hands is never moved, there the rules only advise.
func (s *Service) routed(ctx context.Context, c *Complaint, at time.Time) (*Event, error) {
	if s.Router == nil {
		return nil, nil
	}
	advice, err := s.ask(ctx, *c, at)
	if err != nil {
		return nil, err
	}
	said := c.Classified()
	c.Class, c.Priority, c.Element, c.Attention = advice.Class, advice.Priority, advice.Element, advice.Attention
	if said.Priority != "" {
		c.Priority = said.Priority
	}
	if said.Element != "" {
		c.Element = said.Element
	}
	if said.Attention != nil {
		c.Attention = *said.Attention
	}
	c.Escalated = c.climbed(at)
	before, was := c.Route()
	data := RouteData{
		Revision: advice.Revision, Class: c.Class, Priority: c.Priority, Element: c.Element, Attention: c.Attention,
		SecondPerson: advice.SecondPerson || c.Attention, ReopenDays: advice.ReopenDays, SilentHours: advice.SilentHours,
		Outside: advice.Outside, Clocks: advice.Clocks, Ladder: advice.Ladder,
	}
	taken := !was && auth.From(ctx).Role == auth.Coordinator
	if advice.Unit != "" && advice.Unit != c.Unit && c.Staff == "" && (c.Unit == "" || taken) {
		c.Unit, data.Unit = advice.Unit, advice.Unit
	}
	if was && data.Unit == "" && data.same(before) {
		return nil, nil
	}
	e := newEvent(RouteEvent, auth.System(), at)
	e.From, e.To = c.State, c.State
	e.Note = strings.Join(advice.Reasons, " ")
	e.Data, err = json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("encode routing of %s: %w", c.Ticket, err)
	}
	return &e, nil
}

// same tells whether the rules say what they said before; under which revision they said it, and
// where they put the case then, is no news.
func (r RouteData) same(before RouteData) bool {
	r.Revision, before.Revision = "", ""
	r.Unit, before.Unit = "", ""
	return reflect.DeepEqual(r, before)
}

// RouteAdvice is what the routing rules say about a case now, with the units that they mean.
type RouteAdvice struct {
	policy.Routing
	Revision string // of the rules that said it
	// Unit is where the rules want the case, "" when they leave it where it is or know nobody there.
	Unit, UnitName string
	Orders         []AdvisedTask // the proposed tasks, each with its unit
}

// AdvisedTask is a proposed task with the unit that would do it; Unit is "" when the rules mean a
// unit that is not registered.
type AdvisedTask struct {
	policy.ProposedTask
	Unit, UnitName string
}

// Advice is the live word of the routing rules for the page of a case: what is missing, which tasks to
// give, which office outside, why. Questions that the reporter was asked and has answered since, and
// tasks that were given already, are left out. Nothing is stored. Without a Router it is empty.
func (s *Service) Advice(ctx context.Context, c Complaint) (RouteAdvice, error) {
	if s.Router == nil {
		return RouteAdvice{}, nil
	}
	advice, err := s.ask(ctx, c, s.now())
	if err != nil {
		return RouteAdvice{}, err
	}
	answered := c.answered()
	advice.Missing = slices.DeleteFunc(advice.Missing, func(m policy.MissingItem) bool { return answered[m.Text] })
	advice.Orders = slices.DeleteFunc(advice.Orders, func(o AdvisedTask) bool {
		return slices.ContainsFunc(c.Tasks, func(t Task) bool { return t.Unit == o.Unit && t.Act == o.Act })
	})
	return advice, nil
}

// ask puts the case before the routing rules.
func (s *Service) ask(ctx context.Context, c Complaint, at time.Time) (RouteAdvice, error) {
	units, err := s.unitsWith(ctx, c.FiledUnit, c.Unit, c.Accused)
	if err != nil {
		return RouteAdvice{}, err
	}
	in := c.routingInput(s.Store.Regency(), at, units)
	r, revision, err := s.Router.Route(ctx, in)
	if err != nil {
		return RouteAdvice{}, fmt.Errorf("route %s: %w", c.Ticket, err)
	}
	advice := RouteAdvice{Routing: r, Revision: revision}
	if r.Desk != nil {
		u := units.pick(*r.Desk, c.Accused)
		advice.Unit, advice.UnitName = u.Code, u.Name
	}
	for _, t := range r.Tasks {
		u := units.pick(t.Desk, "")
		advice.Orders = append(advice.Orders, AdvisedTask{t, u.Code, u.Name})
	}
	return advice, nil
}

// routingInput is the case as the routing rules see it: no name, no number, no text.
func (c Complaint) routingInput(home area.Code, at time.Time, units unitList) policy.RoutingInput {
	said := c.Classified()
	in := policy.RoutingInput{
		At: at.In(eligibility.WIB), Office: policy.Office{Regency: string(home)}, Channel: c.Channel, Matter: c.Matter,
		Need: c.Need, Relation: c.Reporter.Relation, Class: said.Class, Deceased: c.Deceased,
		Filed: units.routing(c.FiledUnit), Unit: units.routing(c.Unit), Accused: units.routing(c.Accused),
		Checks: []policy.RoutingOutcome{}, Given: c.given(),
	}
	if said.Priority == "emergency" {
		in.Need = "emergency" // an official's word starts the same clock
	}
	place := c.place()
	switch place.Level() {
	case area.Village:
		in.Village, in.District = string(place), string(place.Parent())
	case area.District:
		in.District = string(place)
	}
	newest := c.Newest()
	codes := c.checkCodes()
	for _, p := range c.Patients {
		k, ok := newest[p.No]
		if !ok {
			continue
		}
		in.Checks = append(in.Checks, policy.RoutingOutcome{
			Outcome: string(k.Outcome), Advice: string(k.Advice), Codes: append([]string{}, codes[k.Determination]...),
		})
	}
	for _, e := range c.Events {
		if e.Type == ReopenEvent {
			in.Reopened++
		}
	}
	return in
}

// place is the area of the first patient whose area is known, else of the case.
func (c Complaint) place() area.Code {
	for _, p := range c.Patients {
		if p.Village != "" {
			return p.Village
		}
	}
	return c.Village
}

// checkCodes are the codes of the findings by determination, out of the events of the checks.
func (c Complaint) checkCodes() map[string][]string {
	all := map[string][]string{}
	for _, e := range c.Events {
		if e.Type != CheckEvent {
			continue
		}
		var k CheckData
		err := json.Unmarshal(e.Data, &k)
		if err == nil {
			all[k.Determination] = k.Codes
		}
	}
	return all
}

// codesOf are what a determination left open, refused or noted.
func codesOf(findings []policy.Finding) []string {
	var codes []string
	for _, f := range findings {
		if f.Verdict != policy.Met {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

// given says what the case holds already of what the rules may ask for.
func (c Complaint) given() []string {
	given := []string{}
	add := func(code string, known bool) {
		if known {
			given = append(given, code)
		}
	}
	add("phone", c.Reporter.Phone != "" || c.Reporter.Email != "" || c.Reporter.Handle != "")
	add("patient", len(c.Patients) > 0 && !slices.ContainsFunc(c.Patients, func(p Patient) bool { return !p.Known() && p.Name == "" }))
	add("village", c.place() != "")
	add("need", c.Need != "")
	add("matter", c.Matter != "")
	add("facility", c.Accused != "" || c.Refund != nil && c.Refund.Facility != "")
	add("amount", c.Refund != nil && c.Refund.Amount > 0)
	add("receipt", c.Refund != nil && c.Refund.Receipt != "")
	add("photo", len(c.Attachments) > 0)
	return given
}

// answered are the questions that the reporter was asked and that he has answered since.
func (c Complaint) answered() map[string]bool {
	asked, answered := []string{}, map[string]bool{}
	for _, e := range c.Events {
		switch e.Type {
		case WaitEvent:
			var w WaitData
			err := json.Unmarshal(e.Data, &w)
			if err == nil {
				asked = append(asked, w.Missing...)
			}
		case ReplyEvent:
			for _, text := range asked {
				answered[text] = true
			}
			asked = nil
		}
	}
	return answered
}

// HandoverText is the text for an office outside the regency's authority, for the clerk to change: what
// it is about and why it comes to them, without the name or number of anybody.
func HandoverText(c Complaint, o policy.Outside) string {
	return c.HandOver(o.Office) + " " + o.Why
}
