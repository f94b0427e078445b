package fault

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestKindOf(t *testing.T) {
	known := New(Conflict, "stale_version", "Aduan ini sudah diubah orang lain.")
	cases := []struct {
		name string
		err  error
		want Kind
	}{
		{"a fault", known, Conflict},
		{"wrapped in context", fmt.Errorf("save complaint x: %w", known), Conflict},
		{"any other error is internal", io.EOF, Internal},
		{"nothing is internal, never shown", nil, Internal},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := KindOf(c.err); got != c.want {
				t.Errorf("KindOf = %d, want %d", got, c.want)
			}
			if Is(c.err, Internal) {
				t.Error("an error without a fault inside counts as a fault")
			}
		})
	}
}

func TestBecauseAndAtLeaveTheOriginalAlone(t *testing.T) {
	base := New(Invalid, "check_invalid", "Isian belum dapat diterima.")
	told := base.Because(io.ErrUnexpectedEOF).At("nik", "NIK harus 16 angka.").At("need", "Pilih dari daftar.")
	if base.Err != nil || base.Fields != nil {
		t.Errorf("the shared fault was changed: %+v", base)
	}
	if len(told.Fields) != 2 || told.Fields[0].Name != "nik" {
		t.Errorf("fields: %+v", told.Fields)
	}
	if !errors.Is(told, io.ErrUnexpectedEOF) {
		t.Error("the cause is lost to the log")
	}
	if !strings.Contains(told.Error(), "unexpected EOF") || strings.Contains(told.Message, "EOF") {
		t.Errorf("the cause belongs to the log only: %q, %q", told.Error(), told.Message)
	}
}
