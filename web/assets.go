package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"
)

//go:embed static
var staticFiles embed.FS

// asset is one static file with its ready-compressed forms. The bytes stay in the binary: only what is
// asked for is read, a piece at a time.
type asset struct {
	sum                 string
	mime                string
	plain, gzip, brotli form
}

// form is one file below static.
type form struct {
	name string
	size int64
}

// assetSet holds the static files by name. An address carries the checksum of the content, so a
// browser may keep it for ever and never keeps an old one.
type assetSet struct{ files map[string]asset }

func loadAssets() (*assetSet, error) {
	set := &assetSet{files: map[string]asset{}}
	entries, err := fs.ReadDir(staticFiles, "static")
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	for _, e := range entries {
		name := e.Name()
		ext := path.Ext(name)
		if ext == ".gz" || ext == ".br" || ext == ".json" {
			continue
		}
		a := asset{mime: mime.TypeByExtension(ext)}
		hash := sha256.New()
		a.plain, err = readForm(name, hash)
		if err != nil {
			return nil, fmt.Errorf("read static file %s: %w", name, err)
		}
		a.gzip, err = readForm(name+".gz", nil)
		if err != nil {
			return nil, fmt.Errorf("static file %s has no .gz beside it: run make assets: %w", name, err)
		}
		a.brotli, err = readForm(name+".br", nil)
		if err != nil {
			return nil, fmt.Errorf("static file %s has no .br beside it: run make assets: %w", name, err)
		}
		a.sum = hex.EncodeToString(hash.Sum(nil)[:6])
		set.files[name] = a
	}
	return set, nil
}

// readForm notes the size of a file and copies it to w when there is one.
func readForm(name string, w io.Writer) (form, error) {
	f, err := staticFiles.Open("static/" + name)
	if err != nil {
		return form{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && w != nil {
		_, err = io.Copy(w, f)
	}
	if err != nil {
		return form{}, err
	}
	return form{name: name, size: info.Size()}, nil
}

// path is the address of a static file.
func (set *assetSet) path(name string) string {
	return "/static/" + set.files[name].sum + "/" + name
}

// static serves a file in the form the browser takes. An old checksum is answered with the file of
// today, which may not be kept: a page loaded before an upgrade still works.
func (s *Server) static(c echo.Context) error {
	a, ok := s.assets.files[c.Param("name")]
	if !ok {
		return errNoPage
	}
	h := c.Response().Header()
	h.Set("Vary", "Accept-Encoding")
	if c.Param("sum") == a.sum {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	body := a.plain
	accept := c.Request().Header.Get("Accept-Encoding")
	switch {
	case strings.Contains(accept, "br"):
		body = a.brotli
		h.Set("Content-Encoding", "br")
	case strings.Contains(accept, "gzip"):
		body = a.gzip
		h.Set("Content-Encoding", "gzip")
	}
	f, err := staticFiles.Open("static/" + body.name)
	if err != nil {
		return fmt.Errorf("open static file: %w", err)
	}
	defer f.Close()
	h.Set("Content-Length", strconv.FormatInt(body.size, 10))
	return c.Stream(http.StatusOK, a.mime, f)
}

func (s *Server) favicon(c echo.Context) error {
	return c.Redirect(http.StatusFound, s.assets.path("icon.svg"))
}
