package policy

import (
	"fmt"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// nearest gives the word of a list that somebody most likely meant; "" when none is near.
func nearest(word string, list []string) string {
	best, at := "", 1+len(word)/3
	for _, w := range list {
		d := distance(word, w)
		if d < at || d == at && (best == "" || w < best) {
			best, at = w, d
		}
	}
	return best
}

// distance counts the letters that have to be put in, left out or exchanged.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			above := row[j]
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above+1, row[j-1]+1, before+cost)
			before = above
		}
	}
	return row[len(b)]
}

// replaceWord is the edit that writes something else where a term stands on one line; nil when its
// place is not certain. The name in a reference, x.name, has a place of its own.
func replaceWord(t *ast.Term, with string) *Edit {
	if t.Location == nil || len(t.Location.Text) == 0 || strings.Contains(string(t.Location.Text), "\n") {
		return nil
	}
	text := string(t.Location.Text)
	if s, ok := t.Value.(ast.String); ok && text != string(s) && text != fmt.Sprintf("%q", string(s)) {
		return nil
	}
	return &Edit{Row: t.Location.Row, Col: t.Location.Col, EndRow: t.Location.Row, EndCol: t.Location.Col + len(text), Text: with}
}

// explainCompiler gives errors of the compiler the fix that is usual for them.
func explainCompiler(found []Problem, lex Lexicon) {
	for i := range found {
		p := &found[i]
		if p.Fix != "" {
			continue
		}
		switch {
		case strings.Contains(p.Detail, "undefined function time.now_ns"):
			p.Message = "Aturan tidak boleh membaca jam."
			p.Fix = "Pakai input.service_on (hari layanan) atau input.at (waktu cek): hasil yang sama harus dapat dihitung lagi bertahun-tahun kemudian."
		case strings.Contains(p.Detail, "number too big"):
			p.Message = "Bilangan ini terlalu besar untuk dihitung."
			p.Fix = "Tulis bilangan biasa tanpa huruf e, misalnya 1000000."
		case strings.HasPrefix(p.Detail, "yaml:"):
			p.Message = "Blok METADATA di sini belum benar susunannya."
			p.Fix = "Tiap baris ditulis nama: isi, dan yang termasuk custom menjorok dua spasi. Isi yang memuat titik dua ditulis dalam tanda kutip."
		case strings.Contains(p.Detail, "undefined function"):
			p.Fix = "Pakai fungsi yang diizinkan saja; daftarnya tampil saat mengetik."
			if near := nearest(lastWord(p.Detail), functionNames(lex)); near != "" {
				p.Fix = "Maksudnya " + near + "?"
			}
		case strings.Contains(p.Detail, "undefined ref"):
			p.Fix = fixField(p.Detail, lex)
		case strings.Contains(p.Detail, "match error") || p.Code == ast.TypeErr:
			p.Fix = "Bandingkan bilangan dengan bilangan dan teks dengan teks; bilangan ditulis tanpa tanda kutip."
		case p.Code == ast.UnsafeVarErr:
			p.Fix = "Periksa ejaan nama ini, atau beri nilainya di baris sebelumnya dengan :=."
		case p.Code == ast.RecursionErr:
			p.Fix = "Pisahkan bagian yang dipakai bersama menjadi aturan sendiri."
		case p.Code == ast.ParseErr:
			p.Fix = "Periksa tanda kurung dan tanda kutip di baris ini dan baris sebelumnya."
		}
	}
}

func lastWord(s string) string {
	words := strings.Fields(s)
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

func functionNames(lex Lexicon) []string {
	var names []string
	for _, b := range lex.Builtins {
		names = append(names, b.Name)
	}
	for _, r := range lex.Rules {
		if r.Kind == "fungsi" {
			names = append(names, r.Name)
		}
	}
	return names
}

// fixField looks for the field that was meant: one of the same group that is spelled alike, else one of
// the same name in another group.
func fixField(detail string, lex Lexicon) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(detail, "undefined ref: "), "\n")
	path := strings.TrimSpace(first)
	cut := strings.LastIndexByte(path, '.')
	if cut < 0 {
		return "Pilih isian dari daftar yang tampil saat mengetik."
	}
	group, name := path[:cut], path[cut+1:]
	var beside []string
	elsewhere := ""
	for _, f := range lex.Facts {
		at := strings.LastIndexByte(f.Path, '.')
		if f.Path[:max(at, 0)] == group {
			beside = append(beside, f.Path[at+1:])
		}
		if f.Path[at+1:] == name && (elsewhere == "" || len(f.Path) < len(elsewhere)) {
			elsewhere = f.Path
		}
	}
	if near := nearest(name, beside); near != "" {
		return fmt.Sprintf("Maksudnya %s.%s?", group, near)
	}
	if elsewhere != "" {
		return fmt.Sprintf("Maksudnya %s?", elsewhere)
	}
	if len(beside) > 0 {
		return "Yang ada di sini: " + strings.Join(beside, ", ") + "."
	}
	return "Pilih isian dari daftar yang tampil saat mengetik."
}
