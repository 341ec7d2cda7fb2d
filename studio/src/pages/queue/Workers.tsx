import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { messageOf } from '../../api/problem';
import { listWorkers } from '../../api/queues';
import type { QueueWorker } from '../../api/types';
import { count } from '../../format/format';
import { Banner } from '../../ui/Banner';
import { Empty } from '../../ui/Empty';
import { LoadMore } from '../../ui/LoadMore';
import { Skeleton } from '../../ui/Skeleton';
import { RelativeTime } from '../../ui/Time';
import { jobPath } from './paths';
import { REFRESH_MILLIS } from './refresh';

/** Who works on the queue now, in any process, and on what. */
export function Workers({ queue }: { queue: string }) {
  const query = useInfiniteQuery({
    queryKey: ['workers', queue],
    queryFn: ({ pageParam, signal }) => listWorkers(queue, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: REFRESH_MILLIS,
  });
  const workers = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.isPending && <Skeleton lines={5} label="Loading workers" />}
      {query.data && workers.length === 0 && (
        <Empty title="No workers">
          <p className="muted">
            Jobs wait until there is one: <code>mainstay queue work {queue} --exec COMMAND</code> is a worker
            for any language.
          </p>
        </Empty>
      )}
      {workers.length > 0 && (
        <ul className="rows" aria-label="Workers">
          {workers.map((worker) => (
            <WorkerRow key={worker.id} queue={queue} worker={worker} />
          ))}
        </ul>
      )}
      <LoadMore query={query} />
    </>
  );
}

function WorkerRow({ queue, worker }: { queue: string; worker: QueueWorker }) {
  const more = worker.active - worker.jobs.length;
  return (
    <li className="wide-row worker-row">
      <span className="wide-row-main">
        <span className="break">{worker.name ?? worker.id}</span>
        {worker.library !== 'mainstay' && <span className="tag">{worker.library}</span>}
        <span className="muted worker-place">{place(worker)}</span>
      </span>
      <span>
        {count(worker.active)}
        {worker.concurrency != null && ` of ${count(worker.concurrency)}`} active
      </span>
      <span className="muted wide-row-end">
        {worker.startedAt ? (
          <>
            started <RelativeTime at={worker.startedAt} />
          </>
        ) : (
          worker.seenAt && (
            <>
              seen <RelativeTime at={worker.seenAt} />
            </>
          )
        )}
      </span>
      {worker.jobs.length > 0 && (
        <ul className="worker-jobs" aria-label="Its jobs">
          {worker.jobs.map((id) => (
            <li key={id}>
              <Link to={jobPath(queue, id)} className="mono">
                {id}
              </Link>
            </li>
          ))}
          {more > 0 && <li className="muted">{count(more)} more</li>}
        </ul>
      )}
    </li>
  );
}

function place(worker: QueueWorker): string {
  return [worker.host, worker.pid != null && `process ${worker.pid}`].filter(Boolean).join(', ');
}
