-- The schema of db/migration up to the same version. Times are BIGINT, epoch milliseconds; ids are UUIDv7 in TEXT; money is a
-- decimal in TEXT; JSON is TEXT. Text compares byte by byte (COLLATE "C"), as it does in SQLite. From here on both
-- databases get the same versions.

CREATE TABLE organizations (
  id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  name       TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE users (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  name            TEXT COLLATE "C" NOT NULL,
  email           TEXT COLLATE "C",
  created_at      BIGINT NOT NULL
);

CREATE TABLE api_keys (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  user_id         TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  name            TEXT COLLATE "C" NOT NULL,
  prefix          TEXT COLLATE "C" NOT NULL,
  secret_hash     TEXT COLLATE "C" NOT NULL,
  scopes          TEXT COLLATE "C" NOT NULL,
  created_at      BIGINT NOT NULL,
  last_used_at    BIGINT,
  revoked_at      BIGINT
);
CREATE UNIQUE INDEX api_keys_secret_hash ON api_keys (secret_hash);
CREATE INDEX api_keys_organization ON api_keys (organization_id, id);

CREATE TABLE sessions (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  user_id         TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  token_hash      TEXT COLLATE "C" NOT NULL,
  scopes          TEXT COLLATE "C" NOT NULL,
  api_key_id      TEXT COLLATE "C" REFERENCES api_keys (id),
  created_at      BIGINT NOT NULL,
  expires_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_token_hash ON sessions (token_hash);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE sign_in_links (
  token_hash      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  user_id         TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  created_at      BIGINT NOT NULL,
  expires_at      BIGINT NOT NULL
);

CREATE TABLE idempotency_keys (
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  endpoint        TEXT COLLATE "C" NOT NULL,
  idempotency_key TEXT COLLATE "C" NOT NULL,
  body_hash       TEXT COLLATE "C" NOT NULL,
  status          INTEGER NOT NULL,
  location        TEXT COLLATE "C",
  response        TEXT COLLATE "C" NOT NULL,
  created_at      BIGINT NOT NULL,
  PRIMARY KEY (organization_id, endpoint, idempotency_key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

CREATE TABLE tasks (
  id                   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id      TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  created_by           TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  repo_url             TEXT COLLATE "C" NOT NULL,
  prompt               TEXT COLLATE "C" NOT NULL,
  agent                TEXT COLLATE "C" NOT NULL,
  model                TEXT COLLATE "C" NOT NULL,
  scripted             BOOLEAN NOT NULL,
  priority             TEXT COLLATE "C" NOT NULL,
  base_branch          TEXT COLLATE "C",
  branch               TEXT COLLATE "C",
  push                 TEXT COLLATE "C" NOT NULL,
  review               TEXT COLLATE "C" NOT NULL,
  max_turns            INTEGER,
  max_tokens           BIGINT,
  max_cost_usd         TEXT COLLATE "C",
  max_duration_seconds BIGINT,
  not_before           BIGINT,
  metadata             TEXT COLLATE "C",
  status               TEXT COLLATE "C" NOT NULL,
  -- the job that may run the task now, and the fencing token of its newest claim
  job_id               TEXT COLLATE "C" NOT NULL,
  lease_token          BIGINT  NOT NULL,
  attempt              INTEGER NOT NULL,
  cancel_requested     BOOLEAN NOT NULL,
  -- what the run has used in all, and what it had used when the present attempt began: limits count the difference
  input_tokens         BIGINT  NOT NULL,
  output_tokens        BIGINT  NOT NULL,
  cache_read_tokens    BIGINT  NOT NULL,
  cache_write_tokens   BIGINT  NOT NULL,
  cost_usd             TEXT COLLATE "C" NOT NULL,
  cost_known           BOOLEAN NOT NULL,
  model_calls          INTEGER NOT NULL,
  turns                INTEGER NOT NULL,
  before_tokens        BIGINT  NOT NULL,
  before_cost_usd      TEXT COLLATE "C" NOT NULL,
  before_turns         INTEGER NOT NULL,
  base_commit          TEXT COLLATE "C",
  commit_at            BIGINT,
  result_branch        TEXT COLLATE "C",
  result_commit        TEXT COLLATE "C",
  summary              TEXT COLLATE "C",
  error_code           TEXT COLLATE "C",
  error_message        TEXT COLLATE "C",
  workspace_removed_at BIGINT,
  created_at           BIGINT  NOT NULL,
  updated_at           BIGINT  NOT NULL,
  started_at           BIGINT,
  attempt_started_at   BIGINT,
  finished_at          BIGINT,
  -- claims that ended with the server, in a row, and how far the task had come at the last one
  crashes              INTEGER NOT NULL DEFAULT 0,
  crash_progress       INTEGER NOT NULL DEFAULT 0,
  -- how often the server gave the change back to the agent instead of pushing it
  refused_deliveries   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX tasks_organization ON tasks (organization_id, id);
CREATE INDEX tasks_organization_status ON tasks (organization_id, status, id);
CREATE INDEX tasks_finished ON tasks (finished_at) WHERE workspace_removed_at IS NULL;

CREATE TABLE messages (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  task_id         TEXT COLLATE "C" NOT NULL REFERENCES tasks (id),
  ordinal         INTEGER NOT NULL,
  role            TEXT COLLATE "C" NOT NULL,
  summary         BOOLEAN NOT NULL,
  content         TEXT COLLATE "C" NOT NULL,
  stop_reason     TEXT COLLATE "C",
  created_at      BIGINT  NOT NULL
);
CREATE UNIQUE INDEX messages_task ON messages (task_id, ordinal);

CREATE TABLE tool_calls (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  task_id         TEXT COLLATE "C" NOT NULL REFERENCES tasks (id),
  message_id      TEXT COLLATE "C" NOT NULL REFERENCES messages (id),
  ordinal         INTEGER NOT NULL,
  tool_use_id     TEXT COLLATE "C" NOT NULL,
  name            TEXT COLLATE "C" NOT NULL,
  input           TEXT COLLATE "C" NOT NULL,
  state           TEXT COLLATE "C" NOT NULL,
  output          TEXT COLLATE "C",
  is_error        BOOLEAN NOT NULL,
  duration_ms     BIGINT,
  created_at      BIGINT  NOT NULL,
  started_at      BIGINT,
  finished_at     BIGINT
);
CREATE UNIQUE INDEX tool_calls_message ON tool_calls (message_id, ordinal);
CREATE INDEX tool_calls_task ON tool_calls (task_id, id);

CREATE TABLE model_calls (
  id                 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id    TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  task_id            TEXT COLLATE "C" NOT NULL REFERENCES tasks (id),
  message_id         TEXT COLLATE "C" REFERENCES messages (id),
  model              TEXT COLLATE "C" NOT NULL,
  input_tokens       BIGINT NOT NULL,
  output_tokens      BIGINT NOT NULL,
  cache_read_tokens  BIGINT NOT NULL,
  cache_write_tokens BIGINT NOT NULL,
  cost_usd           TEXT COLLATE "C",
  stop_reason        TEXT COLLATE "C" NOT NULL,
  duration_ms        BIGINT NOT NULL,
  created_at         BIGINT NOT NULL
);
CREATE INDEX model_calls_task ON model_calls (task_id, id);

-- What people say to a running task; taken_at is set by the transaction that puts it into the conversation.
CREATE TABLE task_inputs (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  task_id         TEXT COLLATE "C" NOT NULL REFERENCES tasks (id),
  created_by      TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  text            TEXT COLLATE "C" NOT NULL,
  created_at      BIGINT NOT NULL,
  taken_at        BIGINT
);
CREATE INDEX task_inputs_open ON task_inputs (task_id, id) WHERE taken_at IS NULL;

CREATE TABLE reviews (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  task_id         TEXT COLLATE "C" NOT NULL REFERENCES tasks (id),
  commit_id       TEXT COLLATE "C" NOT NULL,
  diff_hash       TEXT COLLATE "C" NOT NULL,
  decision        TEXT COLLATE "C",
  reason          TEXT COLLATE "C",
  decided_by      TEXT COLLATE "C" REFERENCES users (id),
  decided_at      BIGINT,
  created_at      BIGINT NOT NULL
);
CREATE INDEX reviews_task ON reviews (task_id, id);

CREATE TABLE task_events (
  task_id         TEXT COLLATE "C" NOT NULL REFERENCES tasks (id),
  seq             BIGINT NOT NULL,
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  type            TEXT COLLATE "C" NOT NULL,
  data            TEXT COLLATE "C" NOT NULL,
  at              BIGINT NOT NULL,
  PRIMARY KEY (task_id, seq)
);
CREATE INDEX task_events_at ON task_events (at);

-- The queues that organizations have made. The jobs of one are in queue_jobs, under '<organization_id>/<name>'.
CREATE TABLE queues (
  organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
  name            TEXT COLLATE "C" NOT NULL,
  created_at      BIGINT NOT NULL,
  PRIMARY KEY (organization_id, name)
);

-- The job queue, as the queue library describes it (schema-postgres.sql).
-- One row per job of any queue. Times are milliseconds since the epoch.
CREATE TABLE queue_jobs (
  sequence          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of arrival over all queues; never used twice
  queue             TEXT NOT NULL,
  id                TEXT NOT NULL,
  name              TEXT NOT NULL,
  data              TEXT NOT NULL,
  state             TEXT NOT NULL, -- WAITING, WAITING_CHILDREN, DELAYED, ACTIVE, COMPLETED, FAILED
  priority          INTEGER NOT NULL, -- 0 is taken first
  position          BIGINT NOT NULL, -- 0, or less for what was added last in, first out
  delay_ms          BIGINT NOT NULL,
  attempts          INTEGER NOT NULL,
  attempts_made     INTEGER NOT NULL,
  stalled_count     INTEGER NOT NULL,
  backoff_type      TEXT NOT NULL,
  backoff_delay_ms  BIGINT NOT NULL,
  backoff_jitter    DOUBLE PRECISION NOT NULL,
  keep_completed    INTEGER NOT NULL, -- how many completed jobs stay once this one is
  keep_completed_ms BIGINT, -- and for how long
  keep_failed       INTEGER NOT NULL,
  keep_failed_ms    BIGINT,
  timeout_ms        BIGINT,
  keep_logs         INTEGER NOT NULL,
  stack_trace_limit INTEGER NOT NULL,
  group_name        TEXT COLLATE "C" NOT NULL, -- empty if it has none
  units             BIGINT NOT NULL, -- what it wants of the unit limits
  deduplication     TEXT, -- BullMQ's deduplication options, in JSON
  scheduler_id      TEXT, -- the scheduler that has added it
  children          INTEGER NOT NULL, -- how many it was given in all
  parent_sequence   BIGINT, -- the job that waits for it, or did; perhaps gone
  parent_queue      TEXT,
  parent_id         TEXT,
  on_failure        TEXT, -- what becomes of the parent when it has failed; null is WAIT
  deferred_failure  TEXT, -- it fails for this when it is taken
  run_at            BIGINT, -- set while DELAYED
  worker_id         TEXT, -- who has it, or who had it last
  lease_token       BIGINT NOT NULL,
  lease_until       BIGINT, -- set while ACTIVE
  cancel_reason     TEXT, -- set while ACTIVE and not wanted
  progress          TEXT,
  return_value      TEXT,
  failed_reason     TEXT,
  stack_traces      TEXT, -- a JSON array of strings, newest last
  created_at        BIGINT NOT NULL,
  processed_at      BIGINT, -- when the newest attempt began
  finished_at       BIGINT, -- set once COMPLETED or FAILED
  UNIQUE (queue, id)
);

CREATE INDEX queue_jobs_waiting ON queue_jobs (queue, group_name, priority, position, sequence) WHERE state = 'WAITING';

CREATE INDEX queue_jobs_delayed ON queue_jobs (queue, run_at) WHERE state = 'DELAYED';

CREATE INDEX queue_jobs_active ON queue_jobs (queue, lease_until) WHERE state = 'ACTIVE';

CREATE INDEX queue_jobs_active_groups ON queue_jobs (queue, group_name) WHERE state = 'ACTIVE' AND group_name > '';

CREATE INDEX queue_jobs_canceled ON queue_jobs (queue, worker_id) WHERE cancel_reason IS NOT NULL;

CREATE INDEX queue_jobs_finished ON queue_jobs (queue, state, finished_at, sequence) WHERE finished_at IS NOT NULL;

-- What jobs have logged. A line goes with its job.
CREATE TABLE queue_job_logs (
  sequence BIGINT NOT NULL REFERENCES queue_jobs (sequence) ON DELETE CASCADE,
  line     INTEGER NOT NULL, -- from 1
  text     TEXT NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (sequence, line)
);

-- What holds for a queue as a whole; a queue without a row has the defaults.
CREATE TABLE queue_settings (
  queue             TEXT NOT NULL PRIMARY KEY,
  paused            BOOLEAN NOT NULL,
  concurrency       INTEGER, -- active jobs over all workers
  rate_max          BIGINT, -- jobs that may start
  rate_ms           BIGINT, -- within so long
  unit_max          BIGINT, -- units that may be used
  unit_ms           BIGINT,
  group_concurrency INTEGER, -- the same for each group without limits of its own
  group_rate_max    BIGINT,
  group_rate_ms     BIGINT,
  group_unit_max    BIGINT,
  group_unit_ms     BIGINT
);

-- Groups of jobs that have limits of their own, or must wait for a limit now.
CREATE TABLE queue_groups (
  queue         TEXT NOT NULL,
  name          TEXT COLLATE "C" NOT NULL,
  own_limits    BOOLEAN NOT NULL, -- the next five columns hold instead of those of every group
  concurrency   INTEGER,
  rate_max      BIGINT,
  rate_ms       BIGINT,
  unit_max      BIGINT,
  unit_ms       BIGINT,
  blocked_at    BIGINT, -- no job of it may start from here
  blocked_until BIGINT, -- to here
  PRIMARY KEY (queue, name)
);

-- What has been used of the rates, in buckets of a hundredth of their duration.
CREATE TABLE queue_rate_uses (
  queue         TEXT NOT NULL,
  group_name    TEXT NOT NULL, -- empty for the limits of the queue
  measure       TEXT NOT NULL, -- JOBS, UNITS
  bucket        BIGINT NOT NULL, -- its start
  amount        BIGINT NOT NULL,
  counted_until BIGINT NOT NULL,
  PRIMARY KEY (queue, group_name, measure, bucket)
);

CREATE INDEX queue_rate_uses_over ON queue_rate_uses (queue, counted_until);

-- Who has a deduplication id.
CREATE TABLE queue_deduplications (
  number       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue        TEXT NOT NULL,
  id           TEXT COLLATE "C" NOT NULL,
  job_id       TEXT NOT NULL, -- empty if it is nobody's
  expires_at   BIGINT, -- it is the job's until then; if null, until the job has finished
  next_name    TEXT, -- a job that is added when this one has finished
  next_data    TEXT,
  next_options TEXT,
  UNIQUE (queue, id)
);

CREATE INDEX queue_deduplications_expiry ON queue_deduplications (queue, expires_at) WHERE expires_at IS NOT NULL;

CREATE INDEX queue_deduplications_next ON queue_deduplications (queue, id) WHERE next_name IS NOT NULL;

-- Job schedulers; the next job of each is in queue_jobs.
CREATE TABLE queue_schedulers (
  queue           TEXT NOT NULL,
  id              TEXT COLLATE "C" NOT NULL,
  name            TEXT NOT NULL, -- of its jobs
  data            TEXT NOT NULL,
  options         TEXT NOT NULL, -- BullMQ's, in JSON
  pattern         TEXT, -- a cron pattern
  time_zone       TEXT NOT NULL,
  every_ms        BIGINT, -- an interval, if there is no pattern
  given_offset_ms BIGINT NOT NULL,
  offset_ms       BIGINT NOT NULL, -- the one that holds, also if none was given
  start_at        BIGINT,
  end_at          BIGINT,
  max_iterations  INTEGER,
  immediately     BOOLEAN NOT NULL,
  iterations      INTEGER NOT NULL, -- jobs that were added
  next_at         BIGINT, -- when the newest is due; null once it is over
  PRIMARY KEY (queue, id)
);
