import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { messageOf } from '../../api/problem';
import { cancelJob, promoteJob, removeJob, retryJob } from '../../api/queues';
import type { Job } from '../../api/types';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { queuePath } from '../queue/paths';
import { useQueueAct } from '../queue/useQueueAct';

export function JobActions({ job }: { job: Job }) {
  const [asking, setAsking] = useState<'cancel' | 'remove'>();
  const navigate = useNavigate();
  const retry = useQueueAct(job.queue, () => retryJob(job.queue, job.id));
  const promote = useQueueAct(job.queue, () => promoteJob(job.queue, job.id));
  const cancel = useQueueAct(job.queue, () => cancelJob(job.queue, job.id));
  // Leaves the page first: what is shown here may be found gone before the answer is dealt with.
  const remove = useMutation({
    mutationFn: () => removeJob(job.queue, job.id),
    onSuccess: () => navigate(queuePath(job.queue)),
  });
  const finished = job.state === 'failed' || job.state === 'completed';
  const error = retry.error ?? promote.error;
  const close = () => {
    cancel.reset();
    remove.reset();
    setAsking(undefined);
  };
  return (
    <div className="page-actions">
      {error && <span className="field-error">{messageOf(error)}</span>}
      {finished && (
        <Button icon="retry" busy={retry.isPending} onClick={() => retry.mutate()}>
          Retry
        </Button>
      )}
      {job.state === 'delayed' && (
        <Button icon="play" busy={promote.isPending} onClick={() => promote.mutate()}>
          Run now
        </Button>
      )}
      {!finished && (
        <Button kind="quiet" icon="close" onClick={() => setAsking('cancel')}>
          Cancel job
        </Button>
      )}
      {job.state !== 'active' && (
        <Button kind="quiet" icon="trash" onClick={() => setAsking('remove')}>
          Remove
        </Button>
      )}
      {asking === 'cancel' && (
        <ConfirmDialog
          title="Cancel this job?"
          confirm="Cancel the job"
          busy={cancel.isPending}
          error={cancel.error}
          onConfirm={() => cancel.mutate(undefined, { onSuccess: close })}
          onClose={close}
        >
          <p>It fails, and is not tried again by itself. A handler that runs is interrupted.</p>
        </ConfirmDialog>
      )}
      {asking === 'remove' && (
        <ConfirmDialog
          title="Remove this job?"
          confirm="Remove the job"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={close}
        >
          <p>The job goes with its result and its log. This cannot be undone.</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
