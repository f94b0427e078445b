// Package fault owns the six kinds of failure of the program and the words a person reads about
// five of them. It imports nothing of the project and knows no transport: package web turns a
// kind into an HTTP status, package main turns it into an exit code. What is not an *Error is
// internal: logged, counted, and shown only as an incident number.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what a caller can do about a failure.
type Kind int

// The six kinds. Internal is the zero value, so an unknown error is never shown to a person.
const (
	Internal    Kind = iota // a defect or a broken part; the person gets an incident number
	Invalid                 // what was entered cannot be accepted; Fields say where
	NotFound                // no such thing, or outside the caller's scope
	Conflict                // somebody else changed it, or the state forbids it
	Forbidden               // the caller may not do this
	Unavailable             // try again later: locked, database gone, throttled
)

// Field is one problem beside one input field.
type Field struct {
	Name    string `json:"name"`    // name of the form field or JSON member
	Message string `json:"message"` // Indonesian sentence: what happened, why, what to do
}

// Error is a failure that a person may read.
type Error struct {
	Kind    Kind
	Code    string // stable snake_case code for programs: "stale_version"
	Message string // Indonesian sentence for the person; never holds personal data
	Fields  []Field
	Err     error // cause for the log; never shown
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %v", e.Message, e.Err)
	}
	return e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// New makes an Error of the kind with a code and an Indonesian sentence.
func New(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Because attaches the cause that only the log sees.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// At adds a problem beside a field.
func (e *Error) At(name, message string) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), Field{Name: name, Message: message})
	return &c
}

// As gives the *Error inside err, or nil.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// KindOf is the kind of err; Internal for every error that is not an *Error, also for nil.
func KindOf(err error) Kind {
	if e := As(err); e != nil {
		return e.Kind
	}
	return Internal
}

// Is says whether err is an *Error of the kind.
func Is(err error, kind Kind) bool {
	e := As(err)
	return e != nil && e.Kind == kind
}
