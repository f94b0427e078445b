package complaints

import (
	"bytes"
	"encoding/binary"
	"image"
	_ "image/jpeg" // knows the size of a picture without unpacking it
	_ "image/png"
	"strings"

	_ "golang.org/x/image/webp"

	"layak/internal/fault"
)

// sanitize finds out by its content what a file is, and takes everything out of a picture that is
// not the picture. Nothing is unpacked: a picture whose header promises too many pixels is refused
// before anybody's memory pays for it.
func sanitize(raw []byte) (sanitized, error) {
	switch {
	case len(raw) == 0:
		return sanitized{}, fileFault("file_empty", "Berkas kosong. Pilih berkas lain.")
	case len(raw) > MaxAttachment:
		return sanitized{}, fileFault("file_large", "Berkas lebih dari 10 MB. Kecilkan fotonya atau bagi menjadi beberapa berkas.")
	case bytes.HasPrefix(raw, []byte("\xff\xd8\xff")):
		return picture(raw, "image/jpeg", stripJPEG)
	case bytes.HasPrefix(raw, []byte("\x89PNG\r\n\x1a\n")):
		return picture(raw, "image/png", stripPNG)
	case len(raw) >= 12 && string(raw[:4]) == "RIFF" && string(raw[8:12]) == "WEBP":
		return picture(raw, "image/webp", stripWebP)
	case bytes.HasPrefix(raw, []byte("%PDF-")):
		// A PDF is kept as it is; its end mark tells that the upload was whole.
		if !bytes.Contains(raw[max(0, len(raw)-2048):], []byte("%%EOF")) {
			return sanitized{}, errDamagedFile
		}
		return sanitized{kind: "application/pdf", content: raw}, nil
	case isHEIC(raw):
		return sanitized{}, fileFault("file_heic", "Foto HEIC dari iPhone belum dapat dibuka di semua komputer. Kirim sebagai JPG.")
	}
	return sanitized{}, fileFault("file_kind", "Hanya foto (JPG, PNG, WebP) dan PDF yang dapat dilampirkan. Isi berkas ini bukan salah satunya.")
}

func fileFault(code, message string) *fault.Error {
	return fault.New(fault.Invalid, code, message).At("file", message)
}

var (
	errDamagedFile = fileFault("file_damaged", "Berkas rusak atau terpotong. Unggah lagi dari berkas aslinya.")
	errBigPicture  = fileFault("picture_large", "Ukuran gambar terlalu besar. Kecilkan menjadi paling banyak 60 megapiksel.")
	errMoving      = fileFault("picture_moving", "Gambar bergerak tidak dapat dilampirkan. Kirim foto biasa.")
)

func isHEIC(raw []byte) bool {
	if len(raw) < 12 || string(raw[4:8]) != "ftyp" {
		return false
	}
	return strings.Contains("heic heix hevc mif1 msf1 heim heis avif", string(raw[8:12]))
}

// picture strips a picture and checks its size, before and after.
func picture(raw []byte, kind string, strip func([]byte) ([]byte, int, bool)) (sanitized, error) {
	size, err := dimensions(raw, kind)
	if err != nil {
		return sanitized{}, err
	}
	content, turn, ok := strip(raw)
	if !ok {
		return sanitized{}, errDamagedFile
	}
	if turn == moving {
		return sanitized{}, errMoving
	}
	after, err := dimensions(content, kind)
	if err != nil {
		return sanitized{}, err
	}
	if after.Width != size.Width || after.Height != size.Height {
		return sanitized{}, errDamagedFile
	}
	if turn >= 5 { // turned by a quarter: shown with sides swapped
		after.Width, after.Height = after.Height, after.Width
	}
	return sanitized{kind: kind, content: content, width: after.Width, height: after.Height}, nil
}

// moving in place of an orientation says that the picture is an animation.
const moving = -1

func dimensions(raw []byte, kind string) (image.Config, error) {
	size, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || "image/"+format != kind || size.Width <= 0 || size.Height <= 0 {
		return size, errDamagedFile
	}
	if size.Width > maxSide || size.Height > maxSide || size.Width*size.Height > maxPixels {
		return size, errBigPicture
	}
	return size, nil
}

// orientation reads how a picture is turned (1 to 8) out of EXIF data that begin with the TIFF
// header; 1, upright, when it is not told.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	n := int64(order.Uint16(tiff[at:]))
	for i := range n {
		e := at + 2 + 12*i
		if e+12 > int64(len(tiff)) {
			return 1
		}
		const tagOrientation = 0x0112
		if order.Uint16(tiff[e:]) != tagOrientation {
			continue
		}
		if o := int(order.Uint16(tiff[e+8:])); o >= 1 && o <= 8 {
			return o
		}
		return 1
	}
	return 1
}

// turnOnly is EXIF data that say nothing but how the picture is turned.
func turnOnly(o int) []byte {
	return []byte{
		'M', 'M', 0, '*', 0, 0, 0, 8, // TIFF header, first directory at 8
		0, 1, // one entry
		0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(o), 0, 0, // orientation, one short
		0, 0, 0, 0, // no further directory
	}
}
