package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"layak/internal/audit"
	"layak/internal/fault"
)

// Token lets a program act for an account, at most as widely as the account itself. The secret is
// shown once; only its SHA-256 is stored, which is enough because the secret is 256 random bits.
type Token struct {
	ID        string       `json:"id"`
	User      string       `json:"user"`
	Label     string       `json:"label"` // what it is for, in its owner's words
	Limited   bool         `json:"limited"`
	Only      []Permission `json:"only,omitempty"` // when Limited, what it may do within the role
	Unit      string       `json:"unit,omitempty"` // narrows a regency-wide account to one unit
	CreatedAt time.Time    `json:"created_at"`
	CreatedBy string       `json:"created_by"`
	ExpiresAt time.Time    `json:"expires_at"`
	RevokedAt *time.Time   `json:"revoked_at,omitempty"`
	Hash      string       `json:"-"`
}

// NewToken is what is asked for. Days is 30 when zero; Only nil gives the whole role.
type NewToken struct {
	User  string // "" for the caller
	Label string
	Days  int
	Only  []Permission
	Unit  string
}

const (
	tokenPrefix  = "lyk_"
	tokenDays    = 30
	maxTokenDays = 366
)

// TokenAccount is a token together with the account and the units behind it, as they are now.
type TokenAccount struct {
	Token   Token
	Account Account
	Office  *Unit // the token's own unit, when it names one
}

// IssueToken makes a token and gives its secret, which cannot be had again. Everybody makes
// tokens for themselves; the command line makes them for anybody.
func (a *Accounts) IssueToken(ctx context.Context, n NewToken) (secret string, t Token, err error) {
	actor := From(ctx)
	n.User = strings.ToLower(strings.TrimSpace(n.User))
	if n.User == "" {
		n.User = actor.User
	}
	if actor.Role != Operator || n.User == "" {
		err = actor.Require(TokenOwn)
		if err == nil && n.User != actor.User {
			err = fault.New(fault.Forbidden, "not_allowed", "Token API hanya dapat dibuat untuk akun sendiri.")
		}
		if err != nil {
			return "", Token{}, err
		}
	}
	acc, err := a.Store.Account(ctx, n.User)
	if err != nil {
		return "", Token{}, err
	}
	t, err = a.newToken(ctx, actor, acc, n)
	if err != nil {
		return "", Token{}, err
	}
	secret = randomToken(tokenPrefix)
	t.Hash = tokenHash(secret)
	err = a.Store.AddToken(ctx, t, audit.Entry{
		Actor: actor.Name, Act: "token.create", Object: "token", ObjectID: t.ID, Payload: payload(t),
	})
	if err != nil {
		return "", Token{}, err
	}
	return secret, t, nil
}

// newToken checks what is asked for against the account.
func (a *Accounts) newToken(ctx context.Context, actor Actor, acc Account, n NewToken) (Token, error) {
	if acc.Disabled {
		return Token{}, errDisabled
	}
	if n.Days == 0 {
		n.Days = tokenDays
	}
	bad := fault.New(fault.Invalid, "token_invalid", "Token API tidak dapat dibuat seperti itu.")
	if n.Days < 1 || n.Days > maxTokenDays {
		bad = bad.At("days", fmt.Sprintf("Masa berlaku 1 sampai %d hari.", maxTokenDays))
	}
	for _, p := range n.Only {
		if !acc.Role.May(p) || actor.Limited && !slices.Contains(actor.Only, p) {
			bad = bad.At("only", "Peran akun ini tidak memiliki izin "+string(p)+".")
		}
	}
	if actor.Limited && (n.Only == nil || n.Unit != actor.Unit) {
		bad = bad.At("only", "Token yang dibatasi tidak dapat membuat token yang lebih luas.")
	}
	if n.Unit != "" && n.Unit != acc.Unit {
		if !acc.Actor().All {
			bad = bad.At("unit", "Akun ini terikat pada unitnya sendiri.")
		} else if _, err := a.Store.Unit(ctx, n.Unit); err != nil {
			bad = bad.At("unit", "Unit kerja dengan kode itu belum ada.")
		}
	}
	now := a.now()
	return Token{
		ID: uuid.Must(uuid.NewV7()).String(), User: acc.User, Label: tidy(n.Label), Limited: n.Only != nil,
		Only: n.Only, Unit: n.Unit, CreatedAt: now, CreatedBy: actor.Name, ExpiresAt: now.AddDate(0, 0, n.Days),
	}, orNil(bad)
}

// Token gives the actor of a Bearer token. Forbidden when it is unknown, expired, revoked or its
// account disabled: always the same words, since whoever holds no token need not know which.
// A handed-out password does not hold a token up, because a token is not a password.
func (a *Accounts) Token(ctx context.Context, bearer string) (Actor, error) {
	if !strings.HasPrefix(bearer, tokenPrefix) || len(bearer) > 100 {
		return Actor{}, errToken
	}
	t, err := a.Store.TokenAccount(ctx, tokenHash(bearer))
	if fault.Is(err, fault.NotFound) {
		return Actor{}, errToken
	}
	if err != nil {
		return Actor{}, err
	}
	if t.Token.RevokedAt != nil || !a.now().Before(t.Token.ExpiresAt) || t.Account.Disabled {
		return Actor{}, errToken
	}
	actor := t.Account.Actor()
	actor.Name = "token:" + t.Account.User + "/" + t.Token.ID
	actor.Limited, actor.Only, actor.MustChange = t.Token.Limited, t.Token.Only, false
	if t.Token.Unit != "" {
		actor.Unit, actor.Areas, actor.All = t.Token.Unit, nil, false
		if t.Office != nil {
			actor.Areas = t.Office.Areas
		}
	}
	return actor, nil
}

var errToken = fault.New(fault.Forbidden, "token_refused",
	"Token API tidak dikenal, sudah habis masa berlakunya, atau dicabut. Minta token baru.")

// Tokens lists the caller's own tokens, the newest first.
func (a *Accounts) Tokens(ctx context.Context) ([]Token, error) {
	actor := From(ctx)
	err := actor.Require(TokenOwn)
	if err != nil {
		return nil, err
	}
	return a.Store.Tokens(ctx, actor.User)
}

// RevokeToken ends one of the caller's own tokens at once; NotFound when it is somebody else's.
func (a *Accounts) RevokeToken(ctx context.Context, id string) error {
	actor := From(ctx)
	err := actor.Require(TokenOwn)
	if err != nil {
		return err
	}
	return a.Store.RevokeToken(ctx, actor.User, id, audit.Entry{
		Actor: actor.Name, Act: "token.revoke", Object: "token", ObjectID: id,
	})
}

// randomToken is a prefix and 256 random bits.
func randomToken(prefix string) string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return prefix + base64.RawURLEncoding.EncodeToString(b)
}

func tokenHash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
