package complaints

import (
	"crypto/rand"
	"strings"

	"layak/internal/area"
	"layak/internal/fault"
)

// Ticket is the number of a complaint as it is read over the phone: 3509-7K2M-QX9D-R. The first
// group is the regency that owns the case, the next two are random, the last sign is a check sign.
type Ticket string

// signs are 32 digits and letters without I, L, O and U, so that nothing is mistaken for 1 or 0.
const signs = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	regencySigns = 4
	randomSigns  = 8 // 40 random bits: not to be guessed, and few enough to dictate
	ticketSigns  = regencySigns + randomSigns + 1
)

// NewTicket draws a ticket of the regency ("35.09").
func NewTicket(regency area.Code) Ticket {
	var noise [randomSigns]byte
	rand.Read(noise[:]) // never fails
	body := make([]byte, 0, ticketSigns)
	body = append(body, strings.ReplaceAll(string(regency), ".", "")...)
	for _, b := range noise {
		body = append(body, signs[b%32])
	}
	return format(append(body, checkSign(body)))
}

// ParseTicket reads what people type or dictate: any case, spaces or dashes anywhere, O for 0, I
// and L for 1. A mistyped or swapped sign is noticed and refused.
func ParseTicket(s string) (Ticket, error) {
	body := make([]byte, 0, ticketSigns)
	for _, r := range strings.ToUpper(s) {
		switch {
		case r == 'O':
			r = '0'
		case r == 'I', r == 'L':
			r = '1'
		case r <= ' ', strings.ContainsRune("-\u2010\u2011\u2012\u2013\u2014.\u00a0", r):
			continue
		}
		if r > 'Z' || !strings.ContainsRune(signs, r) || len(body) == ticketSigns {
			return "", ticketFault("Nomor aduan terdiri atas 13 angka dan huruf, misalnya 3509-7K2M-QX9D-R.")
		}
		body = append(body, byte(r))
	}
	if len(body) != ticketSigns {
		return "", ticketFault("Nomor aduan terdiri atas 13 angka dan huruf, misalnya 3509-7K2M-QX9D-R.")
	}
	if checkSign(body[:ticketSigns-1]) != body[ticketSigns-1] {
		return "", ticketFault("Ada angka atau huruf nomor aduan yang keliru atau tertukar. Bacakan sekali lagi.")
	}
	return format(body), nil
}

func ticketFault(message string) error { return fault.New(fault.Invalid, "ticket_invalid", message) }

func format(body []byte) Ticket {
	s := string(body)
	return Ticket(s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:])
}

// checkSign makes the weighted sum of all signs zero in the field of 32 elements. The weights are
// different powers of a generator, so one wrong sign and the swap of any two signs, neighbours
// or not, always break the sum.
func checkSign(body []byte) byte {
	sum := byte(0)
	for _, b := range body { // Horner's scheme: the last sign before the check weighs 2
		sum = double(sum ^ byte(strings.IndexByte(signs, b)))
	}
	return signs[sum]
}

// double multiplies by the generator x of GF(2^5) with x^5 = x^2 + 1.
func double(v byte) byte {
	v <<= 1
	if v&32 != 0 {
		v ^= 0b100101
	}
	return v
}
