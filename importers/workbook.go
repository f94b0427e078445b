package importers

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"github.com/xuri/excelize/v2"

	"layak/internal/fault"
)

// Limits of what is unpacked. A real registry sheet of 1,048,576 rows and 25 columns unpacks to
// about 1.3 GB at a ratio of 10 to 20; deflate cannot exceed 1,032.
const (
	maxUnpacked   = 4 << 30   // all parts together
	maxOther      = 96 << 20  // parts that excelize keeps in memory: styles, pictures, small sheets
	maxOtherXML   = 24 << 20  // one such part
	ratioFrom     = 32 << 20  // parts below this size may have any ratio
	maxRatio      = 150       // a padded part beyond this ratio is a bomb
	maxParts      = 5000      //
	maxStrings    = 6_000_000 // entries of the shared string table
	stringsInRAM  = 300_000   // beyond this the table goes to a temporary file
	maxEmptyCells = 3_000_000 // styled cells without a value among the filled rows
)

var (
	errFileMissing  = fault.New(fault.Invalid, "file_missing", "Berkas tidak dapat dibuka. Periksa nama dan letaknya.")
	errFileEmpty    = fault.New(fault.Invalid, "file_empty", "Berkas kosong (0 byte). Minta kiriman ulang dari pengirimnya.")
	errNotWorkbook  = fault.New(fault.Invalid, "not_a_workbook", "Berkas ini bukan buku kerja Excel (.xlsx). Buka di Excel atau LibreOffice, lalu pilih Simpan Sebagai .xlsx.")
	errTruncated    = fault.New(fault.Invalid, "workbook_truncated", "Buku kerja terpotong atau rusak, biasanya karena kiriman terputus. Unduh atau minta kirim ulang.")
	errPassword     = fault.New(fault.Invalid, "workbook_password", "Buku kerja dikunci kata sandi. Buka di Excel, hapus kata sandinya, simpan, lalu coba lagi.")
	errOldXLS       = fault.New(fault.Invalid, "workbook_old_xls", "Ini berkas Excel lama (.xls). Buka di Excel atau LibreOffice, lalu pilih Simpan Sebagai .xlsx.")
	errBinaryXLSB   = fault.New(fault.Invalid, "workbook_xlsb", "Ini berkas Excel biner (.xlsb). Buka di Excel, lalu pilih Simpan Sebagai .xlsx.")
	errBomb         = fault.New(fault.Invalid, "workbook_bomb", "Isi buku kerja membengkak tidak wajar saat dibuka, jadi ditolak. Salin datanya ke buku kerja baru.")
	errTooBig       = fault.New(fault.Invalid, "workbook_too_big", "Buku kerja terlalu besar. Pecah per kecamatan; beberapa berkas boleh diimpor sekaligus.")
	errEntities     = fault.New(fault.Invalid, "workbook_entities", "Buku kerja memuat deklarasi XML yang tidak dipakai Excel, jadi ditolak. Salin datanya ke buku kerja baru.")
	errDisorder     = fault.New(fault.Invalid, "workbook_disorder", "Nomor baris di buku kerja tidak berurutan, jadi sebagian isinya tidak akan terbaca. Buka di Excel atau LibreOffice, simpan ulang, lalu coba lagi.")
	errLongCell     = fault.New(fault.Invalid, "workbook_cell_too_long", "ada sel yang isinya jauh melebihi batas Excel (32.767 huruf). Kosongkan sel itu atau minta kiriman ulang.")
	errNoSheets     = fault.New(fault.Invalid, "workbook_no_rows", "Buku kerja tidak memuat satu baris pun. Periksa apakah lembarnya benar.")
	oleHeader       = []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}
	zipHeader       = []byte("PK\x03\x04")
	encryptedMarker = utf16LE("EncryptedPackage")
)

// sheet is one worksheet with what the quick look found.
type sheet struct {
	name string
	part string // path inside the archive
	scan *sheetScan
}

// workbook is an opened file. Close it: excelize keeps temporary files.
type workbook struct {
	name   string
	sheets []sheet
	xlsx   *excelize.File
	date04 bool // serial dates count from 1904
	close  func() error
}

func (w *workbook) Close() {
	if w.xlsx != nil {
		_ = w.xlsx.Close()
		w.xlsx = nil
	}
	if w.close != nil {
		_ = w.close()
		w.close = nil
	}
}

func (f File) base() string {
	if f.Name != "" {
		return filepath.Base(f.Name)
	}
	return filepath.Base(f.Path)
}

// named puts the file name before the sentence, so that one of thirty files can be found.
func named(err error, file string) error {
	e := fault.As(err)
	if e == nil {
		return fmt.Errorf("open workbook: %w", err)
	}
	c := *e
	c.Message = file + ": " + e.Message
	return &c
}

// openWorkbook checks the archive before excelize sees it, so that a hostile or broken file costs
// little, and gives faults whose sentence says what is wrong with the file.
func openWorkbook(f File) (*workbook, error) {
	r, size, closer, err := f.open()
	if err != nil {
		return nil, named(err, f.base())
	}
	w := &workbook{name: f.base(), close: closer}
	err = w.load(f, r, size)
	if err != nil {
		w.Close()
		return nil, named(err, f.base())
	}
	return w, nil
}

