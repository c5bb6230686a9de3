-- chat.db: what was said. The log (entry) and the views that the log's rules keep beside it.
-- Times are unix milliseconds, UTC. A seq is the place of an entry in the one order of the server.

CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value ANY NOT NULL       -- data: id of this data, for ever · epoch: changes when data is restored, so that old cursors do not fit · applied: how far the log was followed, if that is further than the newest entry: void entries leave nothing else
) STRICT, WITHOUT ROWID;

-- The log. Rows are never renumbered and never deleted.
CREATE TABLE entry (
  seq    INTEGER PRIMARY KEY,
  kind   INTEGER NOT NULL, -- see the kinds in rules.go: 1 message.posted …
  room   INTEGER,          -- room.id, where it belongs to one
  author INTEGER NOT NULL, -- person.id; 0 is chatd itself
  at     INTEGER NOT NULL, -- when the log took it
  cid    TEXT NOT NULL,    -- the author's name for it: with author its identity for ever
  body   BLOB NOT NULL     -- what the kind needs; of a message its text, byte for byte: it stands nowhere else
) STRICT;
CREATE UNIQUE INDEX entry_cid ON entry (author, cid);
CREATE INDEX entry_message ON entry (room, seq) WHERE kind = 1; -- a room's messages, to page through

-- What the moderators read of who did what to whom (audit.go).
CREATE TABLE act (
  seq INTEGER PRIMARY KEY -- of the entry
) STRICT;

-- Messages that the moderators were asked to look at.
CREATE TABLE report (
  entry    INTEGER PRIMARY KEY, -- seq of its message.reported
  message  INTEGER NOT NULL,
  reporter INTEGER NOT NULL,    -- person.id
  closed   INTEGER NOT NULL DEFAULT 0, -- seq of the report.closed; 0: nobody has looked yet
  UNIQUE (message, reporter)
) STRICT;
CREATE INDEX report_open ON report (entry) WHERE closed = 0;

-- What became of a message since it was posted. No row: it stands as it was.
CREATE TABLE standing (
  message   INTEGER PRIMARY KEY, -- seq of its message.posted
  room      INTEGER NOT NULL,    -- room.id
  rev       INTEGER NOT NULL,    -- 1 as it was posted, one more with each edit
  edited    INTEGER NOT NULL,    -- when it was edited last; 0: never
  deleted   INTEGER NOT NULL,    -- 1: its text is nowhere any more
  reactions INTEGER NOT NULL,    -- how many rows reaction has for it
  pinned    INTEGER NOT NULL,    -- seq of the message.pinned that holds; 0: not pinned
  answers   INTEGER NOT NULL,    -- how many messages of its thread answer it, directly or not, and were not deleted
  answered  INTEGER NOT NULL     -- when the newest of them was posted; 0: there is none
) STRICT;
CREATE INDEX standing_pinned ON standing (room, pinned) WHERE pinned > 0;

