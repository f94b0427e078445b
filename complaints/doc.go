// Package complaints owns the life of a complaint: how it is filed, who may move it from state to
// state, which units have what to do in it, what an official decided, what was registered at the
// offices outside, which cases are one, until when all of it is owed, and the story of it as
// append-only events.
//
// It must not know SQL, HTTP or workbooks, and it holds no rule of coverage and none of routing:
// whether somebody is entitled is asked of package eligibility, where a case belongs of a Router.
package complaints
