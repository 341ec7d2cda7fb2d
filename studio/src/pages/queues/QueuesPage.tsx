import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '../../api/problem';
import { listQueues } from '../../api/queues';
import { useMay } from '../../app/session';
import { useTitle } from '../../app/useTitle';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { LoadMore } from '../../ui/LoadMore';
import { Skeleton } from '../../ui/Skeleton';
import { AddJobDialog } from '../queue/AddJobDialog';
import { REFRESH_MILLIS } from '../queue/refresh';
import { QueueRow } from './QueueRow';
import './queues.css';

const FIRST = `curl ${location.origin}/api/queues/mail/jobs \\
  -H "Authorization: Bearer $MAINSTAY_KEY" -H "Content-Type: application/json" \\
  -d '{"name": "welcome", "data": {"to": "a@example.com"}}'

./mainstay queue work mail --exec './send-mail.py'`;

export function QueuesPage() {
  useTitle('Queues');
  const [adding, setAdding] = useState(false);
  const mayAdd = useMay('queues:write');
  const query = useInfiniteQuery({
    queryKey: ['queues'],
    queryFn: ({ pageParam, signal }) => listQueues(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: REFRESH_MILLIS,
  });
  const queues = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <header className="page-head">
        <h1>Queues</h1>
        {mayAdd && (
          <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
            New job
          </Button>
        )}
      </header>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.isPending && <Skeleton lines={4} label="Loading queues" />}
      {query.data && queues.length === 0 && (
        <Empty title="No queues yet">
          <p>The first job makes its queue. A worker in any language runs it, again if it fails or dies.</p>
          <pre className="code">{FIRST}</pre>
        </Empty>
      )}
      {queues.length > 0 && (
        <ul className="rows" aria-label="Queues">
          {queues.map((queue) => (
            <QueueRow key={queue.name} queue={queue} />
          ))}
        </ul>
      )}
      <LoadMore query={query} />
      {adding && <AddJobDialog onClose={() => setAdding(false)} />}
    </div>
  );
}
