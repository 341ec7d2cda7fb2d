-- A second factor beside the password: an app that makes codes (RFC 6238). users.two_factor_enabled says whether it is asked for.
CREATE TABLE two_factors (
  user_id       TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES users (id),
  secret_sealed TEXT COLLATE "C" NOT NULL,
  verified      BOOLEAN NOT NULL, -- a code was right once; before that the secret may not have arrived
  last_step     BIGINT  NOT NULL, -- the newest step of 30 s of which a code was taken: none is taken twice
  mail_refused  BOOLEAN NOT NULL, -- the password was set by mail: a code by mail would be the same factor
  created_at    BIGINT  NOT NULL
);

-- Codes to write down, each good once, by their authentication code under the instance's key.
CREATE TABLE backup_codes (
  user_id  TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  code_mac TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (user_id, code_mac)
);

-- Somebody has proved the first factor. It is no session; the browser has the secret in a cookie of its own.
CREATE TABLE two_factor_challenges (
  token_hash   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  user_id      TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  method       TEXT COLLATE "C" NOT NULL, -- how they came
  remembered   BOOLEAN NOT NULL, -- of the session to be
  mail_allowed BOOLEAN NOT NULL, -- false if they have shown already, or only, that they read mail
  attempts     INTEGER NOT NULL,
  created_at   BIGINT  NOT NULL,
  expires_at   BIGINT  NOT NULL
);
CREATE INDEX two_factor_challenges_user ON two_factor_challenges (user_id);
CREATE INDEX two_factor_challenges_expires ON two_factor_challenges (expires_at);

-- Browsers that are not asked for a second factor. The secret in their cookie is another after each use.
CREATE TABLE trusted_devices (
  token_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  user_id    TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX trusted_devices_user ON trusted_devices (user_id);
CREATE INDEX trusted_devices_expires ON trusted_devices (expires_at);

-- Public keys of authenticators (WebAuthn), in Base64url as WebAuthn's JSON has them.
CREATE TABLE passkeys (
  id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  user_id       TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  name          TEXT COLLATE "C",
  credential_id TEXT COLLATE "C" NOT NULL,
  aaguid        TEXT COLLATE "C" NOT NULL, -- the authenticator's model, all zeros if it does not say
  public_key    TEXT COLLATE "C" NOT NULL, -- COSE
  counter       BIGINT  NOT NULL, -- of signatures; 0 for authenticators that do not count
  backup_able   BOOLEAN NOT NULL, -- it may be on several devices
  backed_up     BOOLEAN NOT NULL,
  transports    TEXT COLLATE "C" NOT NULL, -- with commas between them
  created_at    BIGINT  NOT NULL
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential_id);
CREATE INDEX passkeys_user ON passkeys (user_id, id);

-- What an authenticator is to sign, by its hash; the browser that may answer has the secret in a cookie of its own.
CREATE TABLE passkey_challenges (
  token_hash     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  challenge_hash TEXT COLLATE "C" NOT NULL,
  ceremony       TEXT COLLATE "C" NOT NULL, -- registration or authentication
  user_id        TEXT COLLATE "C" REFERENCES users (id), -- who registers
  created_at     BIGINT NOT NULL,
  expires_at     BIGINT NOT NULL
);
CREATE INDEX passkey_challenges_expires ON passkey_challenges (expires_at);
CREATE INDEX passkey_challenges_user ON passkey_challenges (user_id);
