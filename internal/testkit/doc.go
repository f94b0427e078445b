// Package testkit starts what tests need beside the program: a PostgreSQL server of their own and
// fresh databases on both engines. It knows nothing of the program's tables, so that storage can
// use it in its own tests. A test that cannot get what it needs fails and says what to install.
package testkit
