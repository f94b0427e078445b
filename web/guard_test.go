package web

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"

	"layak/internal/auth"
)

// counted tells how much of a body was read.
type counted struct {
	io.Reader
	n int
}

func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += n
	return n, err
}

// A form larger than what is held in memory goes to disk: the workbook of a whole regency. Only who
// may upload can bring it there, and it does not stay, also when the request is refused.
func TestLargeForms(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	d := newDesk(t, Services{})
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("file", "penduduk.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	_, err = part.Write(make([]byte, 40<<20))
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		role   auth.Role
		status int
		reads  bool
	}{
		{"a stranger", "", http.StatusSeeOther, false},
		{"somebody who may not upload", auth.Puskesmas, http.StatusForbidden, false},
		{"somebody who may, without the token of the form", auth.Administrator, http.StatusForbidden, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d.client = d.visitor()
			if c.role != "" {
				d.signInAs(c.role)
			}
			body := &counted{Reader: bytes.NewReader(form.Bytes())}
			req := httptest.NewRequestWithContext(context.Background(), http.MethodPost, d.url+"/imports/uploads", body)
			req.Header.Set("Content-Type", w.FormDataContentType())
			req.ContentLength = int64(form.Len())
			home, err := url.Parse(d.url)
			if err != nil {
				t.Fatal(err)
			}
			for _, cookie := range d.client.Jar.Cookies(home) {
				req.AddCookie(cookie)
			}
			rec := httptest.NewRecorder()
			d.Server.ServeHTTP(rec, req)
			if rec.Code != c.status || (body.n > 0) != c.reads {
				t.Errorf("status %d, %d bytes read", rec.Code, body.n)
			}
			left, err := os.ReadDir(dir)
			if err != nil || len(left) > 0 {
				t.Errorf("left on disk: %v %v", left, err)
			}
		})
	}
}
