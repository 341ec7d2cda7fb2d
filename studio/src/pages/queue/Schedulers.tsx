import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { messageOf } from '../../api/problem';
import { listSchedulers, removeScheduler } from '../../api/queues';
import type { JobScheduler } from '../../api/types';
import { useMay } from '../../app/session';
import { count } from '../../format/format';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Empty } from '../../ui/Empty';
import { LoadMore } from '../../ui/LoadMore';
import { Skeleton } from '../../ui/Skeleton';
import { RelativeTime } from '../../ui/Time';
import { jobPath } from './paths';
import { REFRESH_MILLIS } from './refresh';
import { SchedulerDialog } from './SchedulerDialog';
import { scheduleWords } from './scheduler';
import { useQueueAct } from './useQueueAct';

export function Schedulers({ queue }: { queue: string }) {
  const mayOperate = useMay('queues:operate');
  const [making, setMaking] = useState(false);
  const [changing, setChanging] = useState<JobScheduler>();
  const [removing, setRemoving] = useState<JobScheduler>();
  const remove = useQueueAct(queue, (id: string) => removeScheduler(queue, id));
  const query = useInfiniteQuery({
    queryKey: ['schedulers', queue],
    queryFn: ({ pageParam, signal }) => listSchedulers(queue, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: REFRESH_MILLIS,
  });
  const schedulers = query.data?.pages.flatMap((page) => page.items) ?? [];
  const closeRemoving = () => {
    remove.reset();
    setRemoving(undefined);
  };
  return (
    <>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.isPending && <Skeleton lines={5} label="Loading schedulers" />}
      {mayOperate && query.data && (
        <p className="list-actions">
          <Button icon="plus" onClick={() => setMaking(true)}>
            New scheduler
          </Button>
        </p>
      )}
      {query.data && schedulers.length === 0 && (
        <Empty title="No schedulers">
          <p className="muted">A scheduler adds jobs by a cron pattern or at an interval.</p>
        </Empty>
      )}
      {schedulers.length > 0 && (
        <ul className="rows" aria-label="Schedulers">
          {schedulers.map((scheduler) => (
            <li key={scheduler.id} className="wide-row">
              <div className="wide-row-main">
                <span className="break">{scheduler.id}</span>
                <p className="muted">
                  {scheduler.template.name}, <code>{scheduleWords(scheduler)}</code>
                </p>
              </div>
              <span>{jobsAdded(scheduler)}</span>
              <span className="wide-row-end">
                <Next queue={queue} scheduler={scheduler} />
              </span>
              {mayOperate && (
                <span className="wide-row-actions">
                  <Button kind="quiet" icon="pencil" onClick={() => setChanging(scheduler)}>
                    Change
                  </Button>
                  <Button kind="quiet" icon="trash" onClick={() => setRemoving(scheduler)}>
                    Remove
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      <LoadMore query={query} />
      {making && <SchedulerDialog queue={queue} onClose={() => setMaking(false)} />}
      {changing && (
        <SchedulerDialog queue={queue} scheduler={changing} onClose={() => setChanging(undefined)} />
      )}
      {removing && (
        <ConfirmDialog
          title={`Remove the scheduler “${removing.id}”?`}
          confirm="Remove the scheduler"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(removing.id, { onSuccess: closeRemoving })}
          onClose={closeRemoving}
        >
          <p>Its next job goes with it, unless that is active.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function jobsAdded({ iterationCount, limit }: JobScheduler): string {
  if (limit != null) return `${count(iterationCount)} of ${count(limit)} jobs`;
  return iterationCount === 1 ? 'one job' : `${count(iterationCount)} jobs`;
}

function Next({ queue, scheduler }: { queue: string; scheduler: JobScheduler }) {
  if (scheduler.next == null) return <span className="muted">over</span>;
  const id = `repeat:${scheduler.id}:${Date.parse(scheduler.next)}`;
  return (
    <Link to={jobPath(queue, id)}>
      next <RelativeTime at={scheduler.next} />
    </Link>
  );
}
