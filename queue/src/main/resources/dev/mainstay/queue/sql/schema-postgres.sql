-- One row per job of any queue. Times are milliseconds since the epoch.
CREATE TABLE IF NOT EXISTS queue_jobs (
  sequence          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order of arrival over all queues; never used twice
  queue             TEXT NOT NULL,
  id                TEXT NOT NULL,
  name              TEXT NOT NULL,
  data              TEXT NOT NULL,
  state             TEXT NOT NULL, -- WAITING, DELAYED, ACTIVE, COMPLETED, FAILED
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

CREATE INDEX IF NOT EXISTS queue_jobs_waiting ON queue_jobs (queue, priority, position, sequence) WHERE state = 'WAITING';

CREATE INDEX IF NOT EXISTS queue_jobs_delayed ON queue_jobs (queue, run_at) WHERE state = 'DELAYED';

CREATE INDEX IF NOT EXISTS queue_jobs_active ON queue_jobs (queue, lease_until) WHERE state = 'ACTIVE';

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

-- What holds for a queue as a whole; a queue without a row has the defaults.
CREATE TABLE IF NOT EXISTS queue_settings (
  queue       TEXT NOT NULL PRIMARY KEY,
  paused      BOOLEAN NOT NULL,
  concurrency INTEGER -- active jobs over all workers
);
