-- Signing in at another provider. An account there is known by its issuer and its id, never by an address. Tokens are sealed,
-- bound to their row and column.
ALTER TABLE accounts ADD COLUMN issuer TEXT COLLATE "C" NOT NULL DEFAULT 'local:credential';
ALTER TABLE accounts ADD COLUMN access_token TEXT COLLATE "C";
ALTER TABLE accounts ADD COLUMN refresh_token TEXT COLLATE "C";
ALTER TABLE accounts ADD COLUMN id_token TEXT COLLATE "C";
ALTER TABLE accounts ADD COLUMN access_token_expires_at BIGINT; -- null: the provider does not say
ALTER TABLE accounts ADD COLUMN refresh_token_expires_at BIGINT;
ALTER TABLE accounts ADD COLUMN scope TEXT COLLATE "C"; -- what the provider has granted, with commas
ALTER TABLE accounts ADD COLUMN refresh_claim TEXT COLLATE "C"; -- of who asks the provider for new tokens
ALTER TABLE accounts ADD COLUMN refresh_claim_ends_at BIGINT;
DROP INDEX accounts_provider;
CREATE UNIQUE INDEX accounts_identity ON accounts (issuer, account_id);

-- Who is on the way to a provider and back. Used once, in the browser that has set out.
CREATE TABLE oauth_states (
  state_hash    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  browser_hash  TEXT COLLATE "C" NOT NULL, -- of the cookie's secret
  provider_id   TEXT COLLATE "C" NOT NULL,
  issuer        TEXT COLLATE "C" NOT NULL,
  user_id       TEXT COLLATE "C" REFERENCES users (id), -- who links an account; null for a sign-in
  session_id    TEXT COLLATE "C", -- by which they do
  code_verifier TEXT COLLATE "C" NOT NULL, -- sealed
  nonce         TEXT COLLATE "C" NOT NULL, -- sealed
  callback_url  TEXT COLLATE "C" NOT NULL,
  error_url     TEXT COLLATE "C",
  new_user_url  TEXT COLLATE "C",
  created_at    BIGINT NOT NULL,
  expires_at    BIGINT NOT NULL
);
CREATE INDEX oauth_states_expires ON oauth_states (expires_at);
CREATE INDEX oauth_states_user ON oauth_states (user_id) WHERE user_id IS NOT NULL;
