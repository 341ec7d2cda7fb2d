-- What is still to be done in queues that lie in another store.
CREATE TABLE queue_outbox (
  number        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queue         TEXT NOT NULL,
  id            TEXT NOT NULL,
  name          TEXT, -- of the job to add; null if it is to be removed
  data          TEXT,
  options       TEXT, -- BullMQ's, in JSON
  added_at      BIGINT NOT NULL,
  claimed_until BIGINT NOT NULL -- a process does it until then
);

CREATE INDEX queue_outbox_free ON queue_outbox (claimed_until, number);

CREATE INDEX queue_outbox_jobs ON queue_outbox (queue, id);
