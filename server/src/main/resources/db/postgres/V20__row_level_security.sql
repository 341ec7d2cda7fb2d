-- Row-level security: what is done for an organization runs as the role mainstay_app, which sees the rows of that organization
-- alone. The role is made before this runs (TenantRoleCheck), for it belongs to all databases of a server. The server itself
-- works as the owner of the tables, for whom the policies do not hold. A table with an organization_id has a policy, also
-- if the role may not reach it; a test looks.
DO $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO mainstay_app', current_schema());
END $$;

-- The organization that the transaction works for; null if none, so that nothing is seen. A user of another database of this
-- server, who may take the same role, is nobody here.
CREATE FUNCTION mainstay_tenant() RETURNS TEXT STABLE PARALLEL SAFE LANGUAGE sql
  RETURN CASE WHEN has_table_privilege(session_user, 'keyring'::regclass, 'SELECT')
    THEN nullif(current_setting('mainstay.organization', true), '') END;

-- What requests and runs of an organization need.
GRANT SELECT, INSERT, UPDATE ON tasks TO mainstay_app;
GRANT SELECT, INSERT ON messages TO mainstay_app;
GRANT SELECT, INSERT, UPDATE ON tool_calls TO mainstay_app;
GRANT SELECT, INSERT ON model_calls TO mainstay_app;
GRANT SELECT, INSERT, UPDATE ON task_inputs TO mainstay_app;
GRANT SELECT, INSERT, UPDATE ON reviews TO mainstay_app;
GRANT SELECT, INSERT ON task_events TO mainstay_app;
GRANT SELECT, INSERT, UPDATE ON task_work TO mainstay_app;
GRANT SELECT, INSERT, DELETE ON queues TO mainstay_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON bulk_actions TO mainstay_app;
GRANT SELECT, INSERT, UPDATE ON idempotency_keys TO mainstay_app;
GRANT SELECT, INSERT ON audit_log TO mainstay_app;
GRANT SELECT ON members TO mainstay_app;
GRANT SELECT ON organization_roles TO mainstay_app;

-- Not the hashes of secrets.
GRANT SELECT (id, organization_id, user_id, name, prefix, scopes, created_at, last_used_at, revoked_at, owned_by_organization,
  own_prefix, enabled, expires_at, remaining, refill_amount, refill_interval, refill_at, last_refill_at, rate_limit_enabled,
  rate_limit_max, rate_limit_window, metadata, updated_at, rotated_from, rotated_to), INSERT,
  UPDATE (expires_at, revoked_at, updated_at, rotated_to) ON api_keys TO mainstay_app;
GRANT SELECT (id, organization_id, api_key_id) ON sessions TO mainstay_app;

ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tasks TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON messages TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE tool_calls ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tool_calls TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE model_calls ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON model_calls TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE task_inputs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON task_inputs TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE reviews ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON reviews TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE task_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON task_events TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE task_work ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON task_work TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE queues ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queues TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE bulk_actions ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON bulk_actions TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON idempotency_keys TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_log TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE members ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON members TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE organization_roles ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organization_roles TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON api_keys TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sessions TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE sign_in_links ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON sign_in_links TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON users TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON invitations TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE teams ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON teams TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE team_members ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON team_members TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE organization_domains ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organization_domains TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE membership_requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON membership_requests TO mainstay_app USING (organization_id = (SELECT mainstay_tenant()));
ALTER TABLE organizations ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organizations TO mainstay_app USING (id = (SELECT mainstay_tenant()));

-- The queue's tables. An organization's queues are called '<organization_id>/<name>'; the server's own, such as the one of
-- agent runs, have no slash and are nobody's: Tx.asServer reaches them. To coalesce keeps PostgreSQL from taking the comparison for one
-- that leaves next to no rows, for which it would sort a queue instead of reading it in order.
GRANT SELECT, INSERT, UPDATE, DELETE ON queue_jobs TO mainstay_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON queue_settings TO mainstay_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON queue_groups TO mainstay_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON queue_rate_uses TO mainstay_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON queue_deduplications TO mainstay_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON queue_schedulers TO mainstay_app;
GRANT SELECT, INSERT, DELETE ON queue_events TO mainstay_app;
GRANT SELECT, INSERT, UPDATE ON queue_event_gaps TO mainstay_app;
GRANT SELECT, DELETE ON queue_metrics TO mainstay_app;
GRANT SELECT, DELETE ON queue_workers TO mainstay_app;
GRANT SELECT, INSERT ON queue_outbox TO mainstay_app;
GRANT SELECT, DELETE ON queue_job_logs TO mainstay_app;
GRANT SELECT, INSERT, UPDATE ON queue_parents TO mainstay_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON queue_children TO mainstay_app;

ALTER TABLE queue_jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_jobs TO mainstay_app USING (coalesce(starts_with(queue, (SELECT mainstay_tenant()) || '/'), false));
ALTER TABLE queue_settings ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_settings TO mainstay_app USING (coalesce(starts_with(queue, (SELECT mainstay_tenant()) || '/'), false));
ALTER TABLE queue_groups ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_groups TO mainstay_app USING (coalesce(starts_with(queue, (SELECT mainstay_tenant()) || '/'), false));
ALTER TABLE queue_rate_uses ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_rate_uses TO mainstay_app USING (coalesce(starts_with(queue, (SELECT mainstay_tenant()) || '/'), false));
ALTER TABLE queue_deduplications ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_deduplications TO mainstay_app USING (coalesce(starts_with(queue, (SELECT mainstay_tenant()) || '/'), false));
ALTER TABLE queue_schedulers ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_schedulers TO mainstay_app USING (coalesce(starts_with(queue, (SELECT mainstay_tenant()) || '/'), false));
ALTER TABLE queue_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_events TO mainstay_app USING (coalesce(starts_with(queue, (SELECT mainstay_tenant()) || '/'), false));
ALTER TABLE queue_event_gaps ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_event_gaps TO mainstay_app USING (coalesce(starts_with(queue, (SELECT mainstay_tenant()) || '/'), false));
ALTER TABLE queue_metrics ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_metrics TO mainstay_app USING (coalesce(starts_with(queue, (SELECT mainstay_tenant()) || '/'), false));
ALTER TABLE queue_workers ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_workers TO mainstay_app USING (coalesce(starts_with(queue, (SELECT mainstay_tenant()) || '/'), false));
ALTER TABLE queue_outbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_outbox TO mainstay_app USING (coalesce(starts_with(queue, (SELECT mainstay_tenant()) || '/'), false));

-- What belongs to a job that can be seen.
ALTER TABLE queue_job_logs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_job_logs TO mainstay_app
  USING (EXISTS (SELECT FROM queue_jobs job WHERE job.sequence = queue_job_logs.sequence));
ALTER TABLE queue_parents ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_parents TO mainstay_app
  USING (EXISTS (SELECT FROM queue_jobs job WHERE job.sequence = queue_parents.sequence));
ALTER TABLE queue_children ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_children TO mainstay_app
  USING (EXISTS (SELECT FROM queue_jobs job WHERE job.sequence = queue_children.parent_sequence));
