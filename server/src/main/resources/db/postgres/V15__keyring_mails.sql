-- Which secret keys this database's values are sealed with; the keys themselves are never here.
CREATE TABLE keyring (
  key_id     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  created_at BIGINT NOT NULL
);

-- Mail on its way and, for 30 days, what became of it.
CREATE TABLE mails (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  to_address      TEXT COLLATE "C" NOT NULL,
  kind            TEXT COLLATE "C" NOT NULL,    -- what it is for: verify-email, reset-password, …
  subject         TEXT COLLATE "C" NOT NULL,    -- holds no secret
  body_sealed     TEXT COLLATE "C" NOT NULL,    -- links and codes are secrets; '' once it was sent
  state           TEXT COLLATE "C" NOT NULL,    -- pending, sent or failed
  attempts        INTEGER NOT NULL, -- begun ones; also tells the newest from older ones
  next_attempt_at BIGINT,           -- pending: not before; null once it was written to the log instead
  lease_ends_at   BIGINT,           -- a process is sending it, and is given up on then
  last_error      TEXT COLLATE "C",
  created_at      BIGINT NOT NULL,
  sent_at         BIGINT,
  expires_at      BIGINT NOT NULL   -- is not sent any more after this
);
CREATE INDEX mails_due ON mails (state, next_attempt_at);
CREATE INDEX mails_age ON mails (created_at);
