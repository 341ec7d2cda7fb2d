-- Who has set a password before its user's address was proved: it counts afterwards only for them.
ALTER TABLE accounts ADD COLUMN set_by_browser TEXT COLLATE "C"; -- the hash of the secret in the cookie of who signed up
ALTER TABLE accounts ADD COLUMN set_by_administrator BOOLEAN NOT NULL DEFAULT FALSE;
