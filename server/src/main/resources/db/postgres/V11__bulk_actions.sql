-- What is to be done to all jobs of a queue that match, how far that is, and how it went.
CREATE TABLE bulk_actions (
  id              TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- of its job in the queue "bulk-actions" too
  organization_id TEXT COLLATE "C" NOT NULL,
  queue           TEXT COLLATE "C" NOT NULL,
  action          TEXT COLLATE "C" NOT NULL,
  state           TEXT COLLATE "C" NOT NULL, -- of the jobs
  name            TEXT COLLATE "C",          -- of the jobs; any if null
  text            TEXT COLLATE "C",          -- in the jobs; any if null
  reason          TEXT COLLATE "C",
  status          TEXT COLLATE "C" NOT NULL,
  token           BIGINT NOT NULL,  -- of the newest claim; what an older one writes is refused
  total           BIGINT,           -- jobs of the state as it began
  scanned         BIGINT NOT NULL,
  changed         BIGINT NOT NULL,
  skipped         BIGINT NOT NULL,
  place           TEXT COLLATE "C",          -- in the list of jobs: all before it is done
  error           TEXT COLLATE "C",
  created_by      TEXT COLLATE "C" NOT NULL REFERENCES users (id),
  created_at      BIGINT NOT NULL,
  started_at      BIGINT,
  finished_at     BIGINT,
  FOREIGN KEY (organization_id, queue) REFERENCES queues (organization_id, name) ON DELETE CASCADE
);
CREATE INDEX bulk_actions_queue ON bulk_actions (organization_id, queue, id);
