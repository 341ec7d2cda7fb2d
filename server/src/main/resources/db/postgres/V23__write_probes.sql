-- A process writes a row here and deletes it in the same transaction, to find out whether a write would succeed now.
CREATE TABLE write_probes (
  id TEXT COLLATE "C" NOT NULL PRIMARY KEY
);

-- The filters of the list of tasks and of the audit log that had none.
CREATE INDEX tasks_organization_priority ON tasks (organization_id, priority, id);
CREATE INDEX audit_log_action ON audit_log (organization_id, action, id);
