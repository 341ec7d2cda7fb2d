-- Which data directory has the task's workspace; a run that goes on elsewhere begins with another one.
ALTER TABLE tasks ADD COLUMN workspace_store TEXT;

-- What a run has made so far, for other machines: kept when it ends, waits or leaves its node.
CREATE TABLE task_work (
  task_id         TEXT    NOT NULL PRIMARY KEY REFERENCES tasks (id),
  organization_id TEXT    NOT NULL REFERENCES organizations (id),
  message_ordinal INTEGER NOT NULL, -- of the newest message that it belongs to
  commit_id       TEXT,             -- on top of the task's base; null if nothing has changed
  bundle          BLOB,             -- a Git bundle of the commit; null if it is too large, or no longer needed
  diff            TEXT    NOT NULL,
  saved_at        BIGINT  NOT NULL
);
CREATE INDEX task_work_bundles ON task_work (saved_at) WHERE bundle IS NOT NULL;
