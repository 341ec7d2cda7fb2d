-- The job queue, as the queue library describes it.
CREATE TABLE queue_jobs (
  sequence         INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival over all queues; never used twice
  queue            TEXT NOT NULL,
  id               TEXT NOT NULL,
  name             TEXT NOT NULL,
  data             TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('WAITING', 'DELAYED', 'ACTIVE', 'COMPLETED', 'FAILED')),
  priority         INTEGER NOT NULL, -- 0 is taken first
  attempts         INTEGER NOT NULL,
  attempts_made    INTEGER NOT NULL,
  stalled_count    INTEGER NOT NULL,
  backoff_kind     TEXT NOT NULL,
  backoff_delay_ms BIGINT NOT NULL,
  backoff_jitter   DOUBLE PRECISION NOT NULL,
  run_at           BIGINT, -- set while DELAYED
  worker_id        TEXT, -- who has it, or who ended it
  lease_token      BIGINT NOT NULL,
  lease_until      BIGINT, -- set while ACTIVE
  return_value     TEXT,
  failed_reason    TEXT,
  created_at       BIGINT NOT NULL,
  finished_at      BIGINT, -- set once COMPLETED or FAILED
  UNIQUE (queue, id)
);

CREATE INDEX queue_jobs_waiting ON queue_jobs (queue, priority, sequence) WHERE state = 'WAITING';

CREATE INDEX queue_jobs_delayed ON queue_jobs (queue, run_at) WHERE state = 'DELAYED';

CREATE INDEX queue_jobs_active ON queue_jobs (queue, lease_until) WHERE state = 'ACTIVE';

CREATE INDEX queue_jobs_finished ON queue_jobs (queue, state, finished_at, sequence) WHERE finished_at IS NOT NULL;
