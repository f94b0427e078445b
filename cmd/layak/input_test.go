package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"layak/complaints"
	"layak/eligibility"
	"layak/internal/testkit"
)

// samplePerson is the NIK of somebody who does not exist.
func samplePerson() string {
	return testkit.Person(1, "Orang Uji", "1985-07-01").Values[eligibility.FieldNIK]
}

// Whatever cannot be accepted ends with the promised code, nothing on standard output and one
// plain sentence on standard error that repeats no personal data.
func TestWhatCannotBeAccepted(t *testing.T) {
	h := &house{t, t.TempDir(), ""}
	h.db = "sqlite:" + h.path("layak.db")
	write := func(name, content string) string {
		err := os.WriteFile(h.path(name), []byte(content), 0o600)
		if err != nil {
			t.Fatal(err)
		}
		return h.path(name)
	}
	empty := write("kosong.xlsx", "")
	text := write("catatan.xlsx", "bukan buku kerja")
	old := write("lama.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 2000))
	h.must("", "generate", "residents", "--count", "20", "--out", h.path("r.xlsx"))
	whole, err := os.ReadFile(h.path("r.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	cut := write("terpotong.xlsx", string(whole[:len(whole)/2]))
	nik := samplePerson()

	for _, c := range []struct {
		name string
		in   string
		args []string
		code int
		says string
	}{
		{"unknown command", "", []string{"cekk"}, exitUsage, "tidak dikenal"},
		{"a shape that is none", "", []string{"complaints", "export", h.path("x.xlsx"), "--shape", "bulat"}, exitUsage, "tidak ada. Pilih cases"},
		{"no command", "", nil, exitUsage, "pilih salah satu"},
		{"unknown flag", "", []string{"check", "-", "--bahasa"}, exitUsage, "Pilihan --bahasa tidak dikenal"},
		{"NIK too short", "", []string{"check", "350919"}, exitUsage, "16 angka"},
		{"NIK with a letter", "", []string{"check", "35091950019O0001"}, exitUsage, "16 angka"},
		{"NIK of no province", "", []string{"check", "9909195001900001"}, exitUsage, "bukan kode provinsi"},
		{"NIK on standard input is bad", "12\n", []string{"check", "-"}, exitUsage, "16 angka"},
		{"nothing on standard input", "", []string{"check", "-"}, exitUsage, "masukan standar"},
		{"no NIK at all", "", []string{"check"}, exitUsage, "Isi NIK"},
		{"unknown need", "", []string{"check", nik, "--need", "liburan"}, exitUsage, "tidak dikenal"},
		{"unknown evidence", "", []string{"check", nik, "--evidence", "ijazah"}, exitUsage, "Jenis berkas"},
		{"evidence on an impossible day", "", []string{"check", nik, "--evidence", "sktm=2026-02-30"}, exitUsage, "Tanggal"},
		{"fact without value", "", []string{"check", nik, "--fact", "desil"}, exitUsage, "ISIAN=NILAI"},
		{"fact out of range", "", []string{"check", nik, "--fact", "desil=11"}, exitUsage, "1 sampai 10"},
		{"class3 neither yes nor no", "", []string{"check", nik, "--class3", "mungkin"}, exitUsage, "yes"},
		{"newborn without birth date", "", []string{"check", "--mother-nik", nik}, exitUsage, "tanggal lahir"},
		{"replay of nothing", "", []string{"check", "--replay", "tidak-ada"}, exitFailed, ""},
		{"regency that does not exist", "", []string{"--regency", "35.99", "units", "list"}, exitUsage, "Kode wilayah"},
		{"province as regency", "", []string{"--regency", "35", "units", "list"}, exitUsage, "kabupaten atau kota"},
		{"database of another kind", "", []string{"--db", "mysql://x", "units", "list"}, exitUsage, "sqlite:"},
		{"database in memory", "", []string{"--db", "sqlite::memory:", "units", "list"}, exitUsage, "harus berupa berkas"},
		{"database without a place", "", []string{"--db", "sqlite:", "units", "list"}, exitUsage, "harus berupa berkas"},
		{"database that is a folder", "", []string{"--db", "sqlite:" + h.dir, "units", "list"}, exitUsage, "menunjuk folder"},
		{"database server without a name", "", []string{"--db", "postgres://", "units", "list"}, exitUsage, "pengguna@server"},
		{"database server by an unknown sslmode", "", []string{"--db", "postgres://u@127.0.0.1:1/x?sslmode=maybe", "units", "list"}, exitUsage, "verify-full"},
		{"database server that is not there", "", []string{"--db", "postgres://u@127.0.0.1:1/x", "units", "list"}, exitFailed, "tidak dapat dihubungi"},
		{"import of an unknown kind", "", []string{"import", "gaji", h.path("r.xlsx")}, exitUsage, "Pilih salah satu: residents,welfare,membership,complaints. Bantuan"},
		{"import of an unknown field", "", []string{"import", "residents", h.path("r.xlsx"), "--map", "Hobi=hobby"}, exitUsage, "hobby"},
		{"import of tomorrow's tomorrow", "", []string{"import", "residents", h.path("r.xlsx"), "--as-of", "2199-01-01"}, exitUsage, "sesudah hari ini"},
		{"import of a day that never was", "", []string{"import", "residents", h.path("r.xlsx"), "--as-of", "2026-02-30"}, exitUsage, "misalnya 2026-11-21. Bantuan"},
		{"import for another regency", "", []string{"import", "residents", h.path("r.xlsx"), "--area", "35.10"}, exitUsage, "di dalam daerah"},
		{"import with a header that is not there", "", []string{"import", "residents", h.path("r.xlsx"), "--map", "Hobi=name"}, exitUsage, "Hobi"},
		{"import of a missing file", "", []string{"import", "residents", h.path("tidak-ada.xlsx")}, exitFailed, "tidak dapat dibuka"},
		{"import of an empty file", "", []string{"import", "residents", empty}, exitFailed, "kosong"},
		{"import of a text file", "", []string{"import", "residents", text}, exitFailed, ""},
		{"import of an old workbook", "", []string{"import", "residents", old}, exitFailed, "xls"},
		{"import of half a workbook", "", []string{"import", "residents", cut}, exitFailed, ""},
		{"generate too many", "", []string{"generate", "residents", "--count", "2000000", "--out", h.path("x.xlsx")}, exitUsage, "1.000.000"},
		{"generate into no folder", "", []string{"generate", "residents", "--count", "2", "--out", h.path("tak/ada.xlsx")}, exitFailed, "tidak dapat dibuat"},
		{"rollback of nothing", "", []string{"imports", "rollback", "tidak-ada"}, exitFailed, ""},
		{"ticket that is none", "", []string{"complaints", "show", "123"}, exitUsage, "Nomor aduan"},
		{"ticket of no complaint", "", []string{"complaints", "show", string(complaints.NewTicket("35.09"))}, exitFailed, ""},
		{"complaint without channel", "", []string{"complaints", "file", "--reporter", "A", "--text", "b"}, exitUsage, "--channel"},
		{"complaint by an unknown channel", "", []string{"complaints", "file", "--channel", "merpati", "--reporter", "A", "--text", "b"}, exitUsage, "lewat mana"},
		{"complaints in an unknown state", "", []string{"complaints", "list", "--state", "received,selesai"}, exitUsage, "selesai"},
		{"export of an unknown state", "", []string{"complaints", "export", h.path("aduan.xlsx"), "--state", "open"}, exitUsage, "open"},
		{"unit with an unknown area", "", []string{"units", "add", "X-1", "--name", "X", "--kind", "desa", "--area", "99.99"}, exitUsage, "Kode wilayah"},
		{"unit that works in another regency", "", []string{"units", "add", "X-1", "--name", "X", "--kind", "desa", "--area", "35.10"}, exitUsage, "di luar kabupaten/kota"},
		{"staff with a weak password", "12345\n", []string{"staff", "add", "budi", "--name", "Budi", "--role", "auditor"}, exitUsage, "12 huruf"},
		{"staff with an unknown role", "", []string{"staff", "add", "budi", "--name", "Budi", "--role", "raja"}, exitUsage, "Pilih salah satu: puskesmas"},
		{"token for nobody", "", []string{"staff", "token", "hantu"}, exitFailed, ""},
		{"rules in no folder", "", []string{"policy", "verify", h.path("tak-ada")}, exitUsage, "bukan folder"},
		{"backup over a file", "", []string{"backup", text}, exitFailed, "sudah ada"},
		{"restore of no backup", "", []string{"--db", "sqlite:" + h.path("baru.db"), "restore", text}, exitFailed, "bukan cadangan"},
		{"restore over a database", "", []string{"restore", text}, exitFailed, "sudah berisi"},
		{"half of a TLS pair", "", []string{"serve", "--tls-cert", text}, exitUsage, "--tls-key"},
		{"base address without scheme", "", []string{"serve", "--base-url", "layak.example"}, exitUsage, "https://"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := &house{t, h.dir, h.db}
			s := h.run(c.in, c.args...)
			if s.code != c.code {
				t.Errorf("exit %d, want %d", s.code, c.code)
			}
			if s.out != "" {
				t.Errorf("standard output: %s", s.out)
			}
			if strings.Count(s.err, "\n") != 1 || !strings.Contains(s.err, c.says) || strings.Contains(s.err, "Program gagal") {
				t.Errorf("standard error: %q, want one sentence with %q", s.err, c.says)
			}
			if strings.Contains(s.err, nik) {
				t.Errorf("a NIK stands in %q", s.err)
			}
		})
	}
}

// With --json standard output is JSON or empty, also when the command fails.
func TestJSONOrNothing(t *testing.T) {
	h := &house{t, t.TempDir(), ""}
	h.db = "sqlite:" + h.path("layak.db")
	for _, args := range [][]string{
		{"version"}, {"imports", "list"}, {"complaints", "list"}, {"units", "list"}, {"staff", "list"}, {"policy", "list"},
		{"audit", "verify"}, {"migrate"}, {"check", "350919"}, {"imports", "show", "tidak-ada"}, {"import", "residents", h.path("tak-ada.xlsx")},
		{"check", samplePerson()},
	} {
		s := h.run("", append(args, "--json")...)
		if s.out != "" && !json.Valid([]byte(s.out)) {
			t.Errorf("%v: %s", args, s.out)
		}
		if s.code == exitDone && (s.out == "" || s.err != "") {
			t.Errorf("%v: done, out %q, err %q", args, s.out, s.err)
		}
	}
}

// Somebody who is in no registry gets an answer, read from standard input; the date inside his
// number is impossible and only warns.
func TestCheckFromStandardInput(t *testing.T) {
	h := &house{t, t.TempDir(), ""}
	h.db = "sqlite:" + h.path("layak.db")
	d := decode(t, h.must(" 3509.1999.9990.0001 \n", "check", "-", "--json"))
	if d["outcome"] != "needs_information" || d["nik"] != "3509199999900001" {
		t.Errorf("outcome %v for %v", d["outcome"], d["nik"])
	}
	emergency := decode(t, h.must("3509199999900001", "check", "-", "--need", "emergency", "--json"))
	if emergency["service_advice"] != "treat_now" {
		t.Errorf("advice in an emergency: %v", emergency["service_advice"])
	}
	for _, key := range []string{"findings", "questions", "next_steps"} {
		if _, ok := d[key].([]any); !ok {
			t.Errorf("%s is no list", key)
		}
	}
}

// One seed makes one population, whatever the day.
func TestGenerateIsDeterministic(t *testing.T) {
	h := &house{t, t.TempDir(), ""}
	h.db = "sqlite:" + h.path("layak.db")
	var counts []any
	for _, name := range []string{"a.xlsx", "b.xlsx"} {
		h.must("", "generate", "residents", "--count", "50", "--seed", "9", "--out", h.path(name))
		counts = append(counts, h.object("import", "residents", h.path(name), "--as-of", "2026-11-01", "--again")["unchanged"])
	}
	if counts[0] != 0.0 || counts[1] != 50.0 {
		t.Errorf("unchanged = %v, want 0 and 50", counts)
	}
}
