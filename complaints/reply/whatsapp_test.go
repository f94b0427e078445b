package reply

import (
	"net/url"
	"testing"
)

func TestWhatsAppLink(t *testing.T) {
	for phone, number := range map[string]string{
		"081200000001": "6281200000001", "+62 812-0000-0001": "6281200000001", "81200000001": "6281200000001", "006281200000001": "6281200000001", "60123456789": "60123456789",
	} {
		u, err := url.Parse(WhatsAppLink(phone, "Ibu Ani & keluarga,\nsyarat 100% “terpenuhi”? + ya"))
		if err != nil || u.Host != "wa.me" || u.Path != "/"+number || u.Query().Get("text") != "Ibu Ani & keluarga,\nsyarat 100% “terpenuhi”? + ya" {
			t.Errorf("%s: %v %v", phone, u, err)
		}
	}
	for _, none := range []string{"", "@ani", "123", "1234567890123456"} {
		if link := WhatsAppLink(none, "x"); link != "" {
			t.Errorf("%q leads to %s", none, link)
		}
	}
}
