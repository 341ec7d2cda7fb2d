import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { messageOf } from '../../api/problem';
import {
  cleanQueue,
  drainQueue,
  pauseQueue,
  promoteDelayed,
  removeQueue,
  resumeQueue,
  retryFailed,
} from '../../api/queues';
import type { Queue } from '../../api/types';
import { count } from '../../format/format';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { LimitDialog } from './LimitDialog';
import { useQueueAct } from './useQueueAct';

interface Bulk {
  label: string;
  /** How many jobs it would change; it is not offered for none. */
  jobs: number;
  title: string;
  text: string;
  act: (queue: string) => Promise<{ count: number }>;
}

function bulks({ counts }: Queue): readonly Bulk[] {
  return [
    {
      label: 'Retry failed',
      jobs: counts.failed,
      title: `Try ${jobs(counts.failed)} again?`,
      text: 'All failed jobs wait again; their attempts go on counting.',
      act: retryFailed,
    },
    {
      label: 'Promote delayed',
      jobs: counts.delayed,
      title: `Run ${jobs(counts.delayed)} now?`,
      text: 'All delayed jobs wait now, whenever they were due.',
      act: promoteDelayed,
    },
    {
      label: 'Drain waiting',
      jobs: counts.waiting,
      title: `Remove ${jobs(counts.waiting)}?`,
      text: 'All jobs that wait are removed. This cannot be undone.',
      act: drainQueue,
    },
    {
      label: 'Clean failed',
      jobs: counts.failed,
      title: `Remove ${jobs(counts.failed)}?`,
      text: 'Up to 10,000 failed jobs are removed with their logs. This cannot be undone.',
      act: (queue) => cleanQueue(queue, 'failed'),
    },
    {
      label: 'Clean completed',
      jobs: counts.completed,
      title: `Remove ${jobs(counts.completed)}?`,
      text: 'Up to 10,000 completed jobs are removed with their results. This cannot be undone.',
      act: (queue) => cleanQueue(queue, 'completed'),
    },
  ];
}

function jobs(number: number): string {
  return number === 1 ? 'one job' : `${count(number)} jobs`;
}

export function QueueActions({ queue }: { queue: Queue }) {
  const [asked, setAsked] = useState<Bulk>();
  const [limiting, setLimiting] = useState(false);
  const [removing, setRemoving] = useState(false);
  const navigate = useNavigate();
  const pause = useQueueAct(queue.name, () =>
    queue.paused ? resumeQueue(queue.name) : pauseQueue(queue.name),
  );
  const bulk = useQueueAct(queue.name, (wanted: Bulk) => wanted.act(queue.name));
  const remove = useMutation({
    mutationFn: () => removeQueue(queue.name),
    onSuccess: () => navigate('/queues'),
  });
  const close = () => {
    bulk.reset();
    setAsked(undefined);
  };
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
          {bulks(queue).map((offered) => (
            <Button
              key={offered.label}
              kind="quiet"
              disabled={offered.jobs === 0}
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
        <ConfirmDialog
          title={asked.title}
          confirm={asked.label}
          busy={bulk.isPending}
          error={bulk.error}
          onConfirm={() => bulk.mutate(asked, { onSuccess: close })}
          onClose={close}
        >
          <p>{asked.text}</p>
        </ConfirmDialog>
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
