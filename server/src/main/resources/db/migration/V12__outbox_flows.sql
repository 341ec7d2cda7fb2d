-- Flows on their way to queues that lie in another store.
ALTER TABLE queue_outbox RENAME TO queue_outbox_before;

CREATE TABLE queue_outbox (
  number        INTEGER PRIMARY KEY AUTOINCREMENT,
  queue         TEXT NOT NULL,
  id            TEXT NOT NULL,
  name          TEXT, -- of the job to add; null if it is to be removed
  data          TEXT,
  options       TEXT, -- BullMQ's, in JSON
  added_at      BIGINT NOT NULL,
  claimed_until BIGINT NOT NULL, -- a process does it until then
  flow          TEXT -- the jobs to add with it, itself the first, in JSON
);

INSERT INTO queue_outbox (number, queue, id, name, data, options, added_at, claimed_until)
SELECT number, queue, id, name, data, options, added_at, claimed_until FROM queue_outbox_before;

DROP TABLE queue_outbox_before;

CREATE INDEX queue_outbox_free ON queue_outbox (claimed_until, number);

CREATE INDEX queue_outbox_jobs ON queue_outbox (queue, id);
