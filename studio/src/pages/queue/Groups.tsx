import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { messageOf } from '../../api/problem';
import { listGroups } from '../../api/queues';
import type { JobGroup } from '../../api/types';
import { useMay } from '../../app/session';
import { count } from '../../format/format';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { LoadMore } from '../../ui/LoadMore';
import { Skeleton } from '../../ui/Skeleton';
import { GroupLimitDialog } from './GroupLimitDialog';
import { limitWords } from './limits';
import { REFRESH_MILLIS } from './refresh';

/** Groups with something to do, and those with limits of their own. */
export function Groups({ queue }: { queue: string }) {
  const mayOperate = useMay('queues:operate');
  const [limiting, setLimiting] = useState<JobGroup>();
  const query = useInfiniteQuery({
    queryKey: ['groups', queue],
    queryFn: ({ pageParam, signal }) => listGroups(queue, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: REFRESH_MILLIS,
  });
  const groups = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.isPending && <Skeleton lines={5} label="Loading groups" />}
      {query.data && groups.length === 0 && (
        <Empty title="No groups">
          <p className="muted">
            Jobs whose <code>opts.group.id</code> names a tenant are taken from each tenant in turn.
          </p>
        </Empty>
      )}
      {groups.length > 0 && (
        <ul className="rows" aria-label="Groups">
          {groups.map((group) => (
            <li key={group.id} className="wide-row">
              <span className="wide-row-main break">{group.id}</span>
              <span>{count(group.waiting)} waiting</span>
              <span>{count(group.active)} active</span>
              <span className="muted wide-row-end">
                {group.limits ? limitWords(group.limits).join(', ') || 'no limits' : 'as every group'}
              </span>
              {mayOperate && (
                <Button kind="quiet" onClick={() => setLimiting(group)}>
                  Limits …
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <LoadMore query={query} />
      {limiting && <GroupLimitDialog queue={queue} group={limiting} onClose={() => setLimiting(undefined)} />}
    </>
  );
}