func (w *workbook) load(f File, r io.ReaderAt, size int64) error {
	zr, err := openZip(r, size)
	if err != nil {
		return err
	}
	parts, err := checkParts(zr)
	if err != nil {
		return err
	}
	err = w.findSheets(parts)
	if err != nil {
		return err
	}
	rows := 0
	for i := range w.sheets {
		s := &w.sheets[i]
		s.scan, err = scanPart(parts[strings.ToLower(s.part)])
		if err != nil {
			return err
		}
		if s.scan.empty > maxEmptyCells && s.scan.empty > s.scan.filled {
			return fault.New(fault.Invalid, "workbook_padded", fmt.Sprintf(
				"Lembar %q memuat %d sel kosong berformat di antara isinya. Salin hanya baris dan kolom yang terisi ke lembar baru.", s.name, s.scan.empty))
		}
		if s.scan.giant > 0 {
			return fault.New(fault.Invalid, errLongCell.Code, fmt.Sprintf("Lembar %q baris %d: ", s.name, s.scan.giant)+errLongCell.Message)
		}
		rows += s.scan.lastRow
	}
	if rows == 0 {
		return errNoSheets
	}
	limit, err := stringsLimit(parts["xl/sharedstrings.xml"])
	if err != nil {
		return err
	}
	return w.openExcelize(f, r, size, limit)
}

func (w *workbook) openExcelize(f File, r io.ReaderAt, size, limit int64) error {
	opts := excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: limit}
	var x *excelize.File
	var err error
	if f.Reader == nil {
		x, err = excelize.OpenFile(f.Path, opts)
	} else {
		x, err = excelize.OpenReader(io.NewSectionReader(r, 0, size), opts) // copies the packed file
	}
	if err != nil { // it has the parts of a workbook, so what fails is damage
		return errTruncated.Because(err)
	}
	w.xlsx = x
	return nil
}

// openZip names what a file is that is no archive.
func openZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	if size == 0 {
		return nil, errFileEmpty
	}
	head := make([]byte, 8)
	n, _ := r.ReadAt(head, 0)
	head = head[:n]
	if bytes.Equal(head, oleHeader) {
		locked, err := contains(io.NewSectionReader(r, 0, size), encryptedMarker)
		if err != nil {
			return nil, err
		}
		if locked {
			return nil, errPassword
		}
		return nil, errOldXLS
	}
	if !bytes.HasPrefix(head, zipHeader) {
		return nil, errNotWorkbook
	}
	zr, err := zip.NewReader(r, size)
	if err != nil {
		return nil, errTruncated.Because(err)
	}
	return zr, nil
}

// checkParts applies the limits on the directory of the archive. Go's zip reader refuses a part
// that unpacks to more than the directory says, so the directory can be believed.
func checkParts(zr *zip.Reader) (map[string]*zip.File, error) {
	parts := make(map[string]*zip.File, len(zr.File))
	if len(zr.File) > maxParts {
		return nil, errBomb
	}
	var total, other uint64
	for _, f := range zr.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		size := f.UncompressedSize64
		if size > ratioFrom && size/max(f.CompressedSize64, 1) > maxRatio {
			return nil, errBomb
		}
		if total += size; size > maxUnpacked || total > maxUnpacked {
			return nil, errTooBig
		}
		big := strings.HasPrefix(name, "xl/worksheets/sheet") || name == "xl/sharedstrings.xml"
		if !big {
			if other += size; other > maxOther || size > maxOtherXML && !strings.HasPrefix(name, "xl/media/") {
				return nil, errTooBig
			}
		}
		if _, twice := parts[name]; twice {
			return nil, errBomb
		}
		if f.Flags&1 != 0 {
			return nil, errPassword
		}
		parts[name] = f
	}
	return parts, nil
}

type workbookXML struct {
	Props struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name string `xml:"name,attr"`
		ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		IDs  string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"`
	} `xml:"sheets>sheet"`
}

type relsXML struct {
	Rels []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

func (w *workbook) findSheets(parts map[string]*zip.File) error {
	if parts["xl/workbook.bin"] != nil {
		return errBinaryXLSB
	}
	if parts["xl/workbook.xml"] == nil {
		return errNotWorkbook
	}
	var book workbookXML
	err := readXML(parts["xl/workbook.xml"], &book)
	if err != nil {
		return err
	}
	var rels relsXML
	err = readXML(parts["xl/_rels/workbook.xml.rels"], &rels)
	if err != nil {
		return err
	}
	w.date04 = book.Props.Date1904 == "1" || strings.EqualFold(book.Props.Date1904, "true")
	target := map[string]string{}
	for _, r := range rels.Rels {
		if strings.HasSuffix(r.Type, "/worksheet") {
			target[r.ID] = inside(r.Target)
		}
	}
	for _, s := range book.Sheets {
		part, ok := target[s.ID+s.IDs]
		if ok && parts[strings.ToLower(part)] != nil {
			w.sheets = append(w.sheets, sheet{name: s.Name, part: part})
		}
	}
	if len(w.sheets) == 0 {
		return errNoSheets
	}
	return nil
}

// inside resolves a relationship target against xl/.
func inside(target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return path.Join("xl", target)
}

func readXML(f *zip.File, into any) error {
	if f == nil {
		return errNotWorkbook
	}
	r, err := f.Open()
	if err != nil {
		return errTruncated.Because(err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, 4<<20))
	if err != nil {
		return errTruncated.Because(err)
	}
	if bytes.Contains(b, []byte("<!DOCTYPE")) || bytes.Contains(b, []byte("<!ENTITY")) {
		return errEntities
	}
	err = xml.Unmarshal(b, into)
	if err != nil {
		return errTruncated.Because(err)
	}
	return nil
}

func scanPart(f *zip.File) (*sheetScan, error) {
	r, err := f.Open()
	if err != nil {
		return nil, errTruncated.Because(err)
	}
	defer r.Close()
	scan, err := scanSheet(r)
	if err != nil {
		return nil, errTruncated.Because(err)
	}
	switch {
	case scan.entities:
		return nil, errEntities
	case scan.disorder:
		return nil, errDisorder
	}
	return scan, nil
}
