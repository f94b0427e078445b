package web

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"layak/complaints"
	"layak/internal/auth"
)

// caseDesk is a desk of the whole program with real storage and rules; the accounts named can sign
// in.
func caseDesk(t *testing.T, address string, users ...string) (*desk, *bureau) {
	t.Helper()
	b := newBureau(t, address)
	d := &desk{T: t, Server: b.Server, url: b.url, log: &bytes.Buffer{}}
	for _, user := range users {
		b.must(b.accounts.SetPassword(auth.With(context.Background(), auth.CommandLine("test")), user, testPassword))
	}
	d.signInAs(auth.Role(users[0]))
	return d, b
}

func eachCaseDesk(t *testing.T, users []string, test func(t *testing.T, d *desk, b *bureau)) {
	for name, address := range map[string]func(testing.TB) string{"sqlite": apiSQLite, "postgres": apiPostgres} {
		t.Run(name, func(t *testing.T) {
			d, b := caseDesk(t, address(t), users...)
			test(t, d, b)
		})
	}
}

// upload sends a form with files, name of the field to name and content of each.
func (d *desk) upload(from, path string, form url.Values, field, name string, content []byte) answer {
	d.Helper()
	token := csrfField.FindStringSubmatch(d.get(from).body)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	write := func(name, value string) {
		if err := w.WriteField(name, value); err != nil {
			d.Fatal(err)
		}
	}
	write("csrf", token[1])
	for key, values := range form {
		for _, v := range values {
			write(key, v)
		}
	}
	part, err := w.CreateFormFile(field, name)
	if err != nil {
		d.Fatal(err)
	}
	if _, err = part.Write(content); err != nil {
		d.Fatal(err)
	}
	if err = w.Close(); err != nil {
		d.Fatal(err)
	}
	req := d.request(http.MethodPost, path, body.String())
	req.Header.Set("Content-Type", w.FormDataContentType())
	return d.do(req)
}

func photo(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30)))
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// status fails the test when the answer is another one.
func (a answer) status(t *testing.T, want int) answer {
	t.Helper()
	if a.StatusCode != want {
		t.Fatalf("%s %s: status %d, want %d\n%s", a.Request.Method, a.Request.URL.Path, a.StatusCode, want, plainText(a.body))
	}
	return a
}

var tagOrSpace = regexp.MustCompile(`(<[^>]*>|\s)+`)

