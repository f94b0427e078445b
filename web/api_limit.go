package web

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"layak/internal/auth"
	"layak/internal/fault"
)

// Measures of the brake on refused tokens. A token is 256 random bits, so guessing is hopeless; the
// brake is for programs that go on knocking with a token that has expired.
const (
	refusedBurst = 30
	refusedEvery = 2 * time.Second // one more is forgiven
	mostAddress  = 10_000
)

var errKnocking = fault.New(fault.Unavailable, "throttled",
	"Terlalu banyak permintaan dengan token yang tidak berlaku. Perbarui token, lalu coba lagi sebentar lagi.")

// bearerOf gives the actor of a Bearer token: 401 when it is refused, 429 when the address has sent
// too many that were. A good token always passes, so one forgotten program does not lock out the
// others behind the same address.
func (s *Server) bearerOf(c echo.Context, bearer string) (auth.Actor, error) {
	actor, err := s.Accounts.Token(c.Request().Context(), bearer)
	if !fault.Is(err, fault.Forbidden) && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Invalid) {
		return actor, err
	}
	wait := s.badTokens.take(c.RealIP(), s.Clock())
	if wait > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
		return auth.Actor{}, errKnocking
	}
	return auth.Actor{}, unauthorized{fault.As(err)}
}

// limiter counts refusals per address. It is the memory of one process and may be forgotten at any
// time; nothing but politeness depends on it.
type limiter struct {
	mu   sync.Mutex
	free map[string]time.Time // when the address has its whole burst again
}

// take counts one refusal and tells how long the address should stay away; 0 within the burst.
func (l *limiter) take(address string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.free == nil || len(l.free) >= mostAddress {
		l.free = map[string]time.Time{}
	}
	until := l.free[address]
	if until.Before(now) {
		until = now
	}
	until = until.Add(refusedEvery)
	over := until.Sub(now) - refusedBurst*refusedEvery
	if over > 0 {
		return over
	}
	l.free[address] = until
	return 0
}

// challenge is what a 401 tells a program (RFC 6750).
func challenge(f *fault.Error) string {
	if f.Code == errBearer.Code {
		return `Bearer realm="layak"`
	}
	return fmt.Sprintf(`Bearer realm="layak", error=%q`, "invalid_token")
}
