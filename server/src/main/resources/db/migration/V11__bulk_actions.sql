-- What is to be done to all jobs of a queue that match, how far that is, and how it went.
CREATE TABLE bulk_actions (
  id              TEXT NOT NULL PRIMARY KEY, -- of its job in the queue "bulk-actions" too
  organization_id TEXT NOT NULL,
  queue           TEXT NOT NULL,
  action          TEXT NOT NULL,
  state           TEXT NOT NULL, -- of the jobs
  name            TEXT,          -- of the jobs; any if null
  text            TEXT,          -- in the jobs; any if null
  reason          TEXT,
  status          TEXT NOT NULL,
  token           BIGINT NOT NULL,  -- of the newest claim; what an older one writes is refused
  total           BIGINT,           -- jobs of the state as it began
  scanned         BIGINT NOT NULL,
  changed         BIGINT NOT NULL,
  skipped         BIGINT NOT NULL,
  place           TEXT,          -- in the list of jobs: all before it is done
  error           TEXT,
  created_by      TEXT NOT NULL REFERENCES users (id),
  created_at      BIGINT NOT NULL,
  started_at      BIGINT,
  finished_at     BIGINT,
  FOREIGN KEY (organization_id, queue) REFERENCES queues (organization_id, name) ON DELETE CASCADE
);
CREATE INDEX bulk_actions_queue ON bulk_actions (organization_id, queue, id);
