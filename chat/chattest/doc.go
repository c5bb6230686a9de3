// Package chattest is what every part of a chat is held against: LogSuite, which
// each chat.Log has to pass; Async, a log that behaves as badly as one on other
// machines may; and World, in which stories are told about people and a real
// server on a real store, with a clock that the story moves.
//
// It is for tests only. It knows chat, and none of its leaves.
package chattest
