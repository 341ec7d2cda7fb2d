-- Flows on their way to queues that lie in another store.
ALTER TABLE queue_outbox ADD COLUMN flow TEXT; -- the jobs to add with it, itself the first, in JSON
