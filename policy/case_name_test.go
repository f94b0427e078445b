package policy

import "testing"

func TestNamesOfCasesNameNobody(t *testing.T) {
	people := []string{"RIZKI WIBOWO", "Nur 'Aini binti H. Salim", ""}
	for name, ok := range map[string]bool{
		"desil 7 tanpa SKTM":         true,
		"SKTM 180 hari, 2026":        true,
		"bayi 28 hari, ibu 17 tahun": true,
		"binti dari kakek":           true,
		"kode 12345":                 false,
		"3509092105570001":           false,
		"3509 0921 0557 0001":        false,
		"lahir 21-05-1957":           false,
		"lahir 1957-05-21":           false,
		"Rizki, desil 7":             false,
		"pak wibowo":                 false,
		"bu aini hamil":              false,
		"salim":                      false,
		"rizkian":                    true,
	} {
		if err := CheckCaseName(name, people); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
}
