package auth

import (
	"context"
	"fmt"
	"strings"
	"time"

	"layak/internal/fault"
)

// Limits are the measures of the three counters that slow down guessing. Each lets some failures pass and then makes the next try
// wait, twice as long after every further failure.
//
//	pair     one account from one address: the colleague who types wrong
//	account  one account from anywhere:    somebody guesses one person's password from many places
//	address  one address, any account:     somebody tries one password on many accounts
//
// An account that has signed in from an address before is known there: account and address
// counters do not hold it up at that address. So neither a guesser far away nor a guesser behind
// the same office router can lock out the people who work there; only the pair counter counts for
// them, and that is their own typing. One colleague alone also cannot fill the address counter,
// because the pair counter makes him wait long before.
type Limits struct {
	Pair, Account, Address Limit
	Known                  time.Duration // how long an address stays known after a sign-in
}

// Limit is one counter's measure.
type Limit struct {
	Free   int           // failures without a wait
	Step   time.Duration // wait after the first failure beyond; doubles with each further one
	Max    time.Duration // longest wait
	Forget time.Duration // without a failure for so long the count starts anew
}

// DefaultLimits are what an installation starts with.
func DefaultLimits() Limits {
	return Limits{
		Pair:    Limit{Free: 5, Step: 2 * time.Second, Max: 15 * time.Minute, Forget: time.Hour},
		Account: Limit{Free: 20, Step: 5 * time.Second, Max: 15 * time.Minute, Forget: time.Hour},
		Address: Limit{Free: 50, Step: 2 * time.Second, Max: time.Minute, Forget: time.Hour},
		Known:   30 * 24 * time.Hour,
	}
}

// Attempts is the state of one counter. The zero value is a counter that nobody needs to keep.
type Attempts struct {
	Failures int
	LastAt   time.Time // last failure, or for a known address the last sign-in
	Until    time.Time // no try before
}

// fail counts one failure.
func (l Limit) fail(a Attempts, now time.Time) Attempts {
	if now.Sub(a.LastAt) > l.Forget {
		a = Attempts{}
	}
	a.Failures++
	a.LastAt = now
	if over := a.Failures - l.Free; over > 0 {
		wait := l.Max
		if over <= 20 {
			wait = min(l.Max, l.Step<<(over-1))
		}
		a.Until = now.Add(wait)
	}
	return a
}

// keys of the counters. User and address stand in them only as keyed hashes, because people type
// passwords and NIKs into the wrong field.
type throttleKeys struct{ pair, account, address, known string }

func (a *Accounts) throttleKeys(user, address string) throttleKeys {
	both := user + "\x00" + address
	return throttleKeys{
		pair:    "pair:" + a.keyed("throttle", both),
		account: "account:" + a.keyed("throttle", user),
		address: "address:" + a.keyed("throttle", address),
		known:   "known:" + a.keyed("throttle", both),
	}
}

func (k throttleKeys) all() []string { return []string{k.pair, k.account, k.address, k.known} }

// reserve counts a try as failed before the password is looked at, so that a thousand tries at
// the same moment cannot all find the door open. settle takes the count back after success.
func (a *Accounts) reserve(ctx context.Context, k throttleKeys) error {
	now, limits := a.now(), a.limits()
	var wait time.Duration
	err := a.Store.Throttle(ctx, k.all(), func(rows map[string]Attempts) map[string]Attempts {
		known := now.Sub(rows[k.known].LastAt) < limits.Known
		until := rows[k.pair].Until
		if !known {
			until = latest(until, rows[k.account].Until, rows[k.address].Until)
		}
		wait = until.Sub(now)
		if wait > 0 {
			return nil
		}
		out := map[string]Attempts{k.pair: limits.Pair.fail(rows[k.pair], now)}
		if !known {
			out[k.account] = limits.Account.fail(rows[k.account], now)
			out[k.address] = limits.Address.fail(rows[k.address], now)
		}
		return out
	})
	if err != nil {
		return err
	}
	if wait > 0 {
		return waitFault(wait)
	}
	return nil
}

// settled is the counters after a good password: the pair starts anew and is known, and what
// reserve counted on the wide counters is taken back. They are not cleared: one good account must
// not open the door for guesses on all others.
func (a *Accounts) settled(k throttleKeys) func(map[string]Attempts) map[string]Attempts {
	now, limits := a.now(), a.limits()
	return func(rows map[string]Attempts) map[string]Attempts {
		out := map[string]Attempts{k.pair: {}, k.known: {LastAt: now}}
		if now.Sub(rows[k.known].LastAt) < limits.Known {
			return out
		}
		for _, key := range []string{k.account, k.address} {
			c := rows[key]
			c.Failures = max(0, c.Failures-1)
			if c.Failures == 0 {
				c = Attempts{}
			}
			out[key] = c
		}
		return out
	}
}

func latest(times ...time.Time) (out time.Time) {
	for _, t := range times {
		if t.After(out) {
			out = t
		}
	}
	return out
}

// waitFault says how long, in the words of a clock and rounded up.
func waitFault(wait time.Duration) error {
	seconds := int((wait + time.Second - 1) / time.Second)
	var parts []string
	if m := seconds / 60; m > 0 {
		parts = append(parts, fmt.Sprintf("%d menit", m))
	}
	if s := seconds % 60; s > 0 {
		parts = append(parts, fmt.Sprintf("%d detik", s))
	}
	return fault.New(fault.Unavailable, "sign_in_wait",
		"Terlalu banyak percobaan yang salah. Coba lagi dalam "+strings.Join(parts, " ")+".")
}
