import { useInfiniteQuery } from '@tanstack/react-query';
import { messageOf } from '../../api/problem';
import { listLogs } from '../../api/queues';
import type { Job } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { LoadMore } from '../../ui/LoadMore';
import { REFRESH_MILLIS } from '../queue/refresh';

export function JobLogs({ job }: { job: Job }) {
  const query = useInfiniteQuery({
    queryKey: ['job', job.queue, job.id, 'logs'],
    queryFn: ({ pageParam, signal }) => listLogs(job.queue, job.id, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: job.state === 'active' ? REFRESH_MILLIS : false,
  });
  const lines = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section>
      <h2>Log</h2>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.data && lines.length === 0 && <p className="muted">Nothing was logged.</p>}
      {lines.length > 0 && (
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard
        <pre className="code job-log" aria-label="Log" tabIndex={0}>
          {lines.map((line) => line.text).join('\n')}
        </pre>
      )}
      <LoadMore query={query} />
    </section>
  );
}
