package reply

import (
	"context"
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"
	"time"
	"unicode/utf8"

	"layak/complaints"
	"layak/internal/audit"
	"layak/internal/auth"
	"layak/internal/fault"
)

//go:embed templates/*.txt
var shippedFiles embed.FS

// Kinds are the replies that the office sends, with their words for screens.
var Kinds = []complaints.Word{
	{Code: "receipt", Label: "Aduan diterima"}, {Code: "waiting", Label: "Menunggu kelengkapan"}, {Code: "emergency", Label: "Gawat darurat: dilayani dulu"},
	{Code: "eligible", Label: "Hasil cek: layak"}, {Code: "not_eligible", Label: "Hasil cek: belum memenuhi syarat"},
	{Code: "already_covered", Label: "Hasil cek: sudah terjamin"}, {Code: "needs_information", Label: "Hasil cek: perlu dilengkapi"},
	{Code: "refused", Label: "Keputusan: belum dapat dikabulkan"}, {Code: "refunded", Label: "Uang dikembalikan"}, {Code: "apology", Label: "Permohonan maaf"},
	{Code: "corrected", Label: "Data dibetulkan"}, {Code: "information", Label: "Jawaban pertanyaan"}, {Code: "forwarded", Label: "Diteruskan ke instansi lain"},
	{Code: "rejected", Label: "Belum dapat ditindaklanjuti"}, {Code: "closed", Label: "Aduan selesai"},
	{Code: "deceased", Label: "Belasungkawa"}, {Code: "attention", Label: "Keterangan untuk umum"},
}

// Wording is one reply with its blanks. Code is a kind, or a kind for one sort of case:
// "receipt.need-emergency", "receipt.matter-charge", "receipt.class-information".
type Wording struct {
	Code    string
	Subject string
	Body    string
	// Version counts what the regency saved; 0 is the text of the program, never changed.
	Version int
	Shipped bool // the text of the program holds
	SavedAt time.Time
	SavedBy string
}

// Kind is the first part of the code.
func (w Wording) Kind() string {
	kind, _, _ := strings.Cut(w.Code, ".")
	return kind
}

// Label says on screens which reply it is and for which cases.
func (w Wording) Label() string {
	kind, sort, special := strings.Cut(w.Code, ".")
	label := complaints.Label(Kinds, kind)
	if !special {
		return label
	}
	by, code, _ := strings.Cut(sort, "-")
	return label + " · " + complaints.Label(sorts[by], code)
}

// sorts are the lists by which a reply may differ, and the order in which a more special one is
// looked for.
var (
	sorts   = map[string][]complaints.Word{"need": complaints.Needs, "matter": complaints.Matters, "class": complaints.Classes}
	sorting = []string{"need", "matter", "class"}
)

// known tells whether a code names a kind, and if any a sort, of the closed lists.
func known(code string) bool {
	kind, sort, special := strings.Cut(code, ".")
	by, value, _ := strings.Cut(sort, "-")
	return complaints.Known(Kinds, kind) && (!special || complaints.Known(sorts[by], value))
}

var shipped = func() map[string]Wording {
	all := map[string]Wording{}
	files, err := shippedFiles.ReadDir("templates")
	if err != nil {
		panic("reply: " + err.Error())
	}
	for _, f := range files {
		text, err := shippedFiles.ReadFile("templates/" + f.Name())
		if err != nil {
			panic("reply: " + err.Error())
		}
		subject, body, _ := strings.Cut(string(text), "\n")
		code := strings.TrimSuffix(f.Name(), ".txt")
		all[code] = Wording{Code: code, Subject: subject, Body: strings.TrimSpace(body), Shipped: true}
	}
	return all
}()

// WordingStore keeps the regency's own wordings. Versions are only added.
type WordingStore interface {
	// Wordings gives the newest version of each code that was ever saved; shipped ones have no text.
	Wordings(ctx context.Context) ([]Wording, error)
	// SaveWording adds a version; fault.Conflict "wording_changed" when it is there already.
	SaveWording(ctx context.Context, w Wording, e audit.Entry) error
}

