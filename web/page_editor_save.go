package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"layak/internal/fault"
	"layak/policy"
	"layak/policy/workbench"
)

// wantsJSON tells whether the script of the editor asks rather than a form.
func wantsJSON(c echo.Context) bool {
	return strings.Contains(c.Request().Header.Get(echo.HeaderAccept), echo.MIMEApplicationJSON)
}

// editorFault answers the script of the editor: the sentence, and what it needs to go on.
func (s *Server) editorFault(c echo.Context, err error, more map[string]any) error {
	f := s.asFault(err)
	if f.Kind == fault.Internal {
		return err // logged, and shown as an incident
	}
	status := statusOf[f.Kind]
	if own, ok := statusOfCode[f.Code]; ok {
		status = own
	}
	body := map[string]any{"message": f.Message, "code": f.Code}
	for k, v := range more {
		body[k] = v
	}
	return c.JSON(status, body)
}

// formText reads the text of a file out of a form. Browsers send lines ended in two signs; rules
// have one.
func formText(c echo.Context) []byte {
	return []byte(strings.ReplaceAll(c.FormValue("text"), "\r\n", "\n"))
}

// formVersion is the version of the draft that the writer saw.
func formVersion(c echo.Context) (int, error) {
	n, err := strconv.Atoi(c.FormValue("version"))
	if err != nil {
		return 0, fault.New(fault.Invalid, "version_missing", "Halaman ini tidak menyebut versi konsep yang diubah. Muat ulang halaman, lalu ulangi.").Because(err)
	}
	return n, nil
}

// saveText writes one file of the draft: for the script as it is typed, for a form when it is sent.
func (s *Server) saveText(c echo.Context) error {
	d, err := s.draft(c)
	if err != nil {
		return err
	}
	file, text := c.FormValue("file"), formText(c)
	d, err = s.putFile(c, d, file, text)
	if wantsJSON(c) {
		return s.answerSave(c, d, file, err)
	}
	if err != nil {
		return s.editorAgain(c, d, file, text, err)
	}
	s.flash(c, "editor.flash_saved")
	return s.redirect(c, editorAddress(d.ID, file, 0))
}

// putFile saves one file that the draft has.
func (s *Server) putFile(c echo.Context, d workbench.Draft, file string, text []byte) (workbench.Draft, error) {
	version, err := formVersion(c)
	if err != nil {
		return d, err
	}
	if _, ok := d.Files[file]; !ok {
		return d, fault.New(fault.Conflict, "draft_file_gone", "Berkas ini sudah tidak ada dalam konsep. Muat ulang halaman.")
	}
	saved, err := s.Drafting.SaveDraft(c.Request().Context(), d.ID, version, workbench.Change{Put: map[string][]byte{file: text}})
	if err != nil {
		return d, err
	}
	return saved, nil
}

// answerSave tells the script how the draft stands now; on a conflict with the text that is stored.
func (s *Server) answerSave(c echo.Context, d workbench.Draft, file string, err error) error {
	if err != nil {
		return s.editorFault(c, err, map[string]any{"text": string(d.Files[file]), "version": d.Version})
	}
	base, err := s.baseFiles(c.Request().Context(), d.Base)
	if err != nil {
		return err
	}
	changed := []string{}
	for _, f := range s.editorFiles(c, d, base, &editorPage{}) {
		if f.Changed {
			changed = append(changed, f.Name)
		}
	}
	return c.JSON(http.StatusOK, map[string]any{"version": d.Version, "saved_at": d.UpdatedAt, "changed": changed})
}

// editorAgain shows the page once more with what was typed: nothing is lost when a form was refused.
func (s *Server) editorAgain(c echo.Context, d workbench.Draft, file string, text []byte, err error) error {
	f := fault.As(err)
	if f == nil || f.Kind != fault.Invalid && f.Kind != fault.Conflict {
		return err
	}
	p, viewed := s.editorView(c, d, file, text)
	if viewed != nil {
		return viewed
	}
	p.Problem, p.Errors = f.Message, Problems(f.Fields)
	return s.showEditor(c, statusOf[f.Kind], p)
}

