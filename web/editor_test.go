package web

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"layak/internal/auth"
	"layak/internal/fault"
	"layak/internal/testkit"
	"layak/policy"
	"layak/policy/workbench"
)

// memoryDrafts keeps drafts as the workbench does, without a database.
type memoryDrafts struct {
	mu     sync.Mutex
	drafts map[string]workbench.Draft
}

func (m *memoryDrafts) Drafts(context.Context, bool) ([]workbench.Draft, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Values(m.drafts)), nil
}

func (m *memoryDrafts) Draft(_ context.Context, id string) (workbench.Draft, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.drafts[id]
	if !ok {
		return d, fault.New(fault.NotFound, "draft_missing", "Konsep ini tidak ada.")
	}
	d.Files = maps.Clone(d.Files)
	return d, nil
}

func (m *memoryDrafts) SaveDraft(ctx context.Context, id string, version int, c workbench.Change) (workbench.Draft, error) {
	d, err := m.Draft(ctx, id)
	if err != nil {
		return d, err
	}
	if d.Version != version {
		return d, workbench.ErrDraftMoved(d)
	}
	maps.Copy(d.Files, c.Put)
	for _, name := range c.Remove {
		delete(d.Files, name)
	}
	d.Version++
	d.UpdatedBy = auth.From(ctx).Name
	m.mu.Lock()
	defer m.mu.Unlock()
	m.drafts[id] = d
	return d, nil
}

// openSandbox tries rules in this process; the real one lies behind a pipe and has tests of its own.
type openSandbox struct{}

func (openSandbox) Verify(ctx context.Context, b policy.Bundle) ([]policy.Problem, error) {
	return policy.Verify(ctx, b)
}
func (openSandbox) Format(_ context.Context, b policy.Bundle) (policy.Bundle, []string, error) {
	return policy.Format(b)
}
func (openSandbox) Test(ctx context.Context, b policy.Bundle) (policy.TestReport, error) {
	return policy.Test(ctx, b)
}

const draftID = "019e0000-0000-7000-8000-0000000000d1"

// draftDesk has one draft, the shipped rules as they are.
func draftDesk(t *testing.T) (*desk, *memoryDrafts) {
	t.Helper()
	rules := shippedRules(t)
	m := &memoryDrafts{drafts: map[string]workbench.Draft{draftID: {ID: draftID, Name: "Batas desil 6", Base: rules.rev.Hash,
		Files: maps.Clone(policy.Shipped().Files), Version: 1, State: workbench.Open, UpdatedAt: galleryNow}}}
	d := newDesk(t, Services{Drafting: m, Sandbox: openSandbox{}, Policies: rules})
	d.signInAs(auth.PolicyOfficer)
	return d, m
}

const editAddress = "/rules/drafts/" + draftID + "/edit"

// ask sends a form as the script of the editor does.
func (d *desk) script(path string, form url.Values) (int, map[string]any) {
	d.Helper()
	req := d.request(http.MethodPost, path, form.Encode())
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("X-CSRF-Token", csrfField.FindStringSubmatch(d.get("/account").body)[1])
	a := d.do(req)
	var body map[string]any
	err := json.Unmarshal([]byte(a.body), &body)
	if err != nil {
		d.Fatalf("%s answers %d: %.300s", path, a.StatusCode, a.body)
	}
	return a.StatusCode, body
}

// TestEditorSaves keeps what is typed, and nothing of a draft that somebody else changed.
func TestEditorSaves(t *testing.T) {
	d, m := draftDesk(t)
	text := string(m.drafts[draftID].Files["need.rego"]) + "\n# catatan\r\n"
	status, body := d.script(editAddress, url.Values{"file": {"need.rego"}, "text": {text}, "version": {"1"}})
	if status != http.StatusOK || body["version"] != 2.0 {
		t.Fatalf("status %d: %v", status, body)
	}
	if got := string(m.drafts[draftID].Files["need.rego"]); strings.Contains(got, "\r") || !strings.HasSuffix(got, "# catatan\n") {
		t.Errorf("stored %q", got[len(got)-20:])
	}
	if changed := body["changed"].([]any); len(changed) != 1 || changed[0] != "need.rego" {
		t.Errorf("changed: %v", changed)
	}
	status, body = d.script(editAddress, url.Values{"file": {"need.rego"}, "text": {"package x"}, "version": {"1"}})
	if status != http.StatusConflict || !strings.HasSuffix(body["text"].(string), "# catatan\n") {
		t.Errorf("an old version: status %d, text %v", status, body["text"] != nil)
	}
	if m.drafts[draftID].Version != 2 {
		t.Error("the old version was written over the new one")
	}
}

