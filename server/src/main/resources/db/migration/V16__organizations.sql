-- What an organization is beside its name and members. One that was deleted stays for the rows that point to it; nobody
-- is in it any more.
ALTER TABLE organizations ADD COLUMN deleted_at BIGINT;
DROP INDEX organizations_slug;
CREATE UNIQUE INDEX organizations_slug ON organizations (slug) WHERE deleted_at IS NULL;
CREATE INDEX users_organization ON users (organization_id);

CREATE TABLE teams (
  id              TEXT   NOT NULL PRIMARY KEY,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  name            TEXT   NOT NULL,
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT
);
CREATE INDEX teams_organization ON teams (organization_id, id);

CREATE TABLE team_members (
  id              TEXT   NOT NULL PRIMARY KEY,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  team_id         TEXT   NOT NULL REFERENCES teams (id),
  user_id         TEXT   NOT NULL REFERENCES users (id),
  created_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX team_members_team ON team_members (team_id, user_id);
CREATE INDEX team_members_user ON team_members (user_id, organization_id);

ALTER TABLE sessions ADD COLUMN team_id TEXT REFERENCES teams (id);
CREATE INDEX sessions_organization ON sessions (organization_id, user_id);

-- Roles of an organization beside owner, admin and member.
CREATE TABLE organization_roles (
  id              TEXT   NOT NULL PRIMARY KEY,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  role            TEXT   NOT NULL,
  permission      TEXT   NOT NULL, -- JSON: actions by resource
  created_at      BIGINT NOT NULL,
  updated_at      BIGINT
);
CREATE UNIQUE INDEX organization_roles_role ON organization_roles (organization_id, role);

-- Mail domains that an organization says are its own. A code that is sent to the domain's postmaster proves it.
CREATE TABLE organization_domains (
  id              TEXT   NOT NULL PRIMARY KEY,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  domain          TEXT   NOT NULL,
  mode            TEXT   NOT NULL, -- what becomes of people with an address there: invite, auto-join or request
  code_hash       TEXT,
  code_expires_at BIGINT,
  created_at      BIGINT NOT NULL,
  verified_at     BIGINT
);
CREATE UNIQUE INDEX organization_domains_organization ON organization_domains (organization_id, domain);
CREATE UNIQUE INDEX organization_domains_verified ON organization_domains (domain) WHERE verified_at IS NOT NULL;

CREATE TABLE membership_requests (
  id              TEXT   NOT NULL PRIMARY KEY,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  user_id         TEXT   NOT NULL REFERENCES users (id),
  status          TEXT   NOT NULL, -- pending, accepted or rejected
  created_at      BIGINT NOT NULL,
  decided_at      BIGINT,
  decided_by      TEXT   REFERENCES users (id)
);
CREATE UNIQUE INDEX membership_requests_pending ON membership_requests (user_id, organization_id) WHERE status = 'pending';
CREATE INDEX membership_requests_organization ON membership_requests (organization_id, id);