// wordings is what holds now: the text of the program with that of the regency over it.
func (w *Writer) wordings(ctx context.Context) (map[string]Wording, error) {
	saved, err := w.Store.Wordings(ctx)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Wording, len(shipped))
	for code, text := range shipped {
		all[code] = text
	}
	for _, s := range saved {
		text, ours := shipped[s.Code]
		switch {
		case !s.Shipped:
			all[s.Code] = s
		case ours:
			text.Version, text.SavedAt, text.SavedBy = s.Version, s.SavedAt, s.SavedBy
			all[s.Code] = text
		}
	}
	return all, nil
}

// List gives all wordings in the order of Kinds.
func (w *Writer) List(ctx context.Context) ([]Wording, error) {
	err := auth.From(ctx).Require(auth.ReplyManage)
	if err != nil {
		return nil, err
	}
	all, err := w.wordings(ctx)
	if err != nil {
		return nil, err
	}
	var list []Wording
	for _, k := range Kinds {
		var of []Wording
		for _, text := range all {
			if text.Kind() == k.Code {
				of = append(of, text)
			}
		}
		slices.SortFunc(of, func(a, b Wording) int { return strings.Compare(a.Code, b.Code) })
		list = append(list, of...)
	}
	return list, nil
}

var errNoWording = fault.New(fault.NotFound, "wording_not_found", "Teks jawaban itu tidak ada.")

// Wording finds one; a special one that nobody wrote yet begins with the text of its kind.
func (w *Writer) Wording(ctx context.Context, code string) (Wording, error) {
	err := auth.From(ctx).Require(auth.ReplyManage)
	if err != nil {
		return Wording{}, err
	}
	if !known(code) {
		return Wording{}, errNoWording
	}
	all, err := w.wordings(ctx)
	if err != nil {
		return Wording{}, err
	}
	text, ok := all[code]
	if !ok {
		text = all[Wording{Code: code}.Kind()]
		text.Code, text.Version, text.Shipped = code, 0, false
	}
	return text, nil
}

// Save stores the regency's own text as the version after the one that the writer saw. A text that
// cannot be filled in is fault.Invalid with a sentence beside the field.
func (w *Writer) Save(ctx context.Context, text Wording) error {
	if !known(text.Code) {
		return errNoWording
	}
	text.Subject, text.Body = strings.TrimSpace(text.Subject), strings.ReplaceAll(strings.TrimSpace(text.Body), "\r\n", "\n")
	err := text.check()
	if err != nil {
		return err
	}
	return w.save(ctx, text)
}

// Restore lets the text of the program hold again; a special one that the program lacks is gone.
func (w *Writer) Restore(ctx context.Context, code string, version int) error {
	return w.save(ctx, Wording{Code: code, Version: version, Shipped: true})
}

func (w *Writer) save(ctx context.Context, text Wording) error {
	actor := auth.From(ctx)
	err := actor.Require(auth.ReplyManage)
	if err != nil {
		return err
	}
	text.Version++
	text.SavedAt, text.SavedBy = w.now(), actor.Name
	return w.Store.SaveWording(ctx, text, audit.Entry{
		At: text.SavedAt, Actor: actor.Name, Act: "reply.save", Object: "reply_template", ObjectID: text.Code,
		Payload: []byte(text.Subject + "\n" + text.Body),
	})
}

// Bounds of a wording, in letters.
const (
	longestSubject = 150
	longestBody    = 8000
)

func (w Wording) check() error {
	switch {
	case w.Subject == "":
		return bad("subject", "Isi perihal.")
	case strings.Contains(w.Subject, "\n") || utf8.RuneCountInString(w.Subject) > longestSubject:
		return bad("subject", "Perihal satu baris, paling panjang 150 huruf.")
	case w.Body == "":
		return bad("body", "Isi teks balasan.")
	case utf8.RuneCountInString(w.Body) > longestBody:
		return bad("body", "Teks balasan paling panjang 8.000 huruf.")
	}
	for field, text := range map[string]string{"subject": w.Subject, "body": w.Body} {
		_, err := compile(field, text)
		if err != nil {
			return err
		}
	}
	return nil
}

