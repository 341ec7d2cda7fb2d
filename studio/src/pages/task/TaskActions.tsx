import { useState } from 'react';
import { messageOf } from '../../api/problem';
import { cancelTask, retryTask } from '../../api/tasks';
import type { Task } from '../../api/types';
import { isOver } from '../../api/types';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { DeleteTask } from './DeleteTask';
import { useAct } from './useAct';

export function TaskActions({ task }: { task: Task }) {
  const [asking, setAsking] = useState(false);
  const cancel = useAct(task.id, () => cancelTask(task.id));
  const retry = useAct(task.id, () => retryTask(task.id));
  const canceling = cancel.isSuccess && !isOver(task.status);
  return (
    <div className="task-actions">
      {retry.error && <span className="field-error">{messageOf(retry.error)}</span>}
      {(task.status === 'failed' || task.status === 'canceled') && (
        <Button busy={retry.isPending} onClick={() => retry.mutate()}>
          Retry
        </Button>
      )}
      {isOver(task.status) ? (
        <DeleteTask id={task.id} />
      ) : (
        <Button kind="quiet" icon="close" busy={canceling} onClick={() => setAsking(true)}>
          {canceling ? 'Canceling …' : 'Cancel task'}
        </Button>
      )}
      {asking && (
        <ConfirmDialog
          title="Cancel this task?"
          confirm="Cancel the task"
          busy={cancel.isPending}
          error={cancel.error}
          onConfirm={() => cancel.mutate(undefined, { onSuccess: () => setAsking(false) })}
          onClose={() => {
            cancel.reset();
            setAsking(false);
          }}
        >
          <p>The agent stops where it is and nothing is pushed. A retry goes on from its last step.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
