package importers

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"layak/eligibility"
	"layak/internal/area"
)

// made is one synthetic person with everything the three registry files say about her.
type made struct {
	nik, kk, name       string
	female              bool
	birthPlace          string
	born                time.Time
	relation            int // SIAK number, 1 = head
	marital             string
	address             string
	rt, rw              int
	village             area.Area
	life                string
	mother              string
	desil               int // 0 unknown
	segment, status     string
	reason              string
	since, inactiveFrom time.Time
	class               string
	card, facility      string
}

// population makes synthetic families one after the other. The same seed makes the same people,
// whichever file they are written to.
type population struct {
	rnd      *rand.Rand
	day      time.Time
	regency  area.Area
	villages []area.Area
	district map[area.Code]area.Area
	serials  map[string]int // by the first twelve digits of a NIK or KK
	cards    int
}

var (
	maleNames   = strings.Fields("AHMAD MUHAMMAD MOH ABDUL SLAMET SUGENG BAMBANG AGUS BUDI EKO JOKO HARI SUTRISNO SUPARMAN HASAN HUSEIN IMAM FAJAR RIZKI DIMAS ANDI HENDRA WAHYU SAIFUL MISBAH TOHARI SAMSUL NUR ARIF FAISOL RUDI YUSUF ILHAM BAYU GALIH SATRIA")
	femaleNames = strings.Fields("SITI NUR SRI DEWI RINA LILIK ENDANG WATI FATIMAH AMINAH KHOTIJAH SUMIATI SULASTRI RATNA INDAH YUNI DIAN AYU PUTRI MAYA LAILA HALIMAH MUTMAINAH ROHMAH ZAHRA NABILA ANISA WULAN TUTIK MARYAM SUPIYATI JAMILAH KARTINI LESTARI RETNO TRI")
	lastNames   = strings.Fields("HIDAYAT SANTOSO WIBOWO PRASETYO SAPUTRA NUGROHO SETIAWAN KURNIAWAN RAHMAN HAKIM SUSANTO GUNAWAN FIRMANSYAH MAULANA RAMADHAN EFENDI BASUKI HARYONO WIJAYA SUBAGIO UTOMO MULYADI SISWANTO ROHMAN AZIZ FAUZI ARIFIN ANWAR HARTONO PURNOMO")
	lastFemale  = strings.Fields("RAHAYU LESTARI WAHYUNI SUSANTI HANDAYANI NINGSIH SAFITRI PERMATASARI MAULIDA AGUSTINA HASANAH ROHMAWATI FITRIANI SETYOWATI KURNIASIH UTAMI ANGGRAINI PUSPITASARI MARLINA HIDAYATI AZIZAH KHOIRIYAH OKTAVIA WULANDARI YULIANI MUNAWAROH")
	streets     = []string{"DUSUN KRAJAN", "DUSUN SUMBERJO", "JL. MELATI", "JL. KENANGA", "DUSUN KARANGANYAR", "JL. GAJAH MADA", "DUSUN CURAHLELE", "JL. PB. SUDIRMAN", "DUSUN GUMUKSARI", "JL. HAYAM WURUK", "DUSUN TEGALBATU", "LINGK. PATOKAN"}
)

func newPopulation(seed uint64, home area.Code, day eligibility.Date) (*population, error) {
	regency, ok := area.Lookup(home)
	if !ok || home.Level() != area.Regency {
		return nil, fmt.Errorf("generate people: %q is no regency", home)
	}
	p := &population{rnd: rand.New(rand.NewPCG(seed, 0x6c6179616b)), day: day.Time(), regency: regency,
		district: map[area.Code]area.Area{}, serials: map[string]int{}}
	for _, d := range area.Children(home) {
		p.district[d.Code] = d
		p.villages = append(p.villages, area.Children(d.Code)...)
	}
	if len(p.villages) == 0 || p.day.IsZero() {
		return nil, fmt.Errorf("generate people: no villages in %q or no day", home)
	}
	return p, nil
}

func (p *population) one(list []string) string { return list[p.rnd.IntN(len(list))] }