func plainText(body string) string {
	_, body, _ = strings.Cut(body, "<main")
	return tagOrSpace.ReplaceAllString(body, " ")
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// versionOf is the version that the forms of a case carry.
func versionOf(t *testing.T, body string) string {
	t.Helper()
	m := versionField.FindStringSubmatch(body)
	if m == nil {
		t.Fatal("the page carries no version")
	}
	return m[1]
}

// take posts an act from the page of the case.
func (d *desk) take(path, kind string, form url.Values) answer {
	d.Helper()
	page := d.get(path).status(d.T, http.StatusOK)
	if form == nil {
		form = url.Values{}
	}
	form.Set("type", kind)
	form.Set("version", versionOf(d.T, page.body))
	return d.post(path, path+"/events", form)
}

// fileCase files a case about a person through the page and gives its address.
func (d *desk) fileCase(nik string) string {
	d.Helper()
	a := d.post("/complaints/new", "/complaints", url.Values{"channel": {"whatsapp"}, "matter": {"activation"}, "need": {"inpatient"},
		"text": {"Kartu belum aktif."}, "reporter_name": {"Ani"}, "nik": {nik}}).status(d.T, http.StatusSeeOther)
	return a.Header.Get("Location")
}

// One clerk does the whole job on the pages: check, file, register, decide, close.
func TestCaseFromCheckToClose(t *testing.T) {
	eachCaseDesk(t, []string{"kelurahan"}, func(t *testing.T, d *desk, b *bureau) {
		nik := string(b.people.poor)
		check := d.post("/checks", "/checks", url.Values{"nik": {nik}, "need": {"inpatient"}}).status(t, http.StatusSeeOther).Header.Get("Location")
		check = d.post(check, check+"/papers", url.Values{"need": {"inpatient"}, "class3": {"yes"}}).status(t, http.StatusSeeOther).Header.Get("Location")
		id := strings.TrimPrefix(check, "/checks/")
		wants(t, d.get(check).body, "/complaints/new?check="+id+"&amp;do=register", "/complaints/new?check="+id+`"`)

		form := d.get("/complaints/new?check="+id+"&do=register").status(t, http.StatusOK)
		wants(t, form.body, "Sri Wahyuni", b.people.poor.Masked(), `value="inpatient" selected`, `value="activation" selected`, `value="Sri Wahyuni"`)
		a := d.post("/complaints/new", "/complaints", url.Values{"check": {id}, "do": {"register"}, "key": {"k1"}, "channel": {"counter"}, "matter": {"activation"},
			"need": {"inpatient"}, "text": {"Mohon didaftarkan."}, "reporter_name": {"Sri Wahyuni"}, "reporter_relation": {"self"}}).status(t, http.StatusSeeOther)
		path, query, _ := strings.Cut(a.Header.Get("Location"), "?")
		if query != "do=registration" || strings.Contains(path, nik) {
			t.Fatalf("sent to %s?%s", path, query)
		}
		made, err := b.db.DeterminationsOf(context.Background(), b.people.poor, 9)
		b.must(err)
		if len(made) != 2 {
			t.Errorf("%d determinations: the check of the desk was made again", len(made))
		}
		page := d.get(path+"?do=registration").status(t, http.StatusOK)
		wants(t, page.body, "Aduan tersimpan", "Terverifikasi", `href="/checks/`+id+`"`, `name="through"`, "Daftarkan pasien")
		wants(t, d.get("/registrations").body, "Sri Wahyuni", "Belum dikirim", path+"?do=registration&amp;patient=1#compose")
		wants(t, d.get("/registrations").body, "Belum ada yang menandai")
		d.post("/registrations", "/registrations", url.Values{"patients": {"1"}}).status(t, http.StatusSeeOther)
		wants(t, d.get("/registrations").body, "sudah Anda baca", "Serah terima", "1 pasien")

		proof := d.upload(path, path+"/events", url.Values{"type": {"registration"}, "version": {versionOf(t, page.body)}, "patient": {"1"}, "through": {"e_dabu"},
			"reference": {"EDB-1"}, "result": {"pending"}}, "proof_file", "layar.png", photo(t))
		proof.status(t, http.StatusSeeOther)
		wants(t, d.get("/registrations").body, "Menunggu jawaban", "EDB-1", "Catat hasilnya")
		wants(t, d.get(path).body, "Lihat bukti", "Mengisi jawaban dari pendaftaran")

		d.take(path, "registration", url.Values{"patient": {"1"}, "through": {"e_dabu"}, "reference": {"EDB-1"}, "result": {"active"}}).status(t, http.StatusUnprocessableEntity)
		d.take(path, "registration", url.Values{"patient": {"1"}, "through": {"e_dabu"}, "reference": {"EDB-1"}, "result": {"active"}, "active_on": {"2026-11-21"}}).status(t, http.StatusSeeOther)
		wants(t, d.get("/registrations").body, "Tidak ada pasien yang menunggu")

		a = d.take(path, "resolve", url.Values{"decision": {"refused"}, "reason": {"tidak"}}).status(t, http.StatusUnprocessableEntity)
		wants(t, a.body, "berbeda dengan hasil cek", `id="e-reason"`, `href="#f-reason"`, `value="refused" checked`, ">tidak</textarea>")
		d.take(path, "resolve", url.Values{"decision": {"granted"}, "reason": {"Kartu sudah aktif."}}).status(t, http.StatusSeeOther)
		d.take(path, "close", nil).status(t, http.StatusSeeOther)
		page = d.get(path)
		wants(t, page.body, "Selesai", "Keputusan: Dikabulkan", "Sesuai dengan hasil cek", "aktif mulai 21 Nov 2026", "Aduan ditutup")
		if strings.Contains(page.body, nik) {
			t.Error("the page carries the NIK")
		}
	})
}

func TestTwoClerksOneCase(t *testing.T) {
	d, b := caseDesk(t, apiSQLite(t), "kelurahan")
	path := d.fileCase(string(b.people.poor))
	old := versionOf(t, d.get(path).body)
	d.take(path, "verify", nil).status(t, http.StatusSeeOther)
	d.take(path, "note", url.Values{"text": {"Sudah menelepon rumah sakit."}}).status(t, http.StatusSeeOther)
	late := url.Values{"type": {"answer"}, "version": {old}, "text": {"Silakan bawa KTP ke loket."}}
	a := d.post(path, path+"/events", late).status(t, http.StatusConflict)
	wants(t, a.body, "baru saja diubah petugas lain", "Sudah menelepon rumah sakit.", ">Silakan bawa KTP ke loket.</textarea>", "kirim sekali lagi")
	late.Set("version", versionOf(t, a.body))
	d.post(path, path+"/events", late).status(t, http.StatusSeeOther)
	wants(t, d.get(path).body, "Silakan bawa KTP ke loket.", "Jawaban ke warga")

	t.Run("what the state forbids keeps the words", func(t *testing.T) {
		a := d.post(path, path+"/events", url.Values{"type": {"verify"}, "version": {old}, "text": {"Sudah saya baca."}}).status(t, http.StatusConflict)
		wants(t, a.body, "Sudah saya baca.")
	})
}

func TestFilingRefusedKeepsWhatWasTyped(t *testing.T) {
	d, b := caseDesk(t, apiSQLite(t), "kelurahan")
	a := d.post("/complaints/new", "/complaints", url.Values{"channel": {"whatsapp"}, "nik": {"35091957"}, "reporter_phone": {"08"}, "matter": {"charge"},
		"more": {string(b.people.rich) + "\n" + string(b.people.rich)}}).status(t, http.StatusUnprocessableEntity)
	wants(t, a.body, `href="#f-text"`, `id="e-text"`, `id="e-nik"`, `value="35091957"`, `id="e-reporter_name"`, `id="e-reporter_phone"`, `value="charge" selected`, `id="e-more"`)

	t.Run("pressed twice is one case", func(t *testing.T) {
		form := url.Values{"key": {"kunci"}, "channel": {"counter"}, "text": {"Sama."}, "reporter_name": {"Ani"}, "nik": {string(b.people.poor)}}
		first := d.post("/complaints/new", "/complaints", form).status(t, http.StatusSeeOther).Header.Get("Location")
		d.take(first, "verify", nil)
		if again := d.post("/complaints/new", "/complaints", form).status(t, http.StatusSeeOther).Header.Get("Location"); again != first {
			t.Errorf("two cases: %s and %s", first, again)
		}
	})
	t.Run("nobody is known yet", func(t *testing.T) {
		path := d.post("/complaints/new", "/complaints", url.Values{"channel": {"phone"}, "text": {"Tetangga sakit."}, "reporter_name": {"Ani"}}).
			status(t, http.StatusSeeOther).Header.Get("Location")
		wants(t, d.get(path).body, "belum dikenal")
		d.take(path, "verify", nil).status(t, http.StatusSeeOther)
		a := d.take(path, "check", url.Values{"patient": {"1"}, "nik": {"12"}}).status(t, http.StatusUnprocessableEntity)
		wants(t, a.body, `id="e-nik"`, `value="12"`)
		d.take(path, "check", url.Values{"patient": {"1"}, "nik": {string(b.people.poor)}, "need": {"inpatient"}, "class3": {"yes"}, "paper": {"ktp"}}).status(t, http.StatusSeeOther)
		wants(t, d.get(path).body, "Sri Wahyuni", b.people.poor.Masked(), "Daftarkan pasien")
	})
}

func TestListFindsTicketsAndPeople(t *testing.T) {
	d, b := caseDesk(t, apiSQLite(t), "kelurahan", "puskesmas")
	path := d.fileCase(string(b.people.poor))
	ticket := strings.TrimPrefix(path, "/complaints/")
	typed := strings.ToLower(strings.ReplaceAll(ticket, "-", " "))
	if to := d.post("/complaints", "/complaints/find", url.Values{"q": {typed}}).status(t, http.StatusSeeOther).Header.Get("Location"); to != path {
		t.Errorf("%q leads to %s", typed, to)
	}
	found := d.post("/complaints", "/complaints/find", url.Values{"q": {string(b.people.poor)}}).status(t, http.StatusOK)
	wants(t, found.body, ticket, b.people.poor.Masked(), "Sri W•••••")
	if strings.Contains(found.body, string(b.people.poor)) || strings.Contains(found.body, "Sri Wahyuni") {
		t.Error("the list carries the NIK or the whole name")
	}
	wants(t, d.post("/complaints", "/complaints/find", url.Values{"q": {"Sri"}}).status(t, http.StatusOK).body, ticket, "Sri W•••••")
	wants(t, d.get("/").body, ticket, "Di unit saya")
	for _, query := range []string{"?show=open", "?show=all&matter=activation&channel=whatsapp&unit=KEL-MANGLI"} {
		wants(t, d.get("/complaints"+query).body, ticket)
	}
	for _, query := range []string{"?show=closed", "?matter=charge", "?mine=1", "?nobody=1"} {
		if strings.Contains(d.get("/complaints"+query).body, ticket) {
			t.Errorf("%s lists the case", query)
		}
	}
	for _, file := range []string{"/complaints.xlsx", "/registrations.xlsx"} {
		a := d.get(file).status(t, http.StatusOK)
		if !strings.HasPrefix(a.body, "PK") || !strings.Contains(a.Header.Get("Content-Disposition"), "2026-11-21.xlsx") {
			t.Errorf("%s: %v", file, a.Header)
		}
	}
	t.Run("a desk elsewhere sees nothing of it", func(t *testing.T) {
		d.signInAs(auth.Puskesmas)
		if strings.Contains(d.get("/complaints?show=all").body, ticket) || strings.Contains(d.get("/").body, ticket) {
			t.Error("the case is on the list")
		}
		d.get(path).status(t, http.StatusNotFound)
		d.post("/account", path+"/events", url.Values{"type": {"note"}, "version": {"1"}, "text": {"x"}}).status(t, http.StatusNotFound)
	})
}

func TestFilesOfACase(t *testing.T) {
	d, b := caseDesk(t, apiSQLite(t), "kelurahan", "puskesmas", "auditor")
	path := d.fileCase(string(b.people.poor))
	other := d.fileCase(string(b.people.rich))
	d.upload(path, path+"/files", nil, "files", "Foto KTP Sri.png", photo(t)).status(t, http.StatusSeeOther)
	page := d.get(path)
	file := regexp.MustCompile(`href="(` + path + `/files/[^"]+)"`).FindStringSubmatch(page.body)
	if file == nil {
		t.Fatal("the page has no link to the photo")
	}
	a := d.get(file[1]).status(t, http.StatusOK)
	for name, want := range map[string]string{"Content-Type": "image/png", "Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff", "Content-Disposition": "inline; filename=\"3509-"} {
		if !strings.Contains(a.Header.Get(name), want) {
			t.Errorf("%s: %q", name, a.Header.Get(name))
		}
	}
	if !strings.HasPrefix(a.body, "\x89PNG") || strconv.Itoa(len(a.body)) != a.Header.Get("Content-Length") {
		t.Errorf("%d bytes, said %s", len(a.body), a.Header.Get("Content-Length"))
	}
	wants(t, d.upload(path, path+"/files", nil, "files", "foto.png", []byte("MZ bukan foto")).status(t, http.StatusUnprocessableEntity).body, `href="#f-files"`)
	wants(t, d.upload(path, path+"/files", nil, "other", "foto.png", nil).status(t, http.StatusUnprocessableEntity).body, "Pilih dulu foto")
	d.get(strings.Replace(file[1], path, other, 1)).status(t, http.StatusNotFound)

	filed := d.upload("/complaints/new", "/complaints", url.Values{"channel": {"counter"}, "text": {"Dengan berkas rusak."}, "reporter_name": {"Ani"}}, "files", "x.pdf", []byte("bukan PDF"))
	wants(t, filed.status(t, http.StatusUnprocessableEntity).body, "Aduan sudah tersimpan, tetapi ada berkas", "Dengan berkas rusak.")

	t.Run("the auditor sees the case masked and can do nothing", func(t *testing.T) {
		d.signInAs(auth.Auditor)
		page := d.get(path).status(t, http.StatusOK)
		for _, secret := range []string{"Foto KTP Sri", "0812", "tel:"} {
			if strings.Contains(page.body, secret) {
				t.Errorf("the auditor sees %s", secret)
			}
		}
		if strings.Contains(page.body, "Sri Wahyuni") || strings.Contains(page.body, `id="compose"`) || strings.Contains(page.body, "enctype") {
			t.Error("a name in full or a form")
		}
		wants(t, page.body, "Sri W•••••", b.people.poor.Masked())
	})
	t.Run("a desk elsewhere does not find the file", func(t *testing.T) {
		d.signInAs(auth.Puskesmas)
		d.get(file[1]).status(t, http.StatusNotFound)
	})
}

func TestTheCheckOfSomebodyElseIsNotLinked(t *testing.T) {
	d, b := caseDesk(t, apiSQLite(t), "kelurahan")
	path := d.fileCase(string(b.people.poor))
	check := func(nik string) string {
		to := d.post("/checks", "/checks", url.Values{"nik": {nik}}).status(t, http.StatusSeeOther).Header.Get("Location")
		return strings.TrimPrefix(to, "/checks/")
	}
	a := d.take(path, "check", url.Values{"determination": {check(string(b.people.rich))}, "patient": {"1"}}).status(t, http.StatusUnprocessableEntity)
	wants(t, a.body, "Hasil cek ini tentang orang lain")
	id := check(string(b.people.poor))
	wants(t, d.get("/complaints/new?check="+id).body, strings.TrimPrefix(path, "/complaints/"), "Pakai aduan itu untuk hasil cek ini")
	d.take(path, "check", url.Values{"determination": {id}, "patient": {"1"}}).status(t, http.StatusSeeOther)
	wants(t, d.get(path).body, `href="/checks/`+id+`"`)
}

// What each role reaches, with a real case behind the pages: the number is the answer to a GET, or
// to a POST that lacks everything but its token.
func TestCasePagesForEveryRole(t *testing.T) {
	var users []string
	for _, role := range auth.Roles {
		users = append(users, string(role))
	}
	d, b := caseDesk(t, apiSQLite(t), append([]string{"kelurahan"}, users...)...)
	path := d.fileCase(string(b.people.poor))
	const ok, no, bad, gone, stale = http.StatusOK, http.StatusForbidden, http.StatusUnprocessableEntity, http.StatusNotFound, http.StatusUnprocessableEntity
	may := map[string]map[auth.Role]int{
		"GET /complaints":                {auth.Puskesmas: ok, auth.Kelurahan: ok, auth.Coordinator: ok, auth.Supervisor: ok, auth.Auditor: ok},
		"GET /complaints.xlsx":           {auth.Puskesmas: ok, auth.Kelurahan: ok, auth.Coordinator: ok, auth.Supervisor: ok, auth.Auditor: ok},
		"GET /complaints/new":            {auth.Puskesmas: ok, auth.Kelurahan: ok, auth.Coordinator: ok},
		"POST /complaints":               {auth.Puskesmas: bad, auth.Kelurahan: bad, auth.Coordinator: bad},
		"POST /complaints/find":          {auth.Puskesmas: bad, auth.Kelurahan: bad, auth.Coordinator: bad, auth.Supervisor: bad, auth.Auditor: bad},
		"GET " + path:                    {auth.Puskesmas: gone, auth.Kelurahan: ok, auth.Coordinator: ok, auth.Supervisor: ok, auth.Auditor: ok},
		"POST " + path + "/events note":  {auth.Puskesmas: gone, auth.Kelurahan: stale, auth.Coordinator: stale, auth.Supervisor: stale},
		"POST " + path + "/files":        {auth.Puskesmas: gone, auth.Kelurahan: bad, auth.Coordinator: bad},
		"GET " + path + "/files/unknown": {auth.Puskesmas: gone, auth.Kelurahan: gone, auth.Coordinator: gone, auth.Supervisor: gone, auth.Auditor: gone},
		"GET /registrations":             {auth.Puskesmas: ok, auth.Kelurahan: ok, auth.Coordinator: ok},
		"GET /registrations.xlsx":        {auth.Puskesmas: ok, auth.Kelurahan: ok, auth.Coordinator: ok},
	}
	for _, role := range auth.Roles {
		d.signInAs(role)
		for route, answers := range may {
			want, listed := answers[role]
			if !listed {
				want = no
			}
			part := strings.Fields(route)
			var got answer
			if part[0] == http.MethodGet {
				got = d.get(part[1])
			} else {
				got = d.post("/account", part[1], url.Values{"type": part[2:]})
			}
			if got.StatusCode != want {
				t.Errorf("%s as %s: status %d, want %d", route, role, got.StatusCode, want)
			}
		}
	}
}

// While a check asks for papers the page offers to wait for them, with the list; once something
// came it offers to check again. Nobody is led to decide in between.
func TestMissingPapersComeBeforeTheDecision(t *testing.T) {
	d, b := caseDesk(t, apiSQLite(t), "kelurahan")
	path := d.fileCase(string(b.people.missing))
	d.take(path, "verify", nil).status(t, http.StatusSeeOther)
	d.take(path, "check", url.Values{"patient": {"1"}}).status(t, http.StatusSeeOther)
	page := d.get(path).body
	missing := regexp.MustCompile(`name="ask" value="([^"]+)" checked`).FindStringSubmatch(page)
	if missing == nil || strings.Contains(page, "Putuskan aduan ini") {
		t.Fatalf("no list of what is missing: %s", page)
	}
	wants(t, page, "Catat berkas yang ditunggu dari warga")
	d.take(path, "wait", url.Values{"ask": {missing[1]}}).status(t, http.StatusSeeOther)
	wants(t, d.get(path).body, "Catat balasan pelapor")
	d.take(path, "reply", url.Values{"text": {"Berkas dibawa."}}).status(t, http.StatusSeeOther)
	wants(t, d.get(path).body, "Cek lagi dengan berkas yang baru", `name="paper"`)
	d.take(path, "check", url.Values{"patient": {"1"}}).status(t, http.StatusSeeOther)
	wants(t, d.get(path).body, "Catat berkas yang ditunggu dari warga")
}

// Every act that a screen can offer has a form, a button and a sentence afterwards.
func TestEveryActHasItsWords(t *testing.T) {
	d := newDesk(t, Services{})
	w := d.words.For("id")
	everybody := auth.Actor{Name: "x", Role: auth.Coordinator, All: true}
	for _, state := range complaints.States {
		c := sampleCase(state)
		for _, act := range c.May(everybody) {
			if act == complaints.AttachEvent {
				continue
			}
			for _, key := range []string{"do." + string(act), "do." + string(act) + "_send", "acted." + string(act), "event." + string(act)} {
				if !w.Has(key) {
					t.Errorf("%q is missing", key)
				}
			}
			p := d.sampleCasePage(c, everybody, string(act))
			if _, err := d.pages.write("id", "complaint", "content", p); err != nil || p.Do != string(act) {
				t.Errorf("%s in state %s: form %q, %v", act, state, p.Do, err)
			}
		}
		if next := nextFor(c, c.May(everybody)); next.Key != "" && (!w.Has("next."+next.Key) || !w.Has("next."+next.Key+"_why") || !w.Has("do."+next.Do)) {
			t.Errorf("the next act %q has no words", next.Key)
		}
	}
	for list, words := range map[string][]complaints.Word{"channel": complaints.Channels, "matter": complaints.Matters, "reporter": complaints.Relations,
		"decision": complaints.Decisions, "through": complaints.Throughs, "regresult": complaints.Results, "need": complaints.Needs} {
		for _, word := range words {
			if !w.Has(list + "." + word.Code) {
				t.Errorf("%s.%s is missing", list, word.Code)
			}
		}
	}
}
