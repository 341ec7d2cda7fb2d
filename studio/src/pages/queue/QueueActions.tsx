import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { messageOf } from '../../api/problem';
import { pauseQueue, removeQueue, resumeQueue } from '../../api/queues';
import type { JobState, Queue } from '../../api/types';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { BulkDialog } from './bulk/BulkDialog';
import type { BulkActionType } from './bulk/bulk';
import { LimitDialog } from './LimitDialog';
import { useQueueAct } from './useQueueAct';

/** What is offered beside the list of jobs, for all of a state. */
const BULKS: readonly { label: string; action: BulkActionType; state: JobState }[] = [
  { label: 'Retry failed', action: 'retry', state: 'failed' },
  { label: 'Promote delayed', action: 'promote', state: 'delayed' },
  { label: 'Remove waiting', action: 'remove', state: 'waiting' },
  { label: 'Remove failed', action: 'remove', state: 'failed' },
  { label: 'Remove completed', action: 'remove', state: 'completed' },
];

export function QueueActions({ queue }: { queue: Queue }) {
  const [asked, setAsked] = useState<(typeof BULKS)[number]>();
  const [limiting, setLimiting] = useState(false);
  const [removing, setRemoving] = useState(false);
  const navigate = useNavigate();
  const pause = useQueueAct(queue.name, () =>
    queue.paused ? resumeQueue(queue.name) : pauseQueue(queue.name),
  );
  const remove = useMutation({
    mutationFn: () => removeQueue(queue.name),
    onSuccess: () => navigate('/queues'),
  });
  return (
    <>
      {pause.error && <span className="field-error">{messageOf(pause.error)}</span>}
      <Button icon={queue.paused ? 'play' : 'pause'} busy={pause.isPending} onClick={() => pause.mutate()}>
        {queue.paused ? 'Resume' : 'Pause'}
      </Button>
      <details className="menu" onBlur={closeWhenLeft}>
        <summary className="button">More</summary>
        <div className="menu-panel">
          <Button kind="quiet" onClick={() => setLimiting(true)}>
            Limits …
          </Button>
          {BULKS.map((offered) => (
            <Button
              key={offered.label}
              kind="quiet"
              disabled={queue.counts[offered.state] === 0}
              onClick={() => setAsked(offered)}
            >
              {offered.label} …
            </Button>
          ))}
          <Button kind="quiet" onClick={() => setRemoving(true)}>
            Remove queue …
          </Button>
        </div>
      </details>
      {limiting && <LimitDialog queue={queue} onClose={() => setLimiting(false)} />}
      {removing && (
        <ConfirmDialog
          title={`Remove the queue “${queue.name}”?`}
          confirm="Remove the queue"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => {
            remove.reset();
            setRemoving(false);
          }}
        >
          <p>All its jobs go with their results and logs. This cannot be undone.</p>
        </ConfirmDialog>
      )}
      {asked && (
        <BulkDialog
          queue={queue}
          action={asked.action}
          state={asked.state}
          search={{}}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

/** A menu that the focus has left is in the way. */
function closeWhenLeft(event: React.FocusEvent<HTMLDetailsElement>) {
  if (!event.currentTarget.contains(event.relatedTarget)) {
    event.currentTarget.open = false;
  }
}