// checkText looks at the draft as it would be with the text on the page. It saves nothing.
func (s *Server) checkText(c echo.Context) error {
	d, err := s.draft(c)
	if err != nil {
		return err
	}
	b := d.Bundle()
	b.Files[c.FormValue("file")] = formText(c)
	found, err := s.Sandbox.Verify(c.Request().Context(), b)
	if f := fault.As(err); f != nil && f.Kind == fault.Invalid {
		found, err = []policy.Problem{{File: c.FormValue("file"), Code: f.Code, Level: policy.Wrong, Message: f.Message, Fix: policy.UsualFix(f.Code)}}, nil
	}
	if err != nil {
		return s.editorFault(c, err, nil)
	}
	if found == nil {
		found = []policy.Problem{}
	}
	return c.JSON(http.StatusOK, map[string]any{"problems": found})
}

// formatText lays a file of rules out as OPA does: for the script the text on the page, for a form
// it is saved at once.
func (s *Server) formatText(c echo.Context) error {
	d, err := s.draft(c)
	if err != nil {
		return err
	}
	file, text := c.FormValue("file"), formText(c)
	neat, _, err := s.Sandbox.Format(c.Request().Context(), policy.Bundle{Files: map[string][]byte{file: text}})
	if err != nil && fault.As(err) == nil {
		err = fault.New(fault.Invalid, "format_unreadable", "Belum dapat dirapikan: perbaiki dulu tulisan yang salah.").Because(err)
	}
	if wantsJSON(c) {
		if err != nil {
			return s.editorFault(c, err, nil)
		}
		return c.JSON(http.StatusOK, map[string]any{"text": string(neat.Files[file])})
	}
	if err == nil {
		text = neat.Files[file]
		d, err = s.putFile(c, d, file, text)
	}
	if err != nil {
		return s.editorAgain(c, d, file, text, err)
	}
	s.flash(c, "editor.flash_formatted")
	return s.redirect(c, editorAddress(d.ID, file, 0))
}

// changeFiles adds a file with its first lines, or takes one out.
func (s *Server) changeFiles(c echo.Context) error {
	d, err := s.draft(c)
	if err != nil {
		return err
	}
	version, err := formVersion(c)
	if err != nil {
		return err
	}
	name, change := strings.TrimSpace(c.FormValue("path")), workbench.Change{}
	open, flash := name, "editor.flash_added"
	if gone := c.FormValue("remove"); gone != "" {
		change.Remove, open, flash = []string{gone}, "", "editor.flash_removed"
	} else {
		if !strings.HasSuffix(name, ".rego") {
			open = name + ".rego"
		}
		change.Put, err = newFile(d, open)
	}
	if err == nil {
		_, err = s.Drafting.SaveDraft(c.Request().Context(), d.ID, version, change)
	}
	if f := fault.As(err); f != nil && (f.Kind == fault.Invalid || f.Kind == fault.Conflict) {
		p, viewed := s.editorView(c, d, c.FormValue("file"), nil)
		if viewed != nil {
			return viewed
		}
		p.Problem, p.Errors, p.Add = f.Message, Problems(f.Fields), name
		return s.showEditor(c, statusOf[f.Kind], p)
	}
	if err != nil {
		return err
	}
	s.flash(c, flash)
	return s.redirect(c, editorAddress(d.ID, open, 0))
}

// newFile is a file of rules with the line that it has to begin with.
func newFile(d workbench.Draft, name string) (map[string][]byte, error) {
	if _, there := d.Files[name]; there {
		const message = "Berkas dengan nama ini sudah ada. Pakai nama lain."
		return nil, fault.New(fault.Invalid, "draft_file_twice", message).At("path", message)
	}
	of := "eligibility"
	if strings.HasPrefix(name, "routing/") {
		of = "routing"
	}
	first := "# Tulis di sini apa yang diatur berkas ini.\npackage layak." + of + "\n"
	if base, isTest := strings.CutSuffix(name, "_test.rego"); isTest {
		first = "# Uji untuk " + base[strings.LastIndex(base, "/")+1:] + ".rego.\npackage layak." + of + "_test\n\nimport data.layak." + of + "\n"
	}
	return map[string][]byte{name: []byte(first)}, nil
}