// TestEditorWithoutScript saves, lays out, adds and removes by plain forms, and loses nothing that was typed.
func TestEditorWithoutScript(t *testing.T) {
	d, m := draftDesk(t)
	files := func() map[string][]byte { return m.drafts[draftID].Files }
	page := editAddress + "?file=need.rego"
	a := d.get(page)
	for _, want := range []string{"current.max_desil", "Tidak ada masalah", `name="text"`, "Jalankan uji", "eligibility_test.rego"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	bad := strings.Replace(string(files()["need.rego"]), "current.max_desil", "current.max_dessil", 1)
	a = d.post(page, editAddress, url.Values{"file": {"need.rego"}, "text": {bad}, "version": {"1"}})
	if a.StatusCode != http.StatusSeeOther {
		t.Fatalf("status %d: %.400s", a.StatusCode, a.body)
	}
	a = d.get(page)
	if !strings.Contains(a.body, "max_dessil") || !strings.Contains(a.body, "need.rego:") {
		t.Error("the list of problems does not name the line")
	}
	a = d.post(page, editAddress, url.Values{"file": {"need.rego"}, "text": {"# hilang?"}, "version": {"1"}})
	if a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "# hilang?") {
		t.Errorf("a refused save: status %d, text kept %v", a.StatusCode, strings.Contains(a.body, "# hilang?"))
	}
	a = d.post(page, editAddress+"/format", url.Values{"file": {"need.rego"}, "text": {"package layak.eligibility\nx :=   1\n"}, "version": {"2"}})
	if a.StatusCode != http.StatusSeeOther || string(files()["need.rego"]) != "package layak.eligibility\n\nx := 1\n" {
		t.Errorf("laid out: status %d, %q", a.StatusCode, files()["need.rego"])
	}
	a = d.post(page, editAddress+"/files", url.Values{"path": {"kader_test"}, "version": {"3"}})
	if a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(string(files()["kader_test.rego"]), "# Uji untuk kader.rego.\npackage layak.eligibility_test\n") {
		t.Errorf("added: status %d, %q", a.StatusCode, files()["kader_test.rego"])
	}
	a = d.post(page, editAddress+"/files", url.Values{"path": {"kader_test.rego"}, "version": {"4"}})
	if a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, "sudah ada") {
		t.Errorf("a name twice: status %d", a.StatusCode)
	}
	a = d.post(page, editAddress+"/files", url.Values{"remove": {"kader_test.rego"}, "version": {"4"}})
	if _, there := files()["kader_test.rego"]; a.StatusCode != http.StatusSeeOther || there {
		t.Errorf("removed: status %d, still there %v", a.StatusCode, there)
	}
}

// TestEditorChecksWithoutSaving finds what is wrong in the text on the page.
func TestEditorChecksWithoutSaving(t *testing.T) {
	d, m := draftDesk(t)
	for name, c := range map[string]struct {
		text, says string
		row        float64
	}{
		"a parameter that does not exist": {"package layak.eligibility\n\nx if input.welfare.desil > current.max_dessil\n", "max_dessil", 3},
		"a field that does not exist":     {"package layak.eligibility\n\nx if input.welfare.dessil > 3\n", "", 3},
		"text that is no rule":            {"package layak.eligibility\n\nx if {\n", "", 3},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := d.script(editAddress+"/check", url.Values{"file": {"kader.rego"}, "text": {c.text}})
			problems := body["problems"].([]any)
			if status != http.StatusOK || len(problems) == 0 {
				t.Fatalf("status %d: %v", status, body)
			}
			found := slices.ContainsFunc(problems, func(p any) bool {
				m := p.(map[string]any)
				return m["file"] == "kader.rego" && m["row"].(float64) >= c.row && strings.Contains(m["message"].(string), c.says)
			})
			if !found {
				t.Errorf("problems: %v", problems)
			}
		})
	}
	if m.drafts[draftID].Version != 1 {
		t.Error("a check changed the draft")
	}
}

// TestEditorRunsTests shows what failed, where, and what was expected.
func TestEditorRunsTests(t *testing.T) {
	d, m := draftDesk(t)
	text := string(m.drafts[draftID].Files["eligibility_test.rego"]) + "\ntest_wrong if {\n\td := decide({})\n\td.outcome == \"not_eligible\"\n}\n"
	m.drafts[draftID].Files["eligibility_test.rego"] = []byte(text)
	a := d.post(editAddress, editAddress+"/tests", url.Values{})
	for _, want := range []string{"test_wrong", "1 gagal", "not_eligible", "data-cover="} {
		if !strings.Contains(a.body, want) {
			t.Errorf("status %d: the page lacks %q", a.StatusCode, want)
		}
	}
}

