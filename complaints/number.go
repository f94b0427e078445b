package complaints

import (
	"context"
	"encoding/json"
	"slices"
)

// HandedTo is the office that a case was last forwarded to and the number under which that office
// keeps it, "" when it is not known; false when it was never forwarded.
func (c Complaint) HandedTo() (office, number string, ok bool) {
	for _, e := range c.Events {
		switch e.Type {
		case ForwardEvent:
			var d ForwardData
			if json.Unmarshal(e.Data, &d) == nil {
				office, number, ok = d.Office, d.Number, true
			}
		case NumberEvent:
			var d NumberData
			if json.Unmarshal(e.Data, &d) == nil {
				office, number, ok = d.Office, d.Number, true
			}
		}
	}
	return office, number, ok
}

// numbered notes the number that the other office gave, or corrects it, so that the reporter can ask
// there. An office is named when another one took the case than the one it was sent to.
func numbered(_ context.Context, _ *Service, d *draft) error {
	office, was, _ := d.was.HandedTo()
	a := d.action
	if a.Office == "" {
		a.Office = office
	}
	switch {
	case a.Number == "":
		return Invalid("number_missing", "number", "Tulis nomor yang diberikan instansi tujuan.")
	case a.Office == "":
		return Invalid("office_missing", "office", "Tulis instansi yang memberi nomor itu.")
	case a.Number == was && a.Office == office:
		return Invalid("number_same", "number", "Nomor itu sudah tercatat.")
	}
	text := a.Text
	if text == "" {
		text = "Aduan Anda dicatat " + a.Office + " dengan nomor " + a.Number + "."
		if was != "" {
			text += " Nomor sebelumnya, " + was + ", tidak berlaku lagi."
		}
	}
	err := d.send(text)
	if err != nil {
		return err
	}
	d.change.Event.Note = text
	return d.change.with(NumberData{Office: a.Office, Number: a.Number, Was: was, Send: slices.Clone(a.Send)})
}
