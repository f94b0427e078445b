package reply

import (
	"net/url"
	"strings"
)

// WhatsAppLink opens WhatsApp with the number and the text filled in; a person presses "send". ""
// when the number can be none. A number without a country is Indonesian.
func WhatsAppLink(phone, text string) string {
	number := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
	switch {
	case strings.HasPrefix(number, "00"):
		number = number[2:]
	case strings.HasPrefix(number, "0"):
		number = "62" + number[1:]
	case strings.HasPrefix(number, "8"):
		number = "62" + number
	}
	if len(number) < 8 || len(number) > 15 {
		return ""
	}
	return "https://wa.me/" + number + "?text=" + strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
