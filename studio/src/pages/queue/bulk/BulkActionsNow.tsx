import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { listBulkActions } from '../../../api/queues';
import { useNow } from '../../../ui/useNow';
import { REFRESH_MILLIS } from '../refresh';
import { BulkRow } from './BulkRow';
import { isUnfinished } from './bulk';

/** As many as may be unfinished at once, and more. */
const NEWEST = 10;

/** For so long how one ended is shown beside the jobs. */
const SHOWN_MILLIS = 30_000;

/** The bulk actions of a queue that go on, or have just ended. */
export function BulkActionsNow({ queue }: { queue: string }) {
  const queries = useQueryClient();
  const now = useNow();
  const { data } = useQuery({
    queryKey: ['bulk-actions', queue, 'now'],
    queryFn: ({ signal }) => listBulkActions(queue, NEWEST, undefined, signal),
    refetchInterval: ({ state }) =>
      state.data?.items.some(isUnfinished) ? REFRESH_MILLIS / 4 : REFRESH_MILLIS,
  });
  const unfinished = data?.items.filter(isUnfinished).length ?? 0;
  useEffect(() => {
    if (unfinished === 0) return;
    // Once it has ended: what a search has found stays as it was, but for this.
    return () => void queries.invalidateQueries({ queryKey: ['jobs', queue] });
  }, [unfinished, queries, queue]);
  const shown = data?.items.filter(
    (action) =>
      isUnfinished(action) || (action.finishedAt && now - Date.parse(action.finishedAt) < SHOWN_MILLIS),
  );
  return shown && shown.length > 0 ? (
    <ul className="rows bulk-now" aria-label="Bulk actions now">
      {shown.map((action) => (
        <BulkRow key={action.id} action={action} />
      ))}
    </ul>
  ) : null;
}
