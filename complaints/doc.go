// Package complaints owns the life of a complaint: how it is filed, who may move it from state to
// state, what an official decided, what was registered at the offices outside, and the story of
// all of it as append-only events.
//
// It must not know SQL, HTTP or workbooks, and it holds no rule of coverage: whether somebody is
// entitled is asked of package eligibility. Clocks, tasks, routing and merging are not executed
// here yet; the transition table already says where their events lead.
package complaints
