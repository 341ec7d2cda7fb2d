-- One row per job of any queue. Times are milliseconds since the epoch.
CREATE TABLE IF NOT EXISTS queue_jobs (
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

CREATE INDEX IF NOT EXISTS queue_jobs_waiting ON queue_jobs (queue, group_name, priority, position, sequence) WHERE state = 'WAITING';

CREATE INDEX IF NOT EXISTS queue_jobs_waiting_children ON queue_jobs (queue, created_at, sequence) WHERE state = 'WAITING_CHILDREN';

CREATE INDEX IF NOT EXISTS queue_jobs_delayed ON queue_jobs (queue, run_at) WHERE state = 'DELAYED';

CREATE INDEX IF NOT EXISTS queue_jobs_active ON queue_jobs (queue, lease_until) WHERE state = 'ACTIVE';

CREATE INDEX IF NOT EXISTS queue_jobs_active_groups ON queue_jobs (queue, group_name) WHERE state = 'ACTIVE' AND group_name > '';

CREATE INDEX IF NOT EXISTS queue_jobs_canceled ON queue_jobs (queue, worker_id) WHERE cancel_reason IS NOT NULL;

CREATE INDEX IF NOT EXISTS queue_jobs_finished ON queue_jobs (queue, state, finished_at, sequence) WHERE finished_at IS NOT NULL;

-- What jobs have logged. A line goes with its job.
CREATE TABLE IF NOT EXISTS queue_job_logs (
  sequence BIGINT NOT NULL REFERENCES queue_jobs (sequence) ON DELETE CASCADE,
  line     INTEGER NOT NULL, -- from 1
  text     TEXT NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (sequence, line)
);

-- Jobs that have, or had, children. Who changes what a parent waits for locks its row here first.
CREATE TABLE IF NOT EXISTS queue_parents (
  sequence BIGINT NOT NULL PRIMARY KEY REFERENCES queue_jobs (sequence) ON DELETE CASCADE
);

-- The children of a parent, as it knows them. They stay as long as it does, whatever becomes of them.
CREATE TABLE IF NOT EXISTS queue_children (
  parent_sequence BIGINT NOT NULL REFERENCES queue_parents (sequence) ON DELETE CASCADE,
  queue           TEXT COLLATE "C" NOT NULL,
  id              TEXT COLLATE "C" NOT NULL,
  child_sequence  BIGINT NOT NULL, -- perhaps gone
  state           TEXT NOT NULL, -- UNPROCESSED, PROCESSED, IGNORED, FAILED
  value           TEXT, -- what it returned, or why it failed
  PRIMARY KEY (parent_sequence, queue, id)
);

CREATE INDEX IF NOT EXISTS queue_children_unprocessed ON queue_children (parent_sequence, queue, id) WHERE state = 'UNPROCESSED';

-- What holds for a queue as a whole; a queue without a row has the defaults.
CREATE TABLE IF NOT EXISTS queue_settings (
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
CREATE TABLE IF NOT EXISTS queue_groups (
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
CREATE TABLE IF NOT EXISTS queue_rate_uses (
  queue         TEXT NOT NULL,
  group_name    TEXT NOT NULL, -- empty for the limits of the queue
  measure       TEXT NOT NULL, -- JOBS, UNITS
  bucket        BIGINT NOT NULL, -- its start
  amount        BIGINT NOT NULL,
  counted_until BIGINT NOT NULL,
  PRIMARY KEY (queue, group_name, measure, bucket)
);

CREATE INDEX IF NOT EXISTS queue_rate_uses_over ON queue_rate_uses (queue, counted_until);

-- Who has a deduplication id.
CREATE TABLE IF NOT EXISTS queue_deduplications (
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

CREATE INDEX IF NOT EXISTS queue_deduplications_expiry ON queue_deduplications (queue, expires_at) WHERE expires_at IS NOT NULL;

CREATE INDEX IF NOT EXISTS queue_deduplications_next ON queue_deduplications (queue, id) WHERE next_name IS NOT NULL;

-- Job schedulers; the next job of each is in queue_jobs.
CREATE TABLE IF NOT EXISTS queue_schedulers (
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

-- What has happened in a queue: one row per transaction, or some if that has done very much.
CREATE TABLE IF NOT EXISTS queue_events (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue  TEXT NOT NULL,
  xact   BIGINT NOT NULL, -- before the number in their order; versions before 0.2 had PostgreSQL's id of the transaction here
  at     BIGINT NOT NULL,
  count  INTEGER NOT NULL,
  bytes  INTEGER NOT NULL,
  events TEXT NOT NULL -- a JSON array
);

CREATE INDEX IF NOT EXISTS queue_events_order ON queue_events (queue, xact, number);

-- How far the events of a queue have been removed.
CREATE TABLE IF NOT EXISTS queue_event_gaps (
  queue  TEXT NOT NULL PRIMARY KEY,
  xact   BIGINT NOT NULL,
  number BIGINT NOT NULL
);

-- What the workers of a queue have done in a minute.
CREATE TABLE IF NOT EXISTS queue_metrics (
  queue           TEXT NOT NULL,
  minute          BIGINT NOT NULL, -- its start
  completed       BIGINT NOT NULL,
  failed          BIGINT NOT NULL, -- for good
  failed_attempts BIGINT NOT NULL, -- those of them included
  wait            TEXT NOT NULL, -- how long jobs have waited: a JSON array of sum, greatest and counts by length
  run             TEXT NOT NULL, -- how long attempts have taken
  PRIMARY KEY (queue, minute)
);

-- What is still to be done in queues that lie in another store.
CREATE TABLE IF NOT EXISTS queue_outbox (
  number        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue         TEXT NOT NULL,
  id            TEXT NOT NULL,
  name          TEXT, -- of the job to add; null if it is to be removed
  data          TEXT,
  options       TEXT, -- BullMQ's, in JSON
  added_at      BIGINT NOT NULL,
  claimed_until BIGINT NOT NULL, -- a process does it until then
  flow          TEXT -- the jobs to add with it, itself the first, in JSON
);

CREATE INDEX IF NOT EXISTS queue_outbox_free ON queue_outbox (claimed_until, number);

CREATE INDEX IF NOT EXISTS queue_outbox_jobs ON queue_outbox (queue, id);

-- The workers of queues, and when each has last said that it is there.
CREATE TABLE IF NOT EXISTS queue_workers (
  id          TEXT NOT NULL PRIMARY KEY, -- of one start of a worker
  queue       TEXT NOT NULL,
  name        TEXT NOT NULL, -- the worker_id of its jobs
  host        TEXT,
  pid         BIGINT NOT NULL,
  concurrency INTEGER NOT NULL,
  started_at  BIGINT NOT NULL,
  seen_at     BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS queue_workers_queue ON queue_workers (queue, id);

CREATE INDEX IF NOT EXISTS queue_workers_seen ON queue_workers (seen_at);
