import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { deleteTask } from '../../api/tasks';
import { useMay } from '../../app/session';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';

/** For a task that has ended. */
export function DeleteTask({ id }: { id: string }) {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { mutate, reset, isPending, error } = useMutation({
    mutationFn: () => deleteTask(id),
    onSuccess: async () => {
      await navigate('/tasks', { replace: true });
      queries.removeQueries({ queryKey: ['task', id] });
      await queries.invalidateQueries({ queryKey: ['tasks'] });
    },
  });
  if (!useMay('tasks:write')) return null;
  return (
    <>
      <Button kind="quiet" icon="trash" onClick={() => setAsking(true)}>
        Delete
      </Button>
      {asking && (
        <ConfirmDialog
          title="Delete this task?"
          confirm="Delete the task"
          busy={isPending}
          error={error}
          onConfirm={() => mutate()}
          onClose={() => {
            reset();
            setAsking(false);
          }}
        >
          <p>
            Its messages, steps, reviews and events are removed for good. A branch that was pushed stays in
            the repository.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
