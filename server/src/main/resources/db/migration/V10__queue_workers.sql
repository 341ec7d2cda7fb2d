-- The workers of queues, and when each has last said that it is there.
CREATE TABLE queue_workers (
  id          TEXT NOT NULL PRIMARY KEY, -- of one start of a worker
  queue       TEXT NOT NULL,
  name        TEXT NOT NULL, -- the worker_id of its jobs
  host        TEXT,
  pid         BIGINT NOT NULL,
  concurrency INTEGER NOT NULL,
  started_at  BIGINT NOT NULL,
  seen_at     BIGINT NOT NULL
);

CREATE INDEX queue_workers_queue ON queue_workers (queue, id);

CREATE INDEX queue_workers_seen ON queue_workers (seen_at);
