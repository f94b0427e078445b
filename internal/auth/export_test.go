package auth

import "context"

// Cheap makes hashes that cost next to nothing, so that a test may sign in hundreds of times.
func (a *Accounts) Cheap() *Accounts {
	a.cheap = true
	return a
}

// Outdate makes the account's next hash the expensive one again.
func (a *Accounts) Outdate() { a.cheap = false }

// HoldHashes keeps every hash waiting until release, and gives how many sign-ins find a place in the queue.
func (a *Accounts) HoldHashes(ctx context.Context) (places int, release func()) {
	_, _ = a.hash(ctx, "makes the gates")
	for range cap(a.running) {
		a.running <- struct{}{}
	}
	return cap(a.queue), func() {
		for range cap(a.running) {
			<-a.running
		}
	}
}
