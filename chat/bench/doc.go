// Package bench measures a chatd server from outside: a generator that speaks
// the wire protocol over raw sockets, two yardsticks that say what the machine
// could do at best, and tables that put one beside the other.
//
// A figure alone says little: machines differ, and one machine differs from
// itself by a third within a minute. So a run measures chatd and the yardsticks
// in turns, round by round, and what counts is the ratio inside one round: its
// median over the rounds, with the least and the greatest beside it.
//
// The yardsticks are servers of one thread that keep nothing and know nobody
// (limit_linux.go): limit A writes to each client once for each message, limit B
// once for all that has come meanwhile. Their frames are as long as chatd's.
//
// The generator checks what it counts. What the people of a room are sent must be
// the same bytes for all of them (transcript.go); the message in each frame must
// be the one that was posted, each of them once; none may be missing in the end.
//
// The package knows what travels on the wire and what the system says about a
// process. It does not know how chatd works inside and shares no type with it; it
// is given servers and leaves looking into their databases to its caller. The whole
// of a run happens on the caller's goroutine: nothing here is for concurrent use.
package bench
