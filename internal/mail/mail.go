// Package mail owns sending e-mail over SMTP. It is the only code that knows a mail library, and it
// must never know what a message is about or keep one: whoever sends keeps it and tries again.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"layak/internal/fault"
)

// Config is how the mail server of the office is reached.
type Config struct {
	Host     string
	Port     int
	TLS      Security
	User     string
	Password string
	From     netmail.Address
	Timeout  time.Duration // for each step; 0 is 30 seconds
	Trust    *tls.Config   // nil trusts what the machine trusts
}

// Security is how the line to the server is protected.
type Security int

// The securities. StartTLS refuses a server without encryption; Offered takes what the server
// offers; Implicit speaks TLS from the first byte (port 465).
const (
	StartTLS Security = iota
	Offered
	Implicit
)

// form is what a person reads whose address of the mail server is wrong. It never quotes the
// address, which holds a password.
const form = "Bentuknya smtp://pengguna:sandi@server:587?from=alamat@kantor.go.id (atau smtps:// untuk port 465)."

func wrong(message string) error { return fault.New(fault.Invalid, "smtp_address", message+" "+form) }

// Parse reads smtp://user:password@host:587?from=a@b&name=Office&tls=offered, or smtps://. The port
// is 587 (465 for smtps). Encryption is demanded unless the server is this machine or tls=offered.
func Parse(address string) (Config, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return Config{}, wrong("Alamat server surel tidak dapat dibaca.")
	}
	c := Config{Host: u.Hostname(), Port: 587, User: u.User.Username()}
	c.Password, _ = u.User.Password()
	if u.Scheme == "smtps" {
		c.Port, c.TLS = 465, Implicit
	}
	if p := u.Port(); p != "" {
		c.Port, err = strconv.Atoi(p)
		if err != nil || c.Port < 1 || c.Port > 65535 {
			return Config{}, wrong("Nomor port server surel tidak benar.")
		}
	}
	q := u.Query()
	switch q.Get("tls") {
	case "":
		if c.TLS == StartTLS && local(c.Host) {
			c.TLS = Offered
		}
	case "offered":
		c.TLS = Offered
	default:
		return Config{}, wrong("Pilihan tls pada alamat server surel hanya offered.")
	}
	from, err := netmail.ParseAddress(q.Get("from"))
	if err != nil {
		return Config{}, wrong("Alamat pengirim (from) belum ada atau tidak benar.")
	}
	c.From = *from
	if name := q.Get("name"); name != "" {
		c.From.Name = name
	}
	return c, nil
}

// local tells whether the host is this machine, to which a line needs no protection.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Message is one e-mail in plain text.
type Message struct {
	ID      string // the same for every attempt, so that a second copy is known as one
	To      string
	Name    string
	Subject string
	Body    string
	At      time.Time // Date of the message: when it was written, not when it is sent
}

// Sender sends by one server. Each message gets a connection of its own.
type Sender struct{ Config Config }

// Failure is why a message did not leave. Permanent says that the same message will never be taken;
// otherwise it is worth another attempt.
type Failure struct { //nolint:errname // what callers read is a failure of a message
	Permanent bool
	Code      int // answer of the server; 0 when it gave none
	Message   string
	cause     error
}

func (f *Failure) Error() string { return f.Message }

// Unwrap gives the error of the library, which may quote addresses.
func (f *Failure) Unwrap() error { return f.cause }

// Final tells whether another attempt is useless.
func (f *Failure) Final() bool { return f.Permanent }

// Send delivers a message to the server. nil means that the server took it. An error is a *Failure;
// after one that is not permanent the server may still have the message (the line broke while it
// answered), and only the stable Message-ID tells a second copy from a second message.
func (s *Sender) Send(ctx context.Context, m Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return &Failure{Permanent: true, Message: "alamat surel penerima tidak dapat dipakai", cause: err}
	}
	client, err := s.client()
	if err != nil {
		return &Failure{Message: "pengaturan surel tidak dapat dipakai", cause: err}
	}
	err = client.DialWithContext(ctx)
	if err != nil {
		return dialFailure(err)
	}
	stop := context.AfterFunc(ctx, func() { _ = client.Close() })
	defer stop()
	err = client.Send(msg)
	// What happens after the server took the message (a broken farewell) changes nothing.
	_ = client.Close()
	if err == nil || msg.IsDelivered() {
		return nil
	}
	return sendFailure(err)
}

func (s *Sender) client() (*gomail.Client, error) {
	c := s.Config
	timeout := c.Timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}
	options := []gomail.Option{gomail.WithPort(c.Port), gomail.WithTimeout(timeout), gomail.WithoutNoop(), gomail.WithoutRset()}
	switch c.TLS {
	case Implicit:
		options = append(options, gomail.WithSSL())
	case Offered:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if c.Trust != nil {
		options = append(options, gomail.WithTLSConfig(c.Trust))
	}
	if c.User != "" {
		auth := gomail.SMTPAuthAutoDiscover
		if local(c.Host) {
			auth = gomail.SMTPAuthPlainNoEnc
		}
		options = append(options, gomail.WithSMTPAuth(auth), gomail.WithUsername(c.User), gomail.WithPassword(c.Password))
	}
	return gomail.NewClient(c.Host, options...)
}

func (s *Sender) compose(m Message) (*gomail.Msg, error) {
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	err := msg.FromFormat(oneLine(s.Config.From.Name), s.Config.From.Address)
	if err != nil {
		return nil, err
	}
	err = msg.AddToFormat(oneLine(m.Name), m.To)
	if err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(s.Config.From.Address, "@")
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
	msg.SetDateWithValue(m.At)
	msg.Subject(oneLine(m.Subject))
	msg.SetBodyString(gomail.TypeTextPlain, m.Body)
	return msg, nil
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// dialFailure is never permanent: a server that is down, or a password that somebody has to mend,
// must not cost a citizen his answer.
func dialFailure(err error) error {
	f := &Failure{Message: "server surel tidak dapat dihubungi", cause: err}
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		f.Message = "alamat server surel tidak ditemukan"
	case strings.Contains(err.Error(), "STARTTLS") || strings.Contains(err.Error(), "tls:") || strings.Contains(err.Error(), "x509"):
		f.Message = "sambungan aman ke server surel tidak terbentuk"
	case strings.Contains(err.Error(), "AUTH"):
		f.Message = "server surel menolak nama pengguna atau sandi kantor"
	}
	return f
}

// sendFailure is permanent when the server refused this recipient or this text with a 5xx. A
// refused sender is a matter of the settings and waits.
func sendFailure(err error) error {
	f := &Failure{Message: "sambungan ke server surel terputus di tengah pengiriman", cause: err}
	var e *gomail.SendError
	if !errors.As(err, &e) {
		return f
	}
	f.Code = e.ErrorCode()
	hard := f.Code >= 500 && f.Code < 600
	code := " (jawaban " + strconv.Itoa(f.Code) + ")"
	switch {
	case f.Code == 0:
	case !hard:
		f.Message = "server surel meminta menunggu" + code
	case e.Reason == gomail.ErrSMTPRcptTo:
		f.Permanent, f.Message = true, "alamat surel penerima ditolak"+code
	case e.Reason == gomail.ErrSMTPData || e.Reason == gomail.ErrSMTPDataClose || e.Reason == gomail.ErrWriteContent:
		f.Permanent, f.Message = true, "isi surel ditolak server"+code
	default:
		f.Message = "alamat pengirim ditolak server" + code
	}
	return f
}
