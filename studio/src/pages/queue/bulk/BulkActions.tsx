import { useInfiniteQuery } from '@tanstack/react-query';
import { messageOf } from '../../../api/problem';
import { listBulkActions } from '../../../api/queues';
import { Banner } from '../../../ui/Banner';
import { Empty } from '../../../ui/Empty';
import { LoadMore } from '../../../ui/LoadMore';
import { Skeleton } from '../../../ui/Skeleton';
import { REFRESH_MILLIS } from '../refresh';
import { BulkRow } from './BulkRow';

/** What was done to many jobs of a queue, the newest first. */
export function BulkActions({ queue }: { queue: string }) {
  const query = useInfiniteQuery({
    queryKey: ['bulk-actions', queue, 'all'],
    queryFn: ({ pageParam, signal }) => listBulkActions(queue, 50, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: REFRESH_MILLIS,
  });
  const actions = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.isPending && <Skeleton lines={3} label="Loading bulk actions" />}
      {query.data && actions.length === 0 && (
        <Empty title="No bulk actions">
          <p className="muted">
            Choose a state above a list of jobs, and search if you like: all that match can be retried,
            promoted, canceled or removed at once.
          </p>
        </Empty>
      )}
      {actions.length > 0 && (
        <ul className="rows" aria-label="Bulk actions">
          {actions.map((action) => (
            <BulkRow key={action.id} action={action} />
          ))}
        </ul>
      )}
      <LoadMore query={query} />
    </>
  );
}
