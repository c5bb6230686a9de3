// Package chat is what a chat is: people, rooms, messages, and the one order in
// which things happen. It does not know HTTP, WebSockets, JSON on a wire, cookies
// or templates (package web does), nor what a nickname may look like (package
// nickname), nor how events get their order (package local, and whatever else implements Log).
//
// # The one idea
//
// command → log → store → feed. One direction, one order, one door in.
//
//	a person's command     a WebSocket frame, an HTTP request: the same command
//	  → Server             who may do this? within limits? well-formed?
//	  → Log.Append         the event gets its place in the one order
//	  → Store.Apply        one transaction: the event and every view of it
//	  → Hub                after the commit, never before: each event encoded once
//	  → flusher            in rounds: what came meanwhile goes out together
//	  → Feed               one a connection: a bounded queue and a cursor
//	  → its connection     many frames in one call, the same bytes for everyone
//
// A reader owns its cursor. First visit, reconnect and falling behind are one
// code path (catchup.go): read from the cursor until the head is met, then be
// live. So a slow reader costs a fixed amount of memory, slows nobody, and loses nothing.
//
// # The log decides the order, the store is the file
//
// A Log numbers events and hands them, in batches, to its one follower:
// Server.Run, which applies them to the Store and publishes them. What an event
// means, and whether it stands, is decided by its rule (rules.go) while it is applied,
// from the store and the event alone: no clock, no chance, no network. Whoever
// applies the same entries reaches the same verdicts and the same tables.
//
// Append answers by a function and does not wait: one connection can have many
// posts on their way, in order, without a goroutine for each. Await makes a call of it.
//
// Store is chat.db, a SQLite file: synchronous=FULL, one writer, readers and checkpoints
// beside it. Durable means that Apply's transaction has committed. A batch is one
// transaction and one fsync, however many events are in it; each event has a
// savepoint, so that a refusal takes back its own writes and nothing else.
// A message's text stands once, in its entry; its HTML stands nowhere, it is made when it goes out (web/render.go).
//
// What became of a message since (state.go) stands beside it and is read with it: whoever
// reads a page or catches up gets it as it is now. An edit puts its text into the message's
// own entry and the earlier one into revision; a deletion leaves no text anywhere, in the
// hub's ring neither. Of a room that somebody left he is not told what became of its messages.
// An answer stands in the room like any message, and in the thread (thread.go) of what began it:
// one level, found without recursion, its count kept with what began it.
//
// Two numbers say how far a store is. Applied is how far it followed the log,
// void entries included; Head is the newest entry that stands. Cursors are
// places of entries that stand, so a number nobody was ever shown is known to be nobody's cursor.
//
// auth.db beside it (auth.go) is what nobody else may see: sessions, tokens, passwords. It
// never enters the log, and the command line may write it while a server runs.
//
// # Who sees what
//
// A stay (member.go) is a span of the one order: the entry that brought
// somebody into a room, and the one that took him out. An entry is visible to
// who was in its room at its place; of a span of absence a resume shows nothing.
// Everyone is in the lobby, without a stay. Posting into a public room enters it;
// into a private one its members bring others (invite.go), a direct conversation
// has the people it was made with (direct.go).
//
// A frame says who comes into its room by it, and who goes. A live feed keeps up with its person's
// stays by the frames that pass it, so what it decides when a frame is offered is what the store
// would say of the same place: whoever is removed is sent that, and nothing of the room after it.
//
// Pages show all of a room to those who are in it, unless it was made so that members
// read only what was said during their stays; then counts and heads keep to that, too (but how many
// answers a thread has is one number for all).
//
// A room that somebody may not see is answered like one that does not exist.
//
// # Names
//
// A name is held by one person until he signs out, or is not seen for
// NameLapse. Time enters through the log: whoever notices appends name.lapsed
// with what he knew, and it is void if the log has since seen the holder (name.go). The
// look-alike keys of a name (UTS #39) travel in the event, so that a newer Unicode decides nothing twice.
//
// A name that its holder claims with a password (password.go) is his: it does not
// lapse, and is not free when he signs out. What is kept of passwords stands in auth.db.
//
// # Who may what
//
// Guests have a nickname, members a name of their own; moderators and hosts were given
// the role (role.go). One table says who may do what (permission.go): from which role on
// anybody may, whom a room lets besides (those who are in it, or who made it), and in which rooms nobody may. No role
// opens a private room: whoever is not in it is told that it is not there. A command asks the table
// before the log, by a copy of the few exceptions that is renewed with each commit
// (house.go); the rule asks again, because the log's order decides. Of what somebody banned does, nothing stands. Roles, bans, removals from rooms and
// switches are entries, so what was done, by whom and why can be read (audit.go) and not be taken back.
// The first host is made by a link that works once (ticket.go): whoever can read the terminal can have it.
//
// # Fan-out
//
// The flusher (flush.go) is one goroutine that takes all that was published
// since its last round and offers it to the live feeds. It cuts it into runs within which nobody
// enters or leaves a room; in a run, all who follow the same of its rooms get the same bytes, joined once.
// It finds them by an index of the live feeds by room, which is its own. What
// comes during a round goes out in the next: coalescing grows with the load, and costs an idle server nothing.
//
// A connection that keeps up has no goroutine that writes: its feed is parked
// with a Sink, and an offer is one system call that does not wait. One that does not keep up
// gets a goroutine for as long as that lasts, reads from the ring or the store like
// anybody who is behind, and is parked again. One that is silent has none that reads, either:
// a poller starts it when something arrives (web/poller_linux.go). TLS, server-sent events and systems without
// such calls have those goroutines always; the order that a connection sees is the same.
//
// Whoever gathers lets the others run first, once: the sequencer before it takes a batch,
// the flusher before a round. It costs an idle server nothing, and a busy one makes fewer,
// larger commits and writes.
//
// # Signals
//
// Who is here, who types, how far somebody has read: not in the log, coalesced,
// may be lost (signal.go, read.go). Only what somebody wants to read
// again is written before it is answered (unread.go). Presence is a snapshot and one difference a
// second, only a number above 200 people; three typers a room and second.
//
// # Who owns what
//
//	signal context ─ errgroup in cmd/serve.go
//	 ├─ Server.Run   the log's follower (only caller of Store.Apply, only publisher),
//	 │               the flusher (only one to offer), the store's checkpoints, and a
//	 │               ticker: presence, personal signals, names that lapse
//	 └─ http.Server
//	     ├─ request      handler → Server method → Log → applied → answer
//	     └─ connection   a reader while there is something to read: commands in; a
//	                     writer while there is something to catch up with: Feed.Next,
//	                     then write; it owns the feed then
//
// Locks are leaves: the hub's, then a feed's; presence and personal have their
// own, under which nothing else is called. None is held across I/O that could
// wait (a push to a sink is a write that does not), but the store's writer
// lock, which is what serialises transactions.
//
// # What holds
//
//  1. Acknowledged is durable, and so is seen.
//  2. An (author, cid) stands once, however often it is sent; a repeat gets the first answer.
//  3. One order, the same for everyone, for ever; clocks decide nothing.
//  4. A cursor only moves forward, within one epoch; nothing between two cursors is skipped.
//  5. Memory for a connection is bounded (feed.go), and so is the sum.
//  6. An error is said, never hidden: a full disk is storage_full, and reading
//     goes on; any other failure of a write ends the process with status 75.
//  7. A store that meets a kind of event it does not know stops and says so.
//  8. Nothing is published inside a transaction.
//
// # To add something that people can do
//
// One file here, with its events, its rule, its SQL and its query; a line in
// rules.go; a table in schema.sql and a migration step; its URL in web/routes.go
// or its command in web/command.go; its view in assets/js; one story.
package chat
