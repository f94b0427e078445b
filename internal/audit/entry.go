// Package audit owns the trail: what an entry says, how entries are hashed and sealed into a
// chain of blocks, and how a broken chain is found. It must not know SQL or HTTP, and it never
// holds personal data: a person appears only as a keyed hash, a payload only as its hash.
package audit

import "time"

// Entry is one act of one actor on one object. Store methods that write take their entry and
// commit it in the same transaction.
type Entry struct {
	ID       string    // UUIDv7, made by storage when empty
	At       time.Time // made by storage when zero
	Actor    string    // user name, "os:USER", "token:ID", "citizen", "system"
	Act      string    // "determination.create", "person.view", "session.start": noun.verb
	Object   string    // kind of object: "determination", "complaint", "import"
	ObjectID string    // id of the object: never a NIK
	Person   string    // NIK in clear in memory only; storage replaces it by a keyed hash
	Purpose  string    // why a person was looked up; free of personal data
	Payload  []byte    // what was written; only its SHA-256 enters the chain
}
