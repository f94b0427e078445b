package web

import (
	"strings"

	"layak/complaints"
)

// quiet is what the program did by itself: one line that folds away.
func (t teller) quiet(_ complaints.Event, row *storyRow) { row.Class, row.Quiet = "system", true }

// answered tells how a text went out.
func (t teller) answered(e complaints.Event, row *storyRow) {
	row.Class = "reply"
	data, ok := dataOf[struct {
		Send []string `json:"send"`
	}](e)
	if !ok || len(data.Send) == 0 {
		return
	}
	var ways []string
	for _, way := range data.Send {
		ways = append(ways, label(t.w, "way", way))
	}
	row.Lines = append(row.Lines, t.w.T("event.sent_by", "Ways", strings.Join(ways, ", ")))
}

func (t teller) tasked(e complaints.Event, row *storyRow) {
	data, ok := dataOf[complaints.TaskData](e)
	if !ok {
		return
	}
	for _, task := range data.Tasks {
		line := unitName(t.units, task.Unit) + ": " + task.Act
		if task.DueAt != nil {
			line += " (" + t.w.T("task.until", "At", formatTime(t.w.Lang, t.zone(), *task.DueAt)) + ")"
		}
		row.Lines = append(row.Lines, line)
	}
}

func (t teller) taskDone(e complaints.Event, row *storyRow) {
	data, ok := dataOf[complaints.TaskDoneData](e)
	if !ok {
		return
	}
	row.Title = t.w.T("event.task_done")
	if data.Result == complaints.TaskRefused {
		row.Title = t.w.T("event.task_refused")
	}
	row.Lines = []string{unitName(t.units, data.Unit) + ": " + data.Act}
	if data.Late {
		row.Lines = append(row.Lines, t.w.T("task.was_late"))
	}
	if data.Proof != "" {
		row.Link, row.LinkTo = filePath(t.c.Ticket, data.Proof), "reg.proof_open"
	}
}

func (t teller) classified(e complaints.Event, row *storyRow) {
	data, ok := dataOf[complaints.ClassifyData](e)
	if !ok {
		return
	}
	add := func(key, list, code string) {
		if code != "" {
			row.Lines = append(row.Lines, t.w.T(key)+": "+label(t.w, list, code))
		}
	}
	add("complaint.class", "class", data.Class)
	add("complaint.priority", "priority", data.Priority)
	add("complaint.matter", "matter", data.Matter)
	if data.Accused != nil && *data.Accused != "" {
		row.Lines = append(row.Lines, t.w.T("complaint.accused")+": "+unitName(t.units, *data.Accused))
	}
	if data.Attention != nil && *data.Attention {
		row.Lines = append(row.Lines, t.w.T("complaint.attention"))
	}
}

func (t teller) refunded(e complaints.Event, row *storyRow) {
	data, ok := dataOf[complaints.RefundData](e)
	if !ok {
		return
	}
	row.Lines = []string{rupiahText(t.w.Lang, data.Amount)}
	if data.ReceivedAt != nil {
		row.Lines = append(row.Lines, t.w.T("refund.received", "Date", formatDate(t.w.Lang, t.zone(), *data.ReceivedAt)))
	}
}

func (t teller) rejected(e complaints.Event, row *storyRow) {
	row.Class = "reply"
	if data, ok := dataOf[complaints.RejectData](e); ok {
		row.Lines = []string{complaints.Label(complaints.RejectReasons, data.Code)}
	}
}

func (t teller) reopened(e complaints.Event, row *storyRow) {
	data, ok := dataOf[complaints.ReopenData](e)
	if ok && data.Unsatisfied {
		row.Title = t.w.T("event.unsatisfied")
		row.Class = "citizen"
	}
}

func (t teller) closed(e complaints.Event, row *storyRow) {
	if data, ok := dataOf[complaints.CloseData](e); ok && data.Rating > 0 {
		row.Lines = []string{t.w.T("event.rated", "N", data.Rating)}
	}
}

func (t teller) merged(e complaints.Event, row *storyRow) {
	if data, ok := dataOf[complaints.MergeData](e); ok && data.Into != "" {
		row.Lines = []string{string(data.Into)}
		row.Link, row.LinkTo = "/complaints/"+string(data.Into), "joined.open"
	}
}

func (t teller) joined(e complaints.Event, row *storyRow) {
	row.Class = "system"
	data, ok := dataOf[complaints.JoinData](e)
	if !ok {
		return
	}
	if data.Parted {
		row.Title = t.w.T("event.parted")
	}
	row.Lines = []string{string(data.Ticket)}
}

func (t teller) routed(e complaints.Event, row *storyRow) {
	t.quiet(e, row)
	data, ok := dataOf[complaints.RouteData](e)
	if !ok {
		return
	}
	row.Lines = []string{label(t.w, "class", data.Class) + " · " + label(t.w, "priority", data.Priority)}
	if data.Unit != "" {
		row.Lines = append(row.Lines, unitName(t.units, data.Unit))
	}
}

func (t teller) sent(e complaints.Event, row *storyRow) {
	t.quiet(e, row)
	data, ok := dataOf[struct {
		Through string `json:"through"`
		State   string `json:"state"`
	}](e)
	if !ok {
		return
	}
	row.Lines = []string{label(t.w, "way", data.Through) + " · " + label(t.w, "sent", data.State)}
	row.Quiet = data.State != "failed"
}
