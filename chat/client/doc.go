// Package client speaks chatd's wire protocol, version 1, from the other side:
// it signs in, posts, pages through the history, reads the stream and comes back
// after a connection broke.
//
// It has two floors. [Client] and [Stream] are the wire as it is: one request or
// one connection at a time, every error handed to the caller. [Session] stands on
// them and is what a person would want: it follows the stream through crashes and
// restarts, hands over every kept event once and in order, and keeps a post until
// the server has decided about it.
//
// The package knows what travels on the wire and nothing else. It does not know
// how the server works and shares no type with it, so that the tests written with
// it would notice if the server's own types changed what it says. It draws nothing,
// stores nothing and logs nothing. It hides no fault of the server either: an event
// that a server sends twice is handed over twice.
package client
