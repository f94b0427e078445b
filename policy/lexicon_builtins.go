package policy

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// builtinMeanings says in one line what each built-in function does that rules may call and that people
// write by name. Operators such as == and + are written as signs and need none.
var builtinMeanings = map[string]string{
	"abs":                   "Nilai mutlak sebuah bilangan.",
	"ceil":                  "Pembulatan ke atas.",
	"floor":                 "Pembulatan ke bawah.",
	"round":                 "Pembulatan ke bilangan bulat terdekat.",
	"format_int":            "Bilangan sebagai teks; basis 10 untuk bilangan biasa.",
	"count":                 "Banyaknya isi daftar, himpunan, peta, atau teks.",
	"sum":                   "Jumlah semua bilangan dalam daftar atau himpunan.",
	"max":                   "Yang terbesar; tanpa nilai bila kosong.",
	"min":                   "Yang terkecil; tanpa nilai bila kosong.",
	"sort":                  "Daftar terurut.",
	"union":                 "Gabungan beberapa himpunan.",
	"intersection":          "Irisan beberapa himpunan.",
	"concat":                "Menyambung teks dengan pemisah.",
	"contains":              "Benar bila teks pertama memuat teks kedua.",
	"startswith":            "Benar bila teks pertama berawalan teks kedua.",
	"endswith":              "Benar bila teks pertama berakhiran teks kedua.",
	"indexof":               "Tempat teks kedua dalam teks pertama, mulai 0; -1 bila tidak ada.",
	"lower":                 "Teks dalam huruf kecil.",
	"upper":                 "Teks dalam huruf besar.",
	"replace":               "Mengganti setiap potongan teks dengan yang lain.",
	"split":                 "Memecah teks menjadi daftar menurut pemisah.",
	"substring":             "Potongan teks mulai tempat tertentu, sepanjang sekian.",
	"trim":                  "Membuang huruf tertentu di awal dan akhir teks.",
	"trim_space":            "Membuang spasi di awal dan akhir teks.",
	"trim_prefix":           "Membuang awalan tertentu.",
	"trim_suffix":           "Membuang akhiran tertentu.",
	"array.concat":          "Menyambung dua daftar.",
	"array.slice":           "Sebagian daftar, dari tempat pertama sampai sebelum tempat kedua.",
	"array.reverse":         "Daftar dengan urutan dibalik.",
	"object.get":            "Isi peta menurut kunci, atau nilai pengganti. Untuk isian input tulis namanya langsung.",
	"object.keys":           "Himpunan kunci sebuah peta.",
	"object.union":          "Gabungan dua peta; yang kedua menang.",
	"object.remove":         "Peta tanpa kunci tertentu.",
	"object.filter":         "Peta dengan kunci tertentu saja.",
	"is_array":              "Benar bila nilainya daftar.",
	"is_boolean":            "Benar bila nilainya ya atau tidak.",
	"is_number":             "Benar bila nilainya bilangan.",
	"is_object":             "Benar bila nilainya peta.",
	"is_set":                "Benar bila nilainya himpunan.",
	"is_string":             "Benar bila nilainya teks.",
	"type_name":             "Nama jenis sebuah nilai.",
	"to_number":             "Teks angka menjadi bilangan.",
	"time.add_date":         "Waktu ditambah tahun, bulan, dan hari.",
	"time.clock":            "Jam, menit, dan detik sebuah waktu.",
	"time.date":             "Tahun, bulan, dan hari sebuah waktu.",
	"time.diff":             "Selisih dua waktu: tahun, bulan, hari, jam, menit, detik.",
	"time.format":           "Waktu sebagai teks.",
	"time.parse_ns":         "Teks menjadi waktu menurut pola; untuk tanggal polanya 2006-01-02.",
	"time.parse_rfc3339_ns": "Teks RFC 3339 menjadi waktu.",
	"time.weekday":          "Nama hari dalam bahasa Inggris.",
}

// builtinWords lists the named functions of the sandbox with their shapes.
func builtinWords() []BuiltinWord {
	out := []BuiltinWord{}
	for _, b := range sandbox().Builtins {
		meaning, ok := builtinMeanings[b.Name]
		if !ok {
			continue
		}
		w := BuiltinWord{Name: b.Name, Meaning: meaning, Args: "()"}
		if b.Decl != nil {
			var args []string
			for _, a := range b.Decl.NamedFuncArgs().Args {
				args = append(args, argName(a.String()))
			}
			w.Args = "(" + strings.Join(args, ", ") + ")"
			w.Result = argName(b.Decl.Result().String())
		}
		out = append(out, w)
	}
	slices.SortFunc(out, func(a, b BuiltinWord) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// argName cuts "haystack: string" and "any<array, set>" to what fits on a line.
func argName(s string) string {
	name, _, _ := strings.Cut(s, ":")
	name, _, _ = strings.Cut(name, "<")
	return strings.TrimSpace(name)
}

// isOperator tells a built-in that is written as a sign or that the compiler puts in.
func isOperator(b *ast.Builtin) bool {
	return b.Infix != "" || strings.HasPrefix(b.Name, "internal.")
}
