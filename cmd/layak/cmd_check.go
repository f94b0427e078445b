package main

import (
	"strings"

	"layak/eligibility"
	"layak/internal/fault"
	"layak/policy"
)

// checkCmd decides about one person.
type checkCmd struct {
	NIK       string   `arg:"" optional:"" name:"nik" help:"NIK 16 angka, atau - untuk membacanya dari masukan standar."`
	Evidence  []string `placeholder:"JENIS[=TANGGAL]" sep:"none" help:"Berkas yang dilihat petugas, misalnya ktp, kk, sktm=2026-10-01. Boleh berulang."`
	Fact      []string `placeholder:"ISIAN=NILAI" sep:"none" help:"Yang tertulis di berkas, misalnya desil=3 atau member_status=inactive. Boleh berulang."`
	Need      string   `placeholder:"KEBUTUHAN" help:"emergency, inpatient, outpatient, delivery, routine, atau accident."`
	Class3    string   `name:"class3" enum:"yes,no," default:"" placeholder:"yes|no" help:"Bersedia dirawat di kelas 3."`
	Employed  string   `enum:"yes,no," default:"" placeholder:"yes|no" help:"Peserta dari pemberi kerja: masih bekerja di sana."`
	MotherNIK string   `name:"mother-nik" placeholder:"NIK" help:"Bayi baru lahir: NIK ibunya."`
	Born      dateFlag `placeholder:"TANGGAL" help:"Bayi baru lahir: tanggal lahir."`
	ServiceOn dateFlag `placeholder:"TANGGAL" help:"Tanggal layanan, kalau bukan hari ini."`
	At        dateFlag `placeholder:"TANGGAL" help:"Anggap hari ini tanggal itu."`
	Purpose   string   `placeholder:"TEKS" default:"cek melalui baris perintah" help:"Keperluan, dicatat di jejak kegiatan."`
	Replay    string   `placeholder:"ID" help:"Ulangi hasil cek yang tersimpan dan bandingkan jawabannya."`
}

// Run checks, or repeats a stored check.
func (c *checkCmd) Run(k *call) error {
	if c.Replay != "" {
		if c.NIK != "" || c.MotherNIK != "" {
			return usagef("Pilih satu: cek baru, atau --replay dengan ID hasil cek.")
		}
		return k.with(func(p *Program) error { return c.replay(k, p) })
	}
	req, err := c.request(k)
	if err != nil {
		return usage(err)
	}
	return k.with(func(p *Program) error {
		d, err := p.Checker.Check(k, req)
		if err != nil {
			return usage(err)
		}
		if k.JSON {
			return k.printJSON(asJSON(d))
		}
		k.showDetermination(d)
		return nil
	})
}

// request reads the flags. What they mean is checked by the Checker.
func (c *checkCmd) request(k *call) (eligibility.Request, error) {
	req := eligibility.Request{
		Need: c.Need, ServiceOn: eligibility.Date(c.ServiceOn), At: c.At.noon(), Purpose: c.Purpose,
		AcceptsClass3: yesNo(c.Class3), StillEmployed: yesNo(c.Employed),
	}
	var err error
	req.Subject, err = c.subject(k)
	if err != nil {
		return req, err
	}
	facts := map[eligibility.Field]string{}
	for _, text := range c.Fact {
		f, v, err := parseFact(text)
		if err != nil {
			return req, err
		}
		facts[f] = v
	}
	for _, text := range c.Evidence {
		kind, day, dated := strings.Cut(text, "=")
		e := eligibility.Evidence{Kind: strings.TrimSpace(kind)}
		if dated {
			e.IssuedOn, err = eligibility.ParseDate(strings.TrimSpace(day))
			if err != nil {
				return req, err
			}
		}
		req.Evidence = append(req.Evidence, e)
	}
	req.Evidence = eligibility.AttachFacts(req.Evidence, facts)
	return req, nil
}

func (c *checkCmd) subject(k *call) (eligibility.Subject, error) {
	if c.MotherNIK != "" {
		if c.NIK != "" {
			return eligibility.Subject{}, usagef("Isi NIK bayi saja, atau --mother-nik dengan --born, jangan keduanya.")
		}
		mother, err := eligibility.ParseNIK(c.MotherNIK)
		return eligibility.Subject{MotherNIK: mother, BirthDate: eligibility.Date(c.Born)}, err
	}
	text := c.NIK
	if text == "-" {
		line, err := k.readLine(200)
		if err != nil {
			return eligibility.Subject{}, err
		}
		text = line
	}
	if strings.TrimSpace(text) == "" {
		return eligibility.Subject{}, usagef("Isi NIK 16 angka, atau - untuk membacanya dari masukan standar.")
	}
	nik, err := eligibility.ParseNIK(text)
	return eligibility.Subject{NIK: nik}, err
}

