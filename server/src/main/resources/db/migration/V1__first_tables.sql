-- One logical schema for SQLite and PostgreSQL. Times are BIGINT, epoch milliseconds; ids are UUIDv7 in TEXT;
-- money is a decimal in TEXT; JSON is TEXT. Every tenant-owned row carries its organization.

CREATE TABLE organizations (
  id         TEXT   NOT NULL PRIMARY KEY,
  name       TEXT   NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE users (
  id              TEXT   NOT NULL PRIMARY KEY,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  name            TEXT   NOT NULL,
  email           TEXT,
  created_at      BIGINT NOT NULL
);

CREATE TABLE api_keys (
  id              TEXT   NOT NULL PRIMARY KEY,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  user_id         TEXT   NOT NULL REFERENCES users (id),
  name            TEXT   NOT NULL,
  prefix          TEXT   NOT NULL,
  secret_hash     TEXT   NOT NULL,
  scopes          TEXT   NOT NULL,
  created_at      BIGINT NOT NULL,
  last_used_at    BIGINT,
  revoked_at      BIGINT
);
CREATE UNIQUE INDEX api_keys_secret_hash ON api_keys (secret_hash);
CREATE INDEX api_keys_organization ON api_keys (organization_id, id);

CREATE TABLE sessions (
  id              TEXT   NOT NULL PRIMARY KEY,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  user_id         TEXT   NOT NULL REFERENCES users (id),
  token_hash      TEXT   NOT NULL,
  scopes          TEXT   NOT NULL,
  api_key_id      TEXT   REFERENCES api_keys (id),
  created_at      BIGINT NOT NULL,
  expires_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_token_hash ON sessions (token_hash);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE sign_in_links (
  token_hash      TEXT   NOT NULL PRIMARY KEY,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  user_id         TEXT   NOT NULL REFERENCES users (id),
  created_at      BIGINT NOT NULL,
  expires_at      BIGINT NOT NULL
);

CREATE TABLE idempotency_keys (
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  endpoint        TEXT   NOT NULL,
  idempotency_key TEXT   NOT NULL,
  body_hash       TEXT   NOT NULL,
  status          INTEGER NOT NULL,
  location        TEXT,
  response        TEXT   NOT NULL,
  created_at      BIGINT NOT NULL,
  PRIMARY KEY (organization_id, endpoint, idempotency_key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE tasks (
  id                   TEXT    NOT NULL PRIMARY KEY,
  organization_id      TEXT    NOT NULL REFERENCES organizations (id),
  created_by           TEXT    NOT NULL REFERENCES users (id),
  repo_url             TEXT    NOT NULL,
  prompt               TEXT    NOT NULL,
  agent                TEXT    NOT NULL,
  model                TEXT    NOT NULL,
  scripted             BOOLEAN NOT NULL,
  priority             TEXT    NOT NULL,
  base_branch          TEXT,
  branch               TEXT,
  push                 TEXT    NOT NULL,
  review               TEXT    NOT NULL,
  max_turns            INTEGER,
  max_tokens           BIGINT,
  max_cost_usd         TEXT,
  max_duration_seconds BIGINT,
  not_before           BIGINT,
  metadata             TEXT,
  status               TEXT    NOT NULL,
  -- the job that may run the task now, and the fencing token of its newest claim
  job_id               TEXT    NOT NULL,
  lease_token          BIGINT  NOT NULL,
  attempt              INTEGER NOT NULL,
  cancel_requested     BOOLEAN NOT NULL,
  -- what the run has used in all, and what it had used when the present attempt began: limits count the difference
  input_tokens         BIGINT  NOT NULL,
  output_tokens        BIGINT  NOT NULL,
  cache_read_tokens    BIGINT  NOT NULL,
  cache_write_tokens   BIGINT  NOT NULL,
  cost_usd             TEXT    NOT NULL,
  cost_known           BOOLEAN NOT NULL,
  model_calls          INTEGER NOT NULL,
  turns                INTEGER NOT NULL,
  before_tokens        BIGINT  NOT NULL,
  before_cost_usd      TEXT    NOT NULL,
  before_turns         INTEGER NOT NULL,
  base_commit          TEXT,
  commit_at            BIGINT,
  result_branch        TEXT,
  result_commit        TEXT,
  summary              TEXT,
  error_code           TEXT,
  error_message        TEXT,
  workspace_removed_at BIGINT,
  created_at           BIGINT  NOT NULL,
  updated_at           BIGINT  NOT NULL,
  started_at           BIGINT,
  attempt_started_at   BIGINT,
  finished_at          BIGINT
);
CREATE INDEX tasks_organization ON tasks (organization_id, id);
CREATE INDEX tasks_organization_status ON tasks (organization_id, status, id);
CREATE INDEX tasks_finished ON tasks (finished_at) WHERE workspace_removed_at IS NULL;

CREATE TABLE messages (
  id              TEXT    NOT NULL PRIMARY KEY,
  organization_id TEXT    NOT NULL REFERENCES organizations (id),
  task_id         TEXT    NOT NULL REFERENCES tasks (id),
  ordinal         INTEGER NOT NULL,
  role            TEXT    NOT NULL,
  summary         BOOLEAN NOT NULL,
  content         TEXT    NOT NULL,
  stop_reason     TEXT,
  created_at      BIGINT  NOT NULL
);
CREATE UNIQUE INDEX messages_task ON messages (task_id, ordinal);

CREATE TABLE tool_calls (
  id              TEXT    NOT NULL PRIMARY KEY,
  organization_id TEXT    NOT NULL REFERENCES organizations (id),
  task_id         TEXT    NOT NULL REFERENCES tasks (id),
  message_id      TEXT    NOT NULL REFERENCES messages (id),
  ordinal         INTEGER NOT NULL,
  tool_use_id     TEXT    NOT NULL,
  name            TEXT    NOT NULL,
  input           TEXT    NOT NULL,
  state           TEXT    NOT NULL,
  output          TEXT,
  is_error        BOOLEAN NOT NULL,
  duration_ms     BIGINT,
  created_at      BIGINT  NOT NULL,
  started_at      BIGINT,
  finished_at     BIGINT
);
CREATE UNIQUE INDEX tool_calls_message ON tool_calls (message_id, ordinal);
CREATE INDEX tool_calls_task ON tool_calls (task_id, id);

CREATE TABLE model_calls (
  id                 TEXT   NOT NULL PRIMARY KEY,
  organization_id    TEXT   NOT NULL REFERENCES organizations (id),
  task_id            TEXT   NOT NULL REFERENCES tasks (id),
  message_id         TEXT   REFERENCES messages (id),
  model              TEXT   NOT NULL,
  input_tokens       BIGINT NOT NULL,
  output_tokens      BIGINT NOT NULL,
  cache_read_tokens  BIGINT NOT NULL,
  cache_write_tokens BIGINT NOT NULL,
  cost_usd           TEXT,
  stop_reason        TEXT   NOT NULL,
  duration_ms        BIGINT NOT NULL,
  created_at         BIGINT NOT NULL
);
CREATE INDEX model_calls_task ON model_calls (task_id, id);

-- What people say to a running task; taken_at is set by the transaction that puts it into the conversation.
CREATE TABLE task_inputs (
  id              TEXT   NOT NULL PRIMARY KEY,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  task_id         TEXT   NOT NULL REFERENCES tasks (id),
  created_by      TEXT   NOT NULL REFERENCES users (id),
  text            TEXT   NOT NULL,
  created_at      BIGINT NOT NULL,
  taken_at        BIGINT
);
CREATE INDEX task_inputs_open ON task_inputs (task_id, id) WHERE taken_at IS NULL;

CREATE TABLE reviews (
  id              TEXT   NOT NULL PRIMARY KEY,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  task_id         TEXT   NOT NULL REFERENCES tasks (id),
  commit_id       TEXT   NOT NULL,
  diff_hash       TEXT   NOT NULL,
  decision        TEXT,
  reason          TEXT,
  decided_by      TEXT   REFERENCES users (id),
  decided_at      BIGINT,
  created_at      BIGINT NOT NULL
);
CREATE INDEX reviews_task ON reviews (task_id, id);

CREATE TABLE task_events (
  task_id         TEXT   NOT NULL REFERENCES tasks (id),
  seq             BIGINT NOT NULL,
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  type            TEXT   NOT NULL,
  data            TEXT   NOT NULL,
  at              BIGINT NOT NULL,
  PRIMARY KEY (task_id, seq)
);
CREATE INDEX task_events_at ON task_events (at);
