-- What queues are called in Redis. An instance from before this version keeps the names it has until it is told otherwise.
CREATE TABLE redis_naming (
  id           INTEGER PRIMARY KEY CHECK (id = 1),
  state        TEXT NOT NULL CHECK (state IN ('qualified', 'moving', 'handing-over', 'plain')),
  organization TEXT -- its queues have plain names; null for none
);

INSERT INTO redis_naming (id, state) SELECT 1, 'qualified' WHERE EXISTS (SELECT 1 FROM users);
