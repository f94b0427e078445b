package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"layak/internal/audit"
)

// Session is one signed-in browser as its owner sees it. The cookie's value is nowhere stored;
// ID is its SHA-256.
type Session struct {
	ID        string    `json:"id"`
	User      string    `json:"user"`
	Unit      string    `json:"unit"`
	CreatedAt time.Time `json:"created_at"`
	LastSeen  time.Time `json:"last_seen"` // to the minute or so: when the row was last written
	ExpiresAt time.Time `json:"expires_at"`
	Agent     string    `json:"agent"` // short: "Chrome · Android"
	Address   string    `json:"-"`     // keyed hash; two sessions from one place are alike
	Current   bool      `json:"current"`
}

// SessionID is under what a session with that cookie value is stored.
func SessionID(cookie string) string {
	sum := sha256.Sum256([]byte(cookie))
	return hex.EncodeToString(sum[:])
}

// Client is what a request tells about the machine it comes from. Package web puts it into the
// context, storage keeps what a Session shows of it.
type Client struct {
	Address string // of the person, after trusted proxies
	Agent   string // User-Agent header as sent
	Session string // SessionID of the request's own session
}

type clientKey struct{}

// WithClient puts the client into the context.
func WithClient(ctx context.Context, c Client) context.Context {
	return context.WithValue(ctx, clientKey{}, c)
}

// ClientFrom takes it out; the zero Client when none is there.
func ClientFrom(ctx context.Context) Client {
	c, _ := ctx.Value(clientKey{}).(Client)
	return c
}

// ShortAgent cuts a User-Agent header down to browser and system, enough for a person to
// recognise the own machine and too little to tell two of the same sort apart.
func ShortAgent(header string) string {
	pick := func(pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(header, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	browser := pick("Edg", "Edge", "OPR/", "Opera", "SamsungBrowser", "Samsung Internet", "Firefox/", "Firefox",
		"Chrome/", "Chrome", "CriOS", "Chrome", "Safari/", "Safari")
	system := pick("Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Macintosh", "Mac",
		"CrOS", "ChromeOS", "Linux", "Linux")
	return strings.Trim(browser+" · "+system, " ·")
}

// Sessions lists the caller's own live sessions, the last used first, the present one marked. What
// has been idle for too long is left out: it would be refused at its next request.
func (a *Accounts) Sessions(ctx context.Context) ([]Session, error) {
	actor := From(ctx)
	err := actor.Require(AccountOwn)
	if err != nil {
		return nil, err
	}
	all, err := a.Store.Sessions(ctx, actor.User)
	if err != nil {
		return nil, err
	}
	idle := a.Idle
	if idle == 0 {
		idle = time.Hour
	}
	var list []Session
	for _, s := range all {
		s.Current = s.ID == ClientFrom(ctx).Session
		if s.Current || a.now().Sub(s.LastSeen) <= idle {
			list = append(list, s)
		}
	}
	return list, nil
}

// EndSession ends one of the caller's own sessions; NotFound when it is somebody else's.
func (a *Accounts) EndSession(ctx context.Context, id string) error {
	actor := From(ctx)
	err := actor.Require(AccountOwn)
	if err != nil {
		return err
	}
	return a.Store.EndSession(ctx, actor.User, id, audit.Entry{
		Actor: actor.Name, Act: "session.end", Object: "staff", ObjectID: actor.User,
	})
}

// EndOtherSessions ends all of the caller's sessions but the present one.
func (a *Accounts) EndOtherSessions(ctx context.Context) error {
	actor := From(ctx)
	err := actor.Require(AccountOwn)
	if err != nil {
		return err
	}
	return a.Store.EndSessions(ctx, actor.User, ClientFrom(ctx).Session, audit.Entry{
		Actor: actor.Name, Act: "session.end_others", Object: "staff", ObjectID: actor.User,
	})
}

// EndSessionsOf ends all sessions of somebody else.
func (a *Accounts) EndSessionsOf(ctx context.Context, user string) error {
	actor := From(ctx)
	err := actor.Require(StaffManage)
	if err != nil {
		return err
	}
	return a.Store.EndSessions(ctx, user, "", audit.Entry{
		Actor: actor.Name, Act: "session.end_all", Object: "staff", ObjectID: user,
	})
}
