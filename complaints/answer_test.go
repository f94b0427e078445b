package complaints

import "testing"

func TestAPublicAnswerNamesNobody(t *testing.T) {
	c := Complaint{
		Reporter: Reporter{Name: "Ani", Phone: "+6281234567890"}, Patients: []Patient{{Name: "Sri Wahyuni", NIK: "3509190101800001"}},
		Joined: []Joined{{Reporter: Reporter{Name: "Budi  Santoso"}}},
	}
	for _, k := range []struct {
		text string
		ok   bool
	}{
		{"Kami berani memastikan pelayanan berjalan. Hubungi 0331-123456.", true},
		{"Aduan 3509-7QKD-M2XF-4 sudah ditangani.", true},
		{"Ibu SRI  wahyuni sudah dilayani.", false},
		{"Terima kasih, Ani, atas aduannya.", false},
		{"Bapak budi santoso sudah kami temui.", false},
		{"Kami sudah menelepon 0812-3456-7890.", false},
		{"NIK 3509 1901 0180 0001 sudah aktif.", false},
	} {
		if err := c.impersonal(k.text); (err == nil) != k.ok {
			t.Errorf("%q: %v", k.text, err)
		}
	}
}