func (p *population) chance(percent int) bool { return p.rnd.IntN(100) < percent }

// years gives a birthday so that the age on the day lies in [from, to].
func (p *population) years(from, to int) time.Time {
	from, to = max(from, 0), max(to, from)
	days := from*365 + p.rnd.IntN((to-from+1)*365)
	return p.day.AddDate(0, 0, -days-from/4)
}

func (p *population) age(born time.Time) int {
	return eligibility.DateOf(born).AgeOn(eligibility.DateOf(p.day))
}

// family makes one household of one to seven people.
func (p *population) family() []*made {
	village := p.villages[p.rnd.IntN(len(p.villages))]
	size := []int{1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 5, 5, 6, 7}[p.rnd.IntN(14)]
	base := made{village: village, address: fmt.Sprintf("%s NO. %d", p.one(streets), 1+p.rnd.IntN(180)), rt: 1 + p.rnd.IntN(12), rw: 1 + p.rnd.IntN(20)}
	head := base
	head.female = p.chance(15)
	head.relation, head.born = 1, p.years(22, 78)
	head.marital = "KAWIN"
	family := []*made{&head}
	var mother *made
	if head.female {
		mother = &head
		head.marital = p.one([]string{"CERAI MATI", "CERAI HIDUP", "BELUM KAWIN"})
	}
	if size > 1 && !head.female && p.chance(88) {
		wife := base
		wife.female, wife.relation, wife.marital = true, 3, "KAWIN"
		age := p.age(head.born)
		wife.born = p.years(max(19, age-9), max(20, min(75, age+2)))
		family = append(family, &wife)
		mother = &wife
	} else if !head.female {
		head.marital = p.one([]string{"BELUM KAWIN", "CERAI MATI", "CERAI HIDUP"})
	}
	for len(family) < size {
		family = append(family, p.member(base, &head, mother))
	}
	p.number(family)
	p.cover(family)
	return family
}

// member makes a child, or now and then a parent or other relative of the head.
func (p *population) member(base made, head, mother *made) *made {
	m := base
	m.female = p.chance(49)
	age := p.age(head.born)
	if mother != nil {
		age = p.age(mother.born)
	}
	switch {
	case age >= 19 && p.chance(88):
		m.relation, m.marital = 4, "BELUM KAWIN"
		m.born = p.years(max(0, age-41), age-18)
		if mother != nil {
			m.mother = "?" // the mother's NIK, once she has one
		}
	case p.age(head.born) < 58 && p.chance(60):
		m.relation, m.marital = 7, "CERAI MATI"
		m.born = p.years(p.age(head.born)+18, min(95, p.age(head.born)+40))
	default:
		m.relation, m.marital = 9, "BELUM KAWIN"
		m.born = p.years(1, 60)
	}
	if m.marital == "BELUM KAWIN" && p.age(m.born) > 28 && p.chance(30) {
		m.marital = "CERAI HIDUP"
	}
	return &m
}

// number gives names, NIKs, one KK, and the mother's NIK to her children.
func (p *population) number(family []*made) {
	home := strings.ReplaceAll(string(family[0].village.Code.District()), ".", "")
	issued := p.day.AddDate(0, 0, -p.rnd.IntN(4000))
	kk := p.serial(home + issued.Format("020106"))
	mother := ""
	for _, m := range family {
		m.kk = kk
		m.name = p.name(m.female)
		issuer := home
		if p.chance(12) { // first registered elsewhere
			issuer = strings.ReplaceAll(string(p.villages[p.rnd.IntN(len(p.villages))].Code.District()), ".", "")
		}
		day := m.born.Day()
		if m.female {
			day += 40
		}
		m.nik = p.serial(issuer + fmt.Sprintf("%02d%02d%02d", day, int(m.born.Month()), m.born.Year()%100))
		m.birthPlace = strings.ToUpper(strings.TrimPrefix(strings.TrimPrefix(p.regency.Name, "Kabupaten "), "Kota "))
		if p.chance(9) {
			m.birthPlace = p.one([]string{"SURABAYA", "BANYUWANGI", "LUMAJANG", "BONDOWOSO", "MALANG", "DENPASAR"})
		}
		m.life = "HIDUP"
		switch n := p.rnd.IntN(1000); {
		case n < 20 && p.age(m.born) > 40 || n < 5:
			m.life = "MENINGGAL"
		case n >= 980:
			m.life = "PINDAH"
		}
		if m.female && mother == "" && (m.relation == 3 || m.relation == 1) {
			mother = m.nik
		}
		if m.mother != "" {
			m.mother = mother
		}
	}
}