// TestEditorInTheBrowser writes a rule as an officer does: an error is marked at its line, its remedy is
// one key away, what is typed is saved, the tests run and shade the lines.
func TestEditorInTheBrowser(t *testing.T) {
	d, m := draftDesk(t)
	p := testkit.StartBrowser(t).Page(t, testkit.Desktop)
	shots := os.Getenv("LAYAK_SHOTS")
	shot := func(name string) {
		if shots != "" {
			p.Shot(filepath.Join(shots, "editor-"+name+".png"))
		}
	}
	p.Open(d.url + "/rules")
	p.Type("#f-user", string(auth.PolicyOfficer))
	p.Type("#f-password", testPassword+kb.Enter)
	p.Wait(".rule-list")
	p.Open(d.url + editAddress + "?file=need.rego")
	p.Wait(".cm-content")
	if got := p.Eval(`getComputedStyle(document.querySelector(".cm-gutters")).borderRightStyle`); got != "solid" {
		t.Errorf("the editor has no styles of its own under the policy of the page: %q", got)
	}
	p.Axe()
	p.Fits()
	shot("open")

	p.Eval(`(() => { const v = document.getElementById("editor").editorView, at = v.state.doc.toString().indexOf("current.max_desil"); v.focus(); v.dispatch({selection: {anchor: at + 17}}); return "" })()`)
	p.Press("x")
	p.Wait(".cm-lintRange-error")
	p.WaitUntil(`document.getElementById("problem-count").textContent.includes("max_desilx")`)
	p.WaitUntil(`document.querySelector(".problem-list a")`)
	p.Axe()
	shot("error")
	p.WaitUntil(`document.getElementById("save-state").dataset.kind === "saved"`)
	if got := string(m.drafts[draftID].Files["need.rego"]); !strings.Contains(got, "current.max_desilx") {
		t.Error("what was typed is not saved")
	}
	p.Press(kb.Backspace)
	p.WaitUntil(`document.getElementById("problem-count").textContent === "Tidak ada masalah"`)
	p.Click("[data-run-tests]")
	p.Wait("#tests-said")
	p.WaitUntil(`document.querySelector(".cm-cover-yes")`)
	p.Axe()
	shot("tested")

	p.Resize(testkit.Phone)
	p.Open(d.url + editAddress + "?file=data.json")
	p.Wait(".cm-content")
	p.Axe()
	p.Fits()
	shot("phone")
}

// countingSandbox remembers how often rules were run.
type countingSandbox struct {
	openSandbox
	runs *int
}

func (c countingSandbox) Verify(ctx context.Context, b policy.Bundle) ([]policy.Problem, error) {
	*c.runs++
	return c.openSandbox.Verify(ctx, b)
}

func (c countingSandbox) Test(ctx context.Context, b policy.Bundle) (policy.TestReport, error) {
	*c.runs++
	return policy.TestReport{Passed: 1}, nil
}

// Running rules that nobody has approved costs the machine two seconds: it is for those alone who write or
// approve rules. Others may read a draft, and nothing runs.
func TestOnlyThoseWhoAnswerForRulesRunDrafts(t *testing.T) {
	d, _ := draftDesk(t)
	runs := 0
	d.Sandbox = countingSandbox{runs: &runs}
	form := url.Values{"file": {"need.rego"}, "text": {"package layak.eligibility\n"}}
	for _, role := range auth.Roles {
		t.Run(string(role), func(t *testing.T) {
			d.signInAs(role)
			may := role == auth.PolicyOfficer || role == auth.PolicyApprover
			want := map[bool]int{true: http.StatusOK, false: http.StatusForbidden}[may]
			for _, path := range []string{editAddress + "/tests", editAddress + "/check"} {
				before := runs
				if a := d.post("/account", path, form); a.StatusCode != want || (runs > before) != may {
					t.Errorf("%s: status %d, want %d; rules were run %d times", path, a.StatusCode, want, runs-before)
				}
			}
			before := runs
			a := d.get(editAddress)
			if a.StatusCode != http.StatusOK || strings.Contains(a.body, "data-run-tests") != may || (runs > before) != may {
				t.Errorf("reading a draft: status %d, rules were run %d times", a.StatusCode, runs-before)
			}
		})
	}
	d.client = d.visitor()
	req := d.request(http.MethodPost, editAddress+"/tests", "")
	if a := d.do(req); a.StatusCode != http.StatusSeeOther || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in") {
		t.Errorf("nobody: status %d", a.StatusCode)
	}
}
