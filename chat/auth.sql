-- auth.db: what nobody else may see. It never enters the log; the command line may write it while a server runs.
-- Times are unix milliseconds, UTC. Secrets are kept as their SHA-256.

CREATE TABLE session (
  hash    BLOB PRIMARY KEY, -- of the cookie's value
  person  INTEGER NOT NULL, -- person.id in chat.db
  created INTEGER NOT NULL,
  used    INTEGER NOT NULL  -- renewed at most once a day
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (person);

CREATE TABLE token (
  hash    BLOB PRIMARY KEY, -- of the bearer token
  person  INTEGER NOT NULL, -- the bot's person.id, the same for all its tokens
  name    TEXT NOT NULL,    -- the bot's name
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX token_person ON token (person);

-- Look-alike keys of the bots' names: a name is a bot's from the moment its token is made.
CREATE TABLE token_key (
  key    TEXT PRIMARY KEY,
  person INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The passwords of those who have claimed their names.
CREATE TABLE password (
  person INTEGER PRIMARY KEY, -- person.id in chat.db
  hash   TEXT NOT NULL        -- 1$salt$key, both base64: 1 is argon2id as in package password
) STRICT;

-- Links that work once: to become the host, to take a session along to a phone.
CREATE TABLE ticket (
  hash   BLOB PRIMARY KEY, -- of the secret in the link
  use    TEXT NOT NULL,    -- host, phone
  person INTEGER NOT NULL, -- whose session it is; 0 for the host's
  until  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What the command line needs to know of the server that ran last.
CREATE TABLE note (
  name  TEXT PRIMARY KEY, -- address: where people reach it
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
