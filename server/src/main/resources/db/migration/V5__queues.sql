-- The queues that organizations have made. The jobs of one are in queue_jobs, under '<organization_id>/<name>'.
CREATE TABLE queues (
  organization_id TEXT   NOT NULL REFERENCES organizations (id),
  name            TEXT   NOT NULL,
  created_at      BIGINT NOT NULL,
  PRIMARY KEY (organization_id, name)
);