func (p *population) serial(prefix string) string {
	p.serials[prefix]++
	return prefix + fmt.Sprintf("%04d", p.serials[prefix])
}

func (p *population) name(female bool) string {
	if female {
		return p.one(femaleNames) + " " + p.one(lastFemale)
	}
	name := p.one(maleNames) + " " + p.one(lastNames)
	if p.chance(8) {
		name = p.one(maleNames) + " " + name
	}
	return name
}

// cover gives the family its desil and its JKN membership. Poorer families are more often paid for.
func (p *population) cover(family []*made) {
	desil := 0
	if !p.chance(12) {
		desil = []int{1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7, 7, 8, 9, 10}[p.rnd.IntN(21)]
	}
	draw := p.rnd.IntN(100)
	segment := "BELUM TERDAFTAR"
	switch {
	case desil > 0 && desil <= 5 && draw < 52:
		segment = "PBI JK"
	case draw < 70 && desil <= 6:
		segment = "PBPU PEMDA"
	case draw < 62:
		segment = "PPU"
	case draw < 84:
		segment = "PBPU MANDIRI"
	case draw < 89:
		segment = "BP"
	case draw < 93:
		segment = "PPU"
	}
	facility := "PUSKESMAS " + strings.ToUpper(p.district[family[0].village.Code.District()].Name)
	for _, m := range family {
		m.desil, m.segment, m.facility = desil, segment, facility
		if p.chance(3) {
			m.segment = "BELUM TERDAFTAR"
		}
		if m.segment == "BELUM TERDAFTAR" {
			m.facility = ""
			continue
		}
		p.cards++
		m.card = fmt.Sprintf("%013d", p.cards*7+1_000_000)
		m.since = p.day.AddDate(0, 0, -60-p.rnd.IntN(3000))
		m.class = "3"
		if segment == "PPU" || segment == "BP" || segment == "PBPU MANDIRI" {
			m.class = p.one([]string{"1", "2", "2", "3", "3"})
		}
		p.memberStatus(m)
	}
}

// memberStatus decides who is active, and words the rest as BPJS does.
func (p *population) memberStatus(m *made) {
	m.status = "AKTIF"
	active := map[string]int{"PBI JK": 88, "PBPU PEMDA": 86, "PPU": 90, "PBPU MANDIRI": 48, "BP": 95}[m.segment]
	stays := p.chance(active)
	from := p.day.AddDate(0, 0, -1-p.rnd.IntN(500))
	if from.Before(m.since) {
		from = m.since.AddDate(0, 0, 30)
	}
	pick := p.rnd.IntN(10)
	switch {
	case m.life == "MENINGGAL":
		m.status = "MENINGGAL"
	case stays:
		return
	case m.segment == "PBI JK":
		m.status, m.reason = "NON AKTIF", "DINONAKTIFKAN KEMENSOS"
	case m.segment == "PBPU PEMDA" && pick < 5:
		m.status, m.reason = "NON AKTIF", "KUOTA HABIS"
	case m.segment == "PBPU PEMDA":
		m.status, m.reason = "NON AKTIF", "DINONAKTIFKAN"
	case m.segment == "PPU" && pick < 8:
		m.status, m.reason = "NON AKTIF", "PHK"
	case m.segment == "PPU":
		m.status = "NON AKTIF DI AKHIR BULAN"
	case pick == 0:
		m.status = "PENANGGUHAN PEMBAYARAN"
	case m.segment == "PBPU MANDIRI":
		m.status = "NON AKTIF KARENA PREMI"
	default:
		m.status = "TIDAK AKTIF"
	}
	m.inactiveFrom = from
}
