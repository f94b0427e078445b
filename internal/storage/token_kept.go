package storage

import (
	"sync"
	"time"

	"layak/internal/auth"
)

// accountLife is how long the account behind a token is remembered: a program that works asks with
// every call. What this process changes of accounts counts at its next call, what another one
// changes (a token revoked, an account disabled, another area) after that time at the latest.
const accountLife = time.Second

// mostAccounts bounds how many are remembered.
const mostAccounts = 1000

// keptAccounts remembers the accounts behind tokens for a moment, by the hash of the token.
type keptAccounts struct {
	mu     sync.Mutex
	byHash map[string]keptAccount
	round  int // grows when something of an account changes, so that what was read before is not kept
}

type keptAccount struct {
	auth.TokenAccount
	read time.Time
}

// find gives what is remembered of a token, and the round in which a reading begins that finds nothing.
func (k *keptAccounts) find(hash string) (account auth.TokenAccount, ok bool, round int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	kept, ok := k.byHash[hash]
	return kept.TokenAccount, ok && time.Since(kept.read) < accountLife, k.round
}

// put remembers what a reading of the round found; began is when it did.
func (k *keptAccounts) put(hash string, account auth.TokenAccount, round int, began time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if round != k.round {
		return
	}
	if k.byHash == nil || len(k.byHash) >= mostAccounts {
		k.byHash = map[string]keptAccount{}
	}
	k.byHash[hash] = keptAccount{account, began}
}

// forget is called when an account, a token or a unit has changed.
func (k *keptAccounts) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.round++
	clear(k.byHash)
}
