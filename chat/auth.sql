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
