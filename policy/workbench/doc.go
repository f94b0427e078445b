// Package workbench owns the life of a set of rules between an officer's first thought and the day
// it stops deciding: drafts that several people may write, proposals whose bytes are frozen, the
// second person who approves, the day of activation, and the way back. It must never know SQL, HTTP
// or OPA, and decides nothing about a person.
//
// Nothing here touches the rules in force except Activate, Rollback, Stop and ActivateDue; each of
// them moves one row in one transaction with its trail entry.
package workbench