func bad(field, message string) error {
	return fault.New(fault.Invalid, "wording_invalid", message).At(field, message)
}

var (
	errorLine    = regexp.MustCompile(`^template: \w+:(\d+)`)
	withoutPoint = regexp.MustCompile(`function "(\w+)" not defined`)
)

// compile reads a wording. Only the blanks of Blanks and {{if}} with one of them are allowed: an
// officer who writes a text cannot make the program do anything.
func compile(field, text string) (*template.Template, error) {
	t, err := template.New("x").Parse(text)
	if err != nil {
		at := "Teks"
		if m := errorLine.FindStringSubmatch(err.Error()); m != nil {
			at = "Baris " + m[1]
		}
		if m := withoutPoint.FindStringSubmatch(err.Error()); m != nil {
			return nil, bad(field, at+": isian ditulis dengan titik, yaitu {{."+m[1]+"}}.")
		}
		return nil, bad(field, at+": tanda {{ }} tidak lengkap, atau {{if}} belum ditutup dengan {{end}}.")
	}
	err = allowed(field, text, t.Root)
	if err != nil {
		return nil, err
	}
	return t, nil
}

// allowed walks the text and refuses what is more than a blank.
func allowed(field, text string, list *parse.ListNode) error {
	if list == nil {
		return nil
	}
	for _, n := range list.Nodes {
		var err error
		switch n := n.(type) {
		case *parse.TextNode, *parse.CommentNode:
		case *parse.ActionNode:
			err = blank(field, text, n.Pipe)
		case *parse.IfNode:
			err = blank(field, text, n.Pipe)
			if err == nil {
				err = allowed(field, text, n.List)
			}
			if err == nil {
				err = allowed(field, text, n.ElseList)
			}
		default:
			err = bad(field, line(text, int(n.Position()))+": hanya isian seperti {{.Tiket}} dan {{if .Tenggat}}…{{end}} yang dapat dipakai.")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// blank makes sure that the pipe is one known blank and nothing else.
func blank(field, text string, p *parse.PipeNode) error {
	at := line(text, int(p.Position()))
	if len(p.Decl) > 0 || len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
		return bad(field, at+": satu tanda {{ }} memuat satu isian saja, misalnya {{.Tiket}}.")
	}
	f, ok := p.Cmds[0].Args[0].(*parse.FieldNode)
	if !ok || len(f.Ident) != 1 {
		return bad(field, at+": isian ditulis dengan titik dan namanya, misalnya {{.Tiket}}.")
	}
	if !slices.ContainsFunc(Blanks, func(b complaints.Word) bool { return b.Code == f.Ident[0] }) {
		return bad(field, at+": isian {{."+f.Ident[0]+"}} tidak dikenal. Pilih dari daftar isian di bawah.")
	}
	return nil
}

func line(text string, position int) string {
	return fmt.Sprintf("Baris %d", 1+strings.Count(text[:min(position, len(text))], "\n"))
}

var gaps = regexp.MustCompile(`\n{3,}`)

// fill writes the blanks into a wording.
func (w Wording) fill(b Values) (subject, body string, err error) {
	out := make([]string, 2)
	for i, text := range []string{w.Subject, w.Body} {
		t, err := compile("body", text)
		if err != nil {
			return "", "", fmt.Errorf("wording %s: %w", w.Code, err)
		}
		var s strings.Builder
		err = t.Execute(&s, b)
		if err != nil {
			return "", "", fmt.Errorf("fill in wording %s: %w", w.Code, err)
		}
		out[i] = strings.TrimSpace(gaps.ReplaceAllString(s.String(), "\n\n"))
	}
	return strings.Join(strings.Fields(out[0]), " "), out[1], nil
}
