package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"layak/policy"
)

// editorChecks measures what an officer waits for after a pause in typing, as the browser asks for it:
// the whole draft with one changed file is sent, parsed, compiled and linted in a child process.
func editorChecks(ctx context.Context, o options) ([]line, error) {
	for _, db := range []string{o.sqlite(), o.postgres} {
		_, err := o.command(ctx, password, "staff", "add", "bench-rules", "--name", "Petugas Aturan Uji", "--role", "policy_officer", "--db", db)
		if err != nil {
			return nil, err
		}
	}
	var lines []line
	for _, db := range []string{o.sqlite(), o.postgres} {
		l, err := editorChecksOn(ctx, o, db)
		if err != nil {
			return lines, err
		}
		lines = append(lines, l)
	}
	return lines, nil
}

func editorChecksOn(ctx context.Context, o options, db string) (line, error) {
	server, err := serve(ctx, o, db)
	if err != nil {
		return line{}, err
	}
	defer server.stop()
	client, err := signedIn(ctx, server.base, "bench-rules")
	if err != nil {
		return line{}, err
	}
	editor, token, err := openEditor(ctx, client, server.base)
	if err != nil {
		return line{}, err
	}
	rules, size := policy.Shipped(), 0
	for _, text := range rules.Files {
		size += len(text)
	}
	var all []time.Duration
	for n := range 61 {
		form := url.Values{"csrf": {token}, "file": {"need.rego"}, "text": {typed(string(rules.Files["need.rego"]), n)}}
		took, err := editorCheck(ctx, client, server.base+editor+"/check", form)
		if err != nil {
			return line{}, err
		}
		if n > 0 { // the first one starts the child
			all = append(all, took)
		}
	}
	slices.Sort(all)
	return line{"check of a draft in the editor, " + database(db), ms(all[len(all)/2]),
		fmt.Sprintf("p95 %s, slowest %s; %d files of %d KB, one changed", ms(all[len(all)*95/100]), ms(all[len(all)-1]), len(rules.Files), size>>10),
		promise("<= 150 ms")}, nil
}

// typed changes a condition, so that nothing that was compiled before is of use.
func typed(text string, n int) string {
	return strings.Replace(text, "desil <= current.max_desil", fmt.Sprintf("desil + %d <= current.max_desil + %d", n, n), 1)
}

var draftAddress = regexp.MustCompile(`"(/rules/drafts/[0-9a-f-]{36})[/"]`)

// openEditor starts a draft and gives the address of its editor and the token of its forms.
func openEditor(ctx context.Context, client *http.Client, base string) (editor, token string, err error) {
	err = submit(ctx, client, base+"/rules/drafts", base+"/rules/drafts", url.Values{"name": {"Uji kecepatan"}})
	if err != nil {
		return "", "", err
	}
	list, err := fetch(ctx, client, base+"/rules/drafts")
	if err != nil {
		return "", "", err
	}
	found := draftAddress.FindStringSubmatch(list)
	if found == nil {
		return "", "", errors.New("no draft on the page of drafts")
	}
	editor = found[1] + "/edit"
	page, err := fetch(ctx, client, base+editor)
	if err != nil {
		return "", "", err
	}
	secret := csrfField.FindStringSubmatch(page)
	if secret == nil {
		return "", "", errNoForm
	}
	return editor, secret[1], nil
}

// editorCheck asks once and wants an answer without problems.
func editorCheck(ctx context.Context, client *http.Client, address string, form url.Values) (time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", req.URL.Scheme+"://"+req.URL.Host)
	began := time.Now()
	res, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	took := time.Since(began)
	if err != nil {
		return 0, err
	}
	var answer struct {
		Problems []policy.Problem `json:"problems"`
	}
	err = json.Unmarshal(text, &answer)
	if err != nil || res.StatusCode != http.StatusOK || len(answer.Problems) > 0 {
		return 0, fmt.Errorf("the check answered %d: %.200s", res.StatusCode, text)
	}
	return took, nil
}
