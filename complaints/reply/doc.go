// Package reply owns what the office says to reporters: the wordings and what may be filled into
// them, the letter on paper, and the outbox from which messages leave. It knows complaints and
// determinations; it must never know SQL, HTTP or a mail library, and it decides nothing.
//
// A reply tells a reporter only what he may know. It holds first names and never a NIK. What is
// known of welfare, insurance segment and arrears is told to the patient alone, so a reply to
// anybody else says that the office explains it there.
package reply
