package main

import (
	"context"
	"strings"

	"layak/complaints"
	"layak/complaints/reply"
	"layak/internal/area"
	"layak/internal/i18n"
	"layak/internal/jobs"
	"layak/internal/mail"
)

// wireReplies makes what answers reporters. In training nothing leaves: the people are invented, and
// an address among them may belong to somebody.
func (p *Program) wireReplies() error {
	p.Outbox = &reply.Outbox{Store: p.DB, Clock: p.Clock}
	if p.Mail != nil && !p.Demo {
		p.Outbox.Sender = mailer{&mail.Sender{Config: *p.Mail}}
	}
	catalog, err := i18n.Load()
	if err != nil {
		return err
	}
	office, _ := area.Lookup(p.Regency)
	name := strings.TrimPrefix(strings.TrimPrefix(office.Name, "Kabupaten "), "Kota ")
	p.Replies = &reply.Writer{
		Store: p.DB, Cases: p.DB, Checks: p.DB, Messages: p.DB, Clock: p.Clock, Words: catalog.For("id"),
		Over: "Pemerintah " + office.Title(), Place: name, Mail: p.Outbox.Ready(),
	}
	if p.Hours != nil {
		p.Replies.Offices = p.Hours
	}
	return nil
}

// mail reads the address of the mail server; nil when none is set.
func (c *serveCmd) mail() (*mail.Config, error) {
	if c.SMTP == "" {
		return nil, nil
	}
	config, err := mail.Parse(c.SMTP)
	if err != nil {
		return nil, usage(err)
	}
	return &config, nil
}

// mailer hands a message of the outbox to the mail server.
type mailer struct{ *mail.Sender }

// Send implements reply.Sender.
func (m mailer) Send(ctx context.Context, i reply.Item) error {
	return m.Sender.Send(ctx, mail.Message{ID: i.ID, To: i.To, Name: i.Name, Subject: i.Subject, Body: i.Body, At: i.At})
}

// workJobs works the queue off for as long as the service runs.
func (p *Program) workJobs(ctx context.Context) {
	r := &jobs.Runner{Queue: p.DB, Clock: p.Clock, Log: p.Log, Handlers: map[string]jobs.Handler{
		reply.SendJob:           p.Outbox.Send,
		complaints.RecomputeJob: p.Hours.Work,
	}}
	r.Run(ctx)
}
