-- People sign up with an address and a password, and belong to organizations.
ALTER TABLE users ADD COLUMN email_verified BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN image TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN role TEXT COLLATE "C" NOT NULL DEFAULT 'user'; -- in the instance: user or admin
ALTER TABLE users ADD COLUMN banned BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN ban_reason TEXT COLLATE "C";
ALTER TABLE users ADD COLUMN ban_expires_at BIGINT;
ALTER TABLE users ADD COLUMN two_factor_enabled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN deleted_at BIGINT; -- what they made stays with their organizations
UPDATE users SET updated_at = created_at;
-- The first user owns the instance.
UPDATE users SET role = 'admin' WHERE id = (SELECT min(id) FROM users);
-- Addresses are stored in lower case; a user whom nobody has invited by mail may have none.
CREATE UNIQUE INDEX users_email ON users (email);

ALTER TABLE organizations ADD COLUMN slug TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE organizations ADD COLUMN logo TEXT COLLATE "C";
ALTER TABLE organizations ADD COLUMN metadata TEXT COLLATE "C";
UPDATE organizations SET slug = id;
UPDATE organizations SET slug = 'default' WHERE id = (SELECT min(id) FROM organizations);
CREATE UNIQUE INDEX organizations_slug ON organizations (slug);

-- users.organization_id is a user's own organization, which is there as long as the user is.
CREATE TABLE members (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  user_id         TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  role            TEXT COLLATE "C" NOT NULL,
  created_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX members_user ON members (user_id, organization_id);
CREATE INDEX members_organization ON members (organization_id, id);
INSERT INTO members (id, organization_id, user_id, role, created_at)
SELECT id, organization_id, id, 'owner', created_at FROM users;

-- Somebody is asked to join, by an address; the link in the mail has the id.
CREATE TABLE invitations (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  email           TEXT COLLATE "C" NOT NULL,
  role            TEXT COLLATE "C" NOT NULL,
  team_id         TEXT COLLATE "C",
  status          TEXT COLLATE "C" NOT NULL, -- pending, accepted, rejected or canceled
  inviter_id      TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  created_at      BIGINT NOT NULL,
  expires_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX invitations_pending ON invitations (email, organization_id) WHERE status = 'pending';
CREATE INDEX invitations_organization ON invitations (organization_id, id);

-- How a user can sign in: provider credential is the password, with the user's id as account.
CREATE TABLE accounts (
  id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  user_id       TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  provider_id   TEXT COLLATE "C" NOT NULL,
  account_id    TEXT COLLATE "C" NOT NULL,
  password_hash TEXT COLLATE "C",
  created_at    BIGINT NOT NULL,
  updated_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX accounts_provider ON accounts (provider_id, account_id);
CREATE INDEX accounts_user ON accounts (user_id);

-- What was sent to an address to prove that somebody reads it. Links have a secret, of which the hash is kept; codes, which
-- are short, have an authentication code under the instance's key, and there is one at a time for a purpose and address.
CREATE TABLE verifications (
  id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  purpose    TEXT COLLATE "C" NOT NULL,
  email      TEXT COLLATE "C" NOT NULL,
  user_id    TEXT COLLATE "C" REFERENCES users (id),
  token_hash TEXT COLLATE "C",
  code_mac   TEXT COLLATE "C",
  attempts   INTEGER NOT NULL,
  data       TEXT COLLATE "C",
  created_at BIGINT  NOT NULL,
  expires_at BIGINT  NOT NULL
);
CREATE UNIQUE INDEX verifications_token ON verifications (token_hash) WHERE token_hash IS NOT NULL;
CREATE UNIQUE INDEX verifications_code ON verifications (purpose, email) WHERE code_mac IS NOT NULL;
CREATE INDEX verifications_user ON verifications (user_id);
CREATE INDEX verifications_expires ON verifications (expires_at);

-- Failed guesses of what can be guessed, by the hash of the address that was given, whether there is such a user or not.
CREATE TABLE lockouts (
  subject_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  failures     INTEGER NOT NULL,
  failed_at    BIGINT  NOT NULL
);
CREATE INDEX lockouts_failed ON lockouts (failed_at);

ALTER TABLE sessions ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN remembered BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE sessions ADD COLUMN impersonated_by TEXT COLLATE "C" REFERENCES users (id);
UPDATE sessions SET updated_at = created_at;

-- Every act that matters for security. Acts outside of an organization have none.
CREATE TABLE audit_log (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id TEXT COLLATE "C" REFERENCES organizations (id),
  actor_id        TEXT COLLATE "C" REFERENCES users (id),
  action          TEXT COLLATE "C" NOT NULL,
  target_type     TEXT COLLATE "C",
  target_id       TEXT COLLATE "C",
  ip_address      TEXT COLLATE "C" NOT NULL,
  user_agent      TEXT COLLATE "C" NOT NULL,
  details         TEXT COLLATE "C",
  created_at      BIGINT NOT NULL
);
CREATE INDEX audit_log_organization ON audit_log (organization_id, id);
CREATE INDEX audit_log_actor ON audit_log (actor_id, id);
