package mail

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"layak/internal/fault"
)

// postOffice is a real mail server on a port of this machine.
type postOffice struct {
	mu       sync.Mutex
	got      []*netmail.Message
	bodies   []string
	refuse   func(verb string) error // nil takes everything
	password string                  // "" lets everybody in
	cut      bool                    // break the line after the text was taken
}

func (p *postOffice) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &visitor{office: p, conn: c}, nil
}

type visitor struct {
	office *postOffice
	conn   *smtp.Conn
	in     bool
}

func (v *visitor) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visitor) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "kantor" || password != v.office.password {
			return smtp.ErrAuthFailed
		}
		v.in = true
		return nil
	}), nil
}

func (v *visitor) refused(verb string) error {
	if v.office.password != "" && !v.in {
		return smtp.ErrAuthRequired
	}
	if v.office.refuse == nil {
		return nil
	}
	return v.office.refuse(verb)
}

func (v *visitor) Mail(string, *smtp.MailOptions) error { return v.refused("MAIL") }
func (v *visitor) Rcpt(string, *smtp.RcptOptions) error { return v.refused("RCPT") }
func (v *visitor) Reset()                               {}
func (v *visitor) Logout() error                        { return nil }

func (v *visitor) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	err = v.refused("DATA")
	if err != nil {
		return err
	}
	m, err := netmail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return err
	}
	body, _ := io.ReadAll(m.Body)
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	v.office.got, v.office.bodies = append(v.office.got, m), append(v.office.bodies, string(body))
	if v.office.cut {
		return v.conn.Conn().Close()
	}
	return nil
}

// open starts the server and gives the way to it.
func open(t *testing.T, p *postOffice, security *tls.Config) Config {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(p)
	s.Domain, s.AllowInsecureAuth, s.TLSConfig = "localhost", true, security
	s.ErrorLog = quiet{}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	from := netmail.Address{Name: "Dinkes Jember", Address: "aduan@jember.example"}
	return Config{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: Offered, From: from, Timeout: 5 * time.Second}
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

var letter = Message{
	ID: "0193-abc", To: "ani@contoh.example", Name: "Ani\r\nBcc: x@contoh.example", Subject: "Jawaban aduan 3509-ABCD\r\nX-Evil: 1",
	Body: "Ibu Ani – “syarat terpenuhi”.\n.\nTerima kasih.", At: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
}

func TestMessageArrivesWhole(t *testing.T) {
	p := &postOffice{}
	s := &Sender{open(t, p, nil)}
	for range 2 { // a second attempt is the same message
		err := s.Send(t.Context(), letter)
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, m := range p.got {
		for name, want := range map[string]string{
			"Message-Id": "<0193-abc@jember.example>", "From": `"Dinkes Jember" <aduan@jember.example>`,
			"Subject": "Jawaban aduan 3509-ABCD X-Evil: 1", "X-Evil": "", "Bcc": "",
		} {
			if got := m.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "ani@contoh.example" {
			t.Errorf("to %v %v", to, err)
		}
		if date, _ := m.Header.Date(); !date.Equal(letter.At) {
			t.Errorf("date %v", date)
		}
		if !strings.Contains(p.bodies[i], "Terima kasih.") || !strings.Contains(m.Header.Get("Content-Type"), "UTF-8") {
			t.Errorf("%s\n%q", m.Header.Get("Content-Type"), p.bodies[i])
		}
	}
}

func TestFailuresSayWhetherToTryAgain(t *testing.T) {
	answer := func(verb string, code int) func(string) error {
		return func(v string) error {
			if v != verb {
				return nil
			}
			return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 0, 0}, Message: "no <ani@contoh.example>"}
		}
	}
	for _, c := range []struct {
		name      string
		refuse    func(string) error
		permanent bool
		says      string
	}{
		{"greylisted", answer("RCPT", 451), false, "meminta menunggu (jawaban 451)"},
		{"mailbox unknown", answer("RCPT", 550), true, "penerima ditolak (jawaban 550)"},
		{"text refused", answer("DATA", 554), true, "isi surel ditolak"},
		{"server is full", answer("DATA", 452), false, "meminta menunggu"},
		{"our own address refused", answer("MAIL", 553), false, "pengirim ditolak"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &postOffice{refuse: c.refuse}
			err := (&Sender{open(t, p, nil)}).Send(t.Context(), letter)
			var f *Failure
			if !errors.As(err, &f) || f.Permanent != c.permanent || !strings.Contains(f.Message, c.says) {
				t.Fatalf("%+v", err)
			}
			if strings.Contains(err.Error(), "ani@") || len(p.got) != 0 {
				t.Errorf("%v, %d messages", err, len(p.got))
			}
		})
	}
}