func parseFact(text string) (eligibility.Field, string, error) {
	name, value, ok := strings.Cut(text, "=")
	f, known := eligibility.FieldNamed(strings.TrimSpace(name))
	if !ok || !known {
		return 0, "", fault.New(fault.Invalid, "fact_invalid",
			"Isian --fact berbentuk ISIAN=NILAI dengan nama isian yang dikenal, misalnya desil=3. Daftarnya ada di docs/cli.md.")
	}
	clean, err := f.Parse(value)
	return f, clean, err
}

func yesNo(s string) *bool {
	if s == "" {
		return nil
	}
	yes := s == "yes"
	return &yes
}

// replayed is what `check --replay --json` prints.
type replayed struct {
	Same  bool                      `json:"same"`
	Again eligibility.Determination `json:"again"`
}

func (c *checkCmd) replay(k *call, p *Program) error {
	again, same, err := p.Checker.Replay(k, c.Replay)
	if err != nil {
		return err
	}
	if k.JSON {
		err = k.printJSON(replayed{same, asJSON(again)})
		if err != nil {
			return err
		}
	} else if same {
		k.printf("Sama: jawaban tetap %s.\n", outcomeWords[again.Outcome])
	}
	if !same {
		return fault.New(fault.Conflict, "replay_differs", "Jawaban sekarang berbeda dengan yang tersimpan: "+outcomeWords[again.Outcome]+".")
	}
	return nil
}

// asJSON fills the lists, so that programs always read arrays.
func asJSON(d eligibility.Determination) eligibility.Determination {
	if d.Findings == nil {
		d.Findings = []policy.Finding{}
	}
	if d.Questions == nil {
		d.Questions = []policy.Question{}
	}
	if d.NextSteps == nil {
		d.NextSteps = []string{}
	}
	if d.Registry == nil {
		d.Registry = eligibility.State{}
	}
	return d
}

var outcomeWords = map[policy.Outcome]string{
	policy.Eligible: "Layak", policy.NotEligible: "Belum memenuhi syarat",
	policy.AlreadyCovered: "Sudah terjamin", policy.NeedsInformation: "Perlu dilengkapi",
}

var verdictMarks = map[policy.Verdict]string{policy.Met: "✔", policy.NotMet: "✘", policy.Unknown: "?", policy.Note: "·"}

// showDetermination prints what a clerk needs: the answer, why, what is missing, what to do.
func (k *call) showDetermination(d eligibility.Determination) {
	if d.Advice == policy.TreatNow {
		k.printf("LAYANI DULU\n")
	}
	k.printf("%s\n", strings.ToUpper(outcomeWords[d.Outcome]))
	k.printf("%s\n", wrap(d.Summary, "", 90))
	if len(d.Findings) > 0 {
		k.printf("\nSyarat dan alasannya\n")
	}
	for _, f := range d.Findings {
		k.printf("  %s %s\n", verdictMarks[f.Verdict], wrap(f.Title, "    ", 86))
		for _, line := range [][2]string{{"terlihat", f.Seen}, {"batas", f.Limit}, {"dasar", f.Article}} {
			if line[1] != "" {
				k.printf("      %-9s %s\n", line[0], wrap(line[1], "                ", 74))
			}
		}
		if f.Verdict != policy.Met && f.Remedy != "" {
			k.printf("      %-9s %s\n", "jalan", wrap(f.Remedy, "                ", 74))
		}
	}
	if len(d.Questions) > 0 {
		k.printf("\nYang masih perlu\n")
	}
	for _, q := range d.Questions {
		k.printf("  - %s\n", wrap(q.Text, "    ", 86))
	}
	if len(d.NextSteps) > 0 {
		k.printf("\nLangkah berikut\n")
	}
	for i, s := range d.NextSteps {
		k.printf("  %d. %s\n", i+1, wrap(s, "     ", 85))
	}
	for _, w := range d.Warnings {
		k.printf("\nPerhatian: %s\n", wrap(w, "", 80))
	}
	k.printf("\nHasil cek %s, %s, aturan %s. Hasil ini saran; pejabat yang memutuskan.\n",
		d.ID, d.DecidedAt.In(eligibility.WIB).Format("2006-01-02 15:04"), short(d.Revision))
}

// short cuts a hash to what people compare.
func short(hash string) string {
	hash = strings.TrimPrefix(hash, "sha256:")
	return hash[:min(12, len(hash))]
}