-- The texts of messages that were edited. Of a message that was deleted nothing is left here.
CREATE TABLE revision (
  message INTEGER NOT NULL,
  rev     INTEGER NOT NULL,
  entry   INTEGER NOT NULL, -- seq of what brought this text: the message.posted, or a message.edited
  at      INTEGER NOT NULL,
  author  INTEGER NOT NULL, -- person.id of who wrote it
  sum     BLOB NOT NULL,    -- SHA-256 of the text as it came, so that a repeat of the command is known as one
  body    BLOB,             -- the earlier text; NULL of the one that stands, which is in its entry
  PRIMARY KEY (message, rev)
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_entry ON revision (entry);

-- Threads: which message began the one that a message answers in. Only answers have a row.
CREATE TABLE answer (
  message INTEGER PRIMARY KEY, -- seq of the answer
  root    INTEGER NOT NULL     -- seq of the message that began the thread, which answers nothing itself
) STRICT;
CREATE INDEX answer_thread ON answer (root); -- and with it the rows' own key: a thread in its order

-- Who reacted to what with which emoji.
CREATE TABLE reaction (
  message INTEGER NOT NULL,
  emoji   TEXT NOT NULL,
  person  INTEGER NOT NULL,
  seq     INTEGER NOT NULL, -- of its reaction.added: the order of the people
  place   INTEGER NOT NULL, -- seq with which the emoji came to the message: the order of the emoji
  PRIMARY KEY (message, emoji, person)
) STRICT, WITHOUT ROWID;

-- Whom messages mention, as their texts stand, and whom they answer.
CREATE TABLE mention (
  message INTEGER NOT NULL, -- seq of its message.posted
  person  INTEGER NOT NULL, -- person.id; 0: everybody who is in the room
  word    TEXT NOT NULL,    -- what stands behind the @, in small letters: a name at that time, here, room; '' where the message answers one of the person's
  room    INTEGER NOT NULL, -- room.id
  PRIMARY KEY (message, person, word)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_room ON mention (person, room, message);  -- how many are unread in a room
CREATE INDEX mention_person ON mention (person, message);      -- the list of what mentioned somebody

-- Who is known, and under which name.
CREATE TABLE person (
  id      INTEGER PRIMARY KEY, -- random, chosen by the server that met the person first
  name    TEXT NOT NULL,       -- the last name held; held or not, it is shown with the person's words
  held    INTEGER NOT NULL,    -- 1: the name is this person's now; 0: it lapsed or was given back
  renewed INTEGER NOT NULL,    -- when the log last saw the name taken or kept
  role    INTEGER NOT NULL DEFAULT 0, -- see role.go: 0 guest, 1 member (the name is claimed, or a bot's), 2 moderator, 3 host
  banned  INTEGER NOT NULL DEFAULT 0  -- 1: shut out
) STRICT;
CREATE INDEX person_name ON person (name COLLATE NOCASE); -- who is meant by @name
CREATE INDEX person_held ON person (renewed) WHERE held = 1; -- names that may lapse, oldest first
CREATE INDEX person_house ON person (role) WHERE role > 1 OR banned; -- whom every command is measured by

-- Look-alike keys of the names that are held (UTS #39): two names that share one cannot both be held.
CREATE TABLE name_key (
  key    TEXT PRIMARY KEY,
  person INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE room (
  id      INTEGER PRIMARY KEY,  -- the seq of its room.created; 0 is the lobby, which was always there
  name    TEXT NOT NULL UNIQUE, -- its address: lower case, never changes
  title   TEXT NOT NULL,        -- '' for a direct conversation, which is called by who is in it
  topic   TEXT NOT NULL DEFAULT '',
  maker   INTEGER NOT NULL DEFAULT 0, -- person.id of who made it; 0 is chatd itself
  private INTEGER NOT NULL,     -- 1: for everybody who is not a member it does not exist
  direct  INTEGER NOT NULL DEFAULT 0, -- 1: a conversation of the people it was made with, for ever
  recent  INTEGER NOT NULL DEFAULT 0, -- 1: a member may read what was said while he was in it, and nothing from before
  archived INTEGER NOT NULL DEFAULT 0, -- 1: it can be read, and nothing is said there any more
  slow    INTEGER NOT NULL DEFAULT 0 -- seconds from one message of somebody to his next; 0: as he likes
) STRICT;
INSERT INTO room (id, name, title, maker, private) VALUES (0, 'lobby', 'Lobby', 0, 0);

-- When somebody last said something in a room that is slow; while it is.
CREATE TABLE paced (
  room   INTEGER NOT NULL,
  person INTEGER NOT NULL,
  at     INTEGER NOT NULL, -- of the message, as the log has it
  PRIMARY KEY (room, person)
) STRICT, WITHOUT ROWID;

-- Who is, and was, in a room: a row for each stay, so that it can be said for any place in the log who might see it.
-- Everyone is in the lobby without a row.
CREATE TABLE stay (
  person INTEGER NOT NULL,
  room   INTEGER NOT NULL,
  since  INTEGER NOT NULL, -- seq of the entry that brought the person in, seen by him
  until  INTEGER,          -- seq of the entry that took him out, the last one seen; NULL: still in
  PRIMARY KEY (person, room, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX stay_room ON stay (room) WHERE until IS NULL; -- who is in a room

-- What the host decides for everybody; a name that is not here stands as it does in switches.go.
CREATE TABLE switch (
  name  TEXT PRIMARY KEY, -- join, rooms
  value TEXT NOT NULL     -- see Switches
) STRICT, WITHOUT ROWID;

-- Personal signals: not in the log, written a few seconds late, may lose the last seconds in a crash.
CREATE TABLE seen (
  person INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL, -- when the person was last here
  room   TEXT NOT NULL     -- the room last looked at
) STRICT;
CREATE TABLE read_mark (
  person INTEGER NOT NULL,
  room   INTEGER NOT NULL,
  seq    INTEGER NOT NULL, -- everything in the room up to here was read
  PRIMARY KEY (person, room)
) STRICT, WITHOUT ROWID;

-- Whom somebody does not want to hear of: not in the log, it concerns nobody else.
CREATE TABLE ignored (
  person INTEGER NOT NULL,
  other  INTEGER NOT NULL,
  PRIMARY KEY (person, other)
) STRICT, WITHOUT ROWID;

-- What somebody wants to be told of a room, where that is not everything: not in the log, it concerns nobody else.
CREATE TABLE level (
  person INTEGER NOT NULL,
  room   INTEGER NOT NULL,
  level  INTEGER NOT NULL, -- see level.go: 1 mentions, 2 nothing, 3 invisible
  PRIMARY KEY (person, room)
) STRICT, WITHOUT ROWID;
