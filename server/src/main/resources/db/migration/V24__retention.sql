-- When a finished task's events were removed but for the last; null as long as there is something to remove.
ALTER TABLE tasks ADD COLUMN events_pruned_at BIGINT;
CREATE INDEX tasks_events_kept ON tasks (finished_at) WHERE events_pruned_at IS NULL;
CREATE INDEX tasks_ended ON tasks (finished_at, id) WHERE finished_at IS NOT NULL;

-- What is deleted with its task is found by it.
CREATE INDEX task_inputs_task ON task_inputs (task_id);
CREATE INDEX model_calls_messages ON model_calls (message_id) WHERE message_id IS NOT NULL;
