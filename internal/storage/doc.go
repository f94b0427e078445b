// Package storage keeps everything the program remembers, on SQLite or PostgreSQL: it is the only
// code that knows SQL. One text per query with question marks runs on both; the few differences
// are answered by a dialect value and nowhere else. One file per noun.
//
// It turns every time to UTC and microseconds, gives every write one transaction with its audit
// entry inside, and puts the regency of the installation into every key and every query. It must
// not know HTTP, workbooks, OPA or any rule of coverage. Row types stay private to the package.
package storage
