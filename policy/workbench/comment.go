package workbench

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"layak/internal/auth"
	"layak/internal/fault"
)

// AddComment puts a remark on a line of a proposal. Who may write or approve rules may remark.
func (s *Service) AddComment(ctx context.Context, c Comment) (Comment, error) {
	actor := auth.From(ctx)
	if !actor.Can(auth.PolicyEdit) {
		err := actor.Require(auth.PolicyApprove)
		if err != nil {
			return c, err
		}
	}
	text, err := reasonOf(c.Text, "text", "Komentar masih kosong.")
	if err != nil {
		return c, err
	}
	p, err := s.Store.Proposal(ctx, c.Hash)
	if err != nil {
		return c, err
	}
	err = onLine(p, c)
	if err != nil {
		return c, err
	}
	c.ID, c.Text, c.At, c.By = uuid.Must(uuid.NewV7()).String(), text, s.now(), actor.Name
	return c, s.Store.AddComment(ctx, c, entry(actor, "revision.comment", "revision", c.Hash, []byte(c.Payload())))
}

// onLine checks that the line of a comment is there.
func onLine(p Proposal, c Comment) error {
	if c.Path == "" && c.Line == 0 {
		return nil
	}
	b, err := unpack(p.Revision)
	if err != nil {
		return err
	}
	text, there := b.Files[c.Path]
	if !there || c.Line < 0 || c.Line > strings.Count(strings.TrimSuffix(string(text), "\n"), "\n")+1 {
		return fault.New(fault.Invalid, "comment_place", "Baris yang dikomentari tidak ada pada usulan ini. Muat ulang halaman.")
	}
	return nil
}

// Comments lists the remarks on a proposal, oldest first.
func (s *Service) Comments(ctx context.Context, hash string) ([]Comment, error) {
	_, err := may(ctx, auth.PolicyRead)
	if err != nil {
		return nil, err
	}
	return s.Store.Comments(ctx, hash)
}