// The server took the text and the line broke before it could say so: the sender cannot know, so it
// must say "try again", and the second copy bears the same Message-ID.
func TestLineCutAfterTheText(t *testing.T) {
	p := &postOffice{cut: true}
	s := &Sender{open(t, p, nil)}
	err := s.Send(t.Context(), letter)
	var f *Failure
	if !errors.As(err, &f) || f.Permanent {
		t.Fatalf("%v", err)
	}
	p.mu.Lock()
	p.cut = false
	p.mu.Unlock()
	err = s.Send(t.Context(), letter)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.got) != 2 || p.got[0].Header.Get("Message-Id") != p.got[1].Header.Get("Message-Id") {
		t.Errorf("%d messages", len(p.got))
	}
}

func TestServerDownIsWorthAnotherAttempt(t *testing.T) {
	c := open(t, &postOffice{}, nil)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.Port = l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	err = (&Sender{c}).Send(t.Context(), letter)
	var f *Failure
	if !errors.As(err, &f) || f.Permanent || f.Message != "server surel tidak dapat dihubungi" {
		t.Errorf("%v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if (&Sender{open(t, &postOffice{}, nil)}).Send(ctx, letter) == nil {
		t.Error("sent though the caller had left")
	}
}

func TestPasswordIsDemandedAndChecked(t *testing.T) {
	p := &postOffice{password: "rahasia"}
	c := open(t, p, nil)
	c.User, c.Password = "kantor", "rahasia"
	err := (&Sender{c}).Send(t.Context(), letter)
	if err != nil {
		t.Fatal(err)
	}
	c.Password = "lupa"
	err = (&Sender{c}).Send(t.Context(), letter)
	var f *Failure
	if !errors.As(err, &f) || f.Permanent || !strings.Contains(f.Message, "sandi") {
		t.Errorf("%v", err)
	}
	if len(p.got) != 1 {
		t.Errorf("%d messages", len(p.got))
	}
}

func TestEncryption(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	plan := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.ParseIP("127.0.0.1")}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, plan, plan, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	known := x509.NewCertPool()
	known.AddCert(cert)
	server := &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
	trust := &tls.Config{RootCAs: known, ServerName: "127.0.0.1", MinVersion: tls.VersionTLS12}

	p := &postOffice{}
	c := open(t, p, server)
	c.TLS, c.Trust = StartTLS, trust
	err = (&Sender{c}).Send(t.Context(), letter)
	if err != nil || len(p.got) != 1 {
		t.Errorf("STARTTLS: %v", err)
	}
	c.Trust = nil
	err = (&Sender{c}).Send(t.Context(), letter)
	if err == nil || err.Error() != "sambungan aman ke server surel tidak terbentuk" {
		t.Errorf("a certificate of nobody: %v", err)
	}
	plain := open(t, p, nil)
	plain.TLS = StartTLS
	err = (&Sender{plain}).Send(t.Context(), letter)
	if err == nil || len(p.got) != 1 {
		t.Errorf("a server without encryption must be refused: %v, %d messages", err, len(p.got))
	}
}

func TestAddressOfTheServer(t *testing.T) {
	c, err := Parse("smtp://kantor:r%40hasia@surel.jember.example?from=aduan@jember.example&name=Dinkes+Jember")
	if err != nil || c.Port != 587 || c.TLS != StartTLS || c.Password != "r@hasia" || c.From.Name != "Dinkes Jember" {
		t.Errorf("%+v %v", c, err)
	}
	c, err = Parse("smtps://surel.jember.example?from=Dinkes+<aduan@jember.example>")
	if err != nil || c.Port != 465 || c.TLS != Implicit || c.From.Name != "Dinkes" {
		t.Errorf("%+v %v", c, err)
	}
	c, err = Parse("smtp://localhost:25?from=a@b.example")
	if err != nil || c.TLS != Offered || c.Port != 25 {
		t.Errorf("%+v %v", c, err)
	}
	for _, bad := range []string{"", "surel.jember.example", "http://x?from=a@b.example", "smtp://u:rahasia@x", "smtp://u:rahasia@x:99999?from=a@b.example", "smtp://u:rahasia@x?from=tanpa", "smtp://u:rahasia@x?from=a@b.example&tls=off", "smtp://u:rahasia@x:a?from=a@b"} {
		_, err = Parse(bad)
		if !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "rahasia") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
