-- The job queue, as the queue library describes it now: queues get flows, events and metrics. The columns
-- of queue_jobs that belong to them are in this database's first migration.
CREATE INDEX queue_jobs_waiting_children ON queue_jobs (queue, created_at, sequence) WHERE state = 'WAITING_CHILDREN';

-- Jobs that have, or had, children. Who changes what a parent waits for locks its row here first.
CREATE TABLE queue_parents (
  sequence BIGINT NOT NULL PRIMARY KEY REFERENCES queue_jobs (sequence) ON DELETE CASCADE
);

-- The children of a parent, as it knows them. They stay as long as it does, whatever becomes of them.
CREATE TABLE queue_children (
  parent_sequence BIGINT NOT NULL REFERENCES queue_parents (sequence) ON DELETE CASCADE,
  queue           TEXT COLLATE "C" NOT NULL,
  id              TEXT COLLATE "C" NOT NULL,
  child_sequence  BIGINT NOT NULL, -- perhaps gone
  state           TEXT NOT NULL, -- UNPROCESSED, PROCESSED, IGNORED, FAILED
  value           TEXT, -- what it returned, or why it failed
  PRIMARY KEY (parent_sequence, queue, id)
);

CREATE INDEX queue_children_unprocessed ON queue_children (parent_sequence, queue, id) WHERE state = 'UNPROCESSED';

-- What has happened in a queue: one row per transaction, or some if that has done very much.
CREATE TABLE queue_events (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue  TEXT NOT NULL,
  xact   BIGINT NOT NULL, -- PostgreSQL's id of the transaction, for numbers are not given in the order of commits; else 0
  at     BIGINT NOT NULL,
  count  INTEGER NOT NULL,
  bytes  INTEGER NOT NULL,
  events TEXT NOT NULL -- a JSON array
);

CREATE INDEX queue_events_order ON queue_events (queue, xact, number);

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
