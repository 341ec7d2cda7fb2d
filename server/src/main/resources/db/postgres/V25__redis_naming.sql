-- What queues are called in Redis. An instance from before this version keeps the names it has until it is told otherwise.
CREATE TABLE redis_naming (
  id           INTEGER PRIMARY KEY, -- 1, for there is one row
  state        TEXT COLLATE "C" NOT NULL, -- qualified, moving, handing-over or plain
  organization TEXT COLLATE "C" -- its queues have plain names; null for none
);

INSERT INTO redis_naming (id, state) SELECT 1, 'qualified' WHERE EXISTS (SELECT 1 FROM users);

-- Who stores events of queues says which number was the last before it.
GRANT SELECT ON SEQUENCE queue_events_number_seq TO mainstay_app;
