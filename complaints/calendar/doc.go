// Package calendar owns working time: which moments of a week an office works, which days are
// holidays, when an amount of working time that begins at a moment is over, and how much of it lies
// between two moments. It can always say why: every answer carries the spans that were counted and
// those that were skipped.
//
// It must not know complaints, SQL or HTTP. Holidays and weeks are given to it.
package calendar
