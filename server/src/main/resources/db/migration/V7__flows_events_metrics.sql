-- The job queue, as the queue library describes it now: jobs get parents and children, queues get
-- events and metrics.
ALTER TABLE queue_jobs RENAME TO queue_jobs_before;
ALTER TABLE queue_job_logs RENAME TO queue_job_logs_before;

-- One row per job of any queue. Times are milliseconds since the epoch.
CREATE TABLE queue_jobs (
  sequence          INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival over all queues; never used twice
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
  group_name        TEXT NOT NULL, -- empty if it has none
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

-- What jobs have logged. A line goes with its job.
CREATE TABLE queue_job_logs (
  sequence INTEGER NOT NULL REFERENCES queue_jobs (sequence) ON DELETE CASCADE,
  line     INTEGER NOT NULL, -- from 1
  text     TEXT NOT NULL,
  at       BIGINT NOT NULL,
  PRIMARY KEY (sequence, line)
);

-- Jobs that have, or had, children. Who changes what a parent waits for locks its row here first.
CREATE TABLE queue_parents (
  sequence INTEGER NOT NULL PRIMARY KEY REFERENCES queue_jobs (sequence) ON DELETE CASCADE
);

-- The children of a parent, as it knows them. They stay as long as it does, whatever becomes of them.
CREATE TABLE queue_children (
  parent_sequence INTEGER NOT NULL REFERENCES queue_parents (sequence) ON DELETE CASCADE,
  queue           TEXT NOT NULL,
  id              TEXT NOT NULL,
  child_sequence  INTEGER NOT NULL, -- perhaps gone
  state           TEXT NOT NULL, -- UNPROCESSED, PROCESSED, IGNORED, FAILED
  value           TEXT, -- what it returned, or why it failed
  PRIMARY KEY (parent_sequence, queue, id)
);

-- What has happened in a queue: one row per transaction, or some if that has done very much.
CREATE TABLE queue_events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  queue  TEXT NOT NULL,
  xact   BIGINT NOT NULL, -- PostgreSQL's id of the transaction, for numbers are not given in the order of commits; else 0
  at     BIGINT NOT NULL,
  count  INTEGER NOT NULL,
  bytes  INTEGER NOT NULL,
  events TEXT NOT NULL -- a JSON array
);

-- How far the events of a queue have been removed.
CREATE TABLE queue_event_gaps (
  queue  TEXT NOT NULL PRIMARY KEY,
  xact   BIGINT NOT NULL,
  number BIGINT NOT NULL
);

-- What the workers of a queue have done in a minute.
CREATE TABLE queue_metrics (
  queue           TEXT NOT NULL,
  minute          BIGINT NOT NULL, -- its start
  completed       BIGINT NOT NULL,
  failed          BIGINT NOT NULL, -- for good
  failed_attempts BIGINT NOT NULL, -- those of them included
  wait            TEXT NOT NULL, -- how long jobs have waited: a JSON array of sum, greatest and counts by length
  run             TEXT NOT NULL, -- how long attempts have taken
  PRIMARY KEY (queue, minute)
);

INSERT INTO queue_jobs (
  sequence, queue, id, name, data, state, priority, position, delay_ms, attempts, attempts_made, stalled_count,
  backoff_type, backoff_delay_ms, backoff_jitter, keep_completed, keep_completed_ms, keep_failed, keep_failed_ms,
  timeout_ms, keep_logs, stack_trace_limit, group_name, units, deduplication, scheduler_id, run_at, worker_id,
  lease_token, lease_until, cancel_reason, progress, return_value, failed_reason, stack_traces, created_at,
  processed_at, finished_at,
  children)
SELECT
  sequence, queue, id, name, data, state, priority, position, delay_ms, attempts, attempts_made, stalled_count,
  backoff_type, backoff_delay_ms, backoff_jitter, keep_completed, keep_completed_ms, keep_failed, keep_failed_ms,
  timeout_ms, keep_logs, stack_trace_limit, group_name, units, deduplication, scheduler_id, run_at, worker_id,
  lease_token, lease_until, cancel_reason, progress, return_value, failed_reason, stack_traces, created_at,
  processed_at, finished_at,
  0
FROM queue_jobs_before;

INSERT INTO queue_job_logs (sequence, line, text, at)
SELECT sequence, line, text, at FROM queue_job_logs_before;

-- No number is used twice, also of jobs that are gone.
DELETE FROM sqlite_sequence WHERE name = 'queue_jobs';
INSERT INTO sqlite_sequence (name, seq)
SELECT 'queue_jobs', seq FROM sqlite_sequence WHERE name = 'queue_jobs_before';

DROP TABLE queue_job_logs_before;
DROP TABLE queue_jobs_before;

CREATE INDEX queue_jobs_waiting ON queue_jobs (queue, group_name, priority, position, sequence) WHERE state = 'WAITING';

CREATE INDEX queue_jobs_waiting_children ON queue_jobs (queue, created_at, sequence) WHERE state = 'WAITING_CHILDREN';

CREATE INDEX queue_jobs_delayed ON queue_jobs (queue, run_at) WHERE state = 'DELAYED';

CREATE INDEX queue_jobs_active ON queue_jobs (queue, lease_until) WHERE state = 'ACTIVE';

CREATE INDEX queue_jobs_active_groups ON queue_jobs (queue, group_name) WHERE state = 'ACTIVE' AND group_name > '';

CREATE INDEX queue_jobs_canceled ON queue_jobs (queue, worker_id) WHERE cancel_reason IS NOT NULL;

CREATE INDEX queue_jobs_finished ON queue_jobs (queue, state, finished_at, sequence) WHERE finished_at IS NOT NULL;

CREATE INDEX queue_children_unprocessed ON queue_children (parent_sequence, queue, id) WHERE state = 'UNPROCESSED';

CREATE INDEX queue_events_order ON queue_events (queue, xact, number);
