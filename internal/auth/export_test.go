package auth

// Cheap makes hashes that cost next to nothing, so that a test may sign in hundreds of times.
func (a *Accounts) Cheap() *Accounts {
	a.cheap = true
	return a
}

// Outdate makes the account's next hash the expensive one again.
func (a *Accounts) Outdate() { a.cheap = false }
