package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// openPages measures what a clerk and a supervisor open all day, as their browsers would.
func openPages(ctx context.Context, o options, db string) ([]line, error) {
	server, err := serve(ctx, o, db)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	var lines []line
	for _, who := range []struct{ user, path, what, asked string }{
		{"bench-lead", "/reports", "dashboard of the regency", "<= 300 ms"},
		{"bench-lead", "/", "queue of the supervisor", "<= 100 ms"},
		{"bench", "/", "queue of a desk", "<= 100 ms"},
		{"bench", "/complaints", "list of a desk", "<= 100 ms"},
	} {
		client, err := signedIn(ctx, server.base, who.user)
		if err != nil {
			return lines, err
		}
		usual, worst, err := opened(ctx, client, server.base+who.path)
		if err != nil {
			return lines, err
		}
		lines = append(lines, line{"  " + who.what + ", " + database(db), ms(usual), "slowest of 20: " + ms(worst), promise(who.asked)})
	}
	return lines, nil
}

const password = "kata sandi uji beban 2026\n"

var (
	csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	errNoForm = errors.New("no form with a token on the page")
)

// signedIn is a browser after sign-in; the first password is changed on the way.
func signedIn(ctx context.Context, base, user string) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Jar: jar, Timeout: 30 * time.Second}
	secret := strings.TrimSpace(password)
	err = submit(ctx, client, base+"/sign-in", base+"/sign-in", url.Values{"user": {user}, "password": {secret}})
	if err != nil {
		return nil, err
	}
	return client, nil
}

// submit opens a page, takes its token and sends the form.
func submit(ctx context.Context, client *http.Client, page, action string, form url.Values) error {
	text, err := fetch(ctx, client, page)
	if err != nil {
		return err
	}
	found := csrfField.FindStringSubmatch(text)
	if found == nil {
		return errNoForm
	}
	form.Set("csrf", found[1])
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, action, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", strings.Join(strings.SplitN(page, "/", 4)[:3], "/"))
	status, err := do(client, req)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("form %s answered %d", action, status)
	}
	return err
}

func fetch(ctx context.Context, client *http.Client, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	res, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %d", address, res.StatusCode)
	}
	return string(text), err
}

// opened opens a page twenty times after a first one and gives the middle and the slowest.
func opened(ctx context.Context, client *http.Client, address string) (middle, worst time.Duration, err error) {
	_, err = fetch(ctx, client, address)
	var all []time.Duration
	for range 20 {
		if err != nil {
			return 0, 0, err
		}
		began := time.Now()
		_, err = fetch(ctx, client, address)
		all = append(all, time.Since(began))
	}
	slices.Sort(all)
	return all[len(all)/2], all[len(all)-1], err
}
