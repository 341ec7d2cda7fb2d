import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { messageOf } from '../../api/problem';
import { listJobs } from '../../api/queues';
import type { JobState } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { Empty } from '../../ui/Empty';
import { LoadMore } from '../../ui/LoadMore';
import { Skeleton } from '../../ui/Skeleton';
import { JobRow } from './JobRow';
import { REFRESH_MILLIS } from './refresh';
import type { Search } from './search';
import { isSearch } from './search';

/** A search goes on by itself until it has so many, or was answered so often. */
const ENOUGH = 25;
const MAX_ANSWERS = 30;

interface Props {
  queue: string;
  state: JobState | undefined;
  search: Search;
}

export function JobList({ queue, state, search }: Props) {
  const searching = isSearch(search);
  const query = useInfiniteQuery({
    queryKey: ['jobs', queue, state, search],
    queryFn: ({ pageParam, signal }) => listJobs(queue, state, search, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // A search reads many jobs; what it has found stays as it was.
    refetchInterval: searching ? false : REFRESH_MILLIS,
  });
  const pages = query.data?.pages ?? [];
  const jobs = pages.flatMap((page) => page.items);
  const goesOn = searching && query.hasNextPage && jobs.length < ENOUGH && pages.length < MAX_ANSWERS;
  const { isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (goesOn && !isFetching && !isError) void fetchNextPage();
  }, [goesOn, isFetching, isError, fetchNextPage]);
  const looking = query.isPending || (goesOn && !isError);
  return (
    <>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {searching && (
        <p className="muted search-status" role="status">
          {looking ? `Searching … ${jobs.length} found` : found(jobs.length, query.hasNextPage)}
        </p>
      )}
      {looking && jobs.length === 0 && <Skeleton lines={5} label="Loading jobs" />}
      {!looking && query.data && jobs.length === 0 && (
        <Empty title={searching ? 'No job has it' : state ? `No ${state} jobs` : 'No jobs'}>
          <p className="muted">
            Of finished jobs the newest thousand are kept, if they do not say otherwise.
          </p>
        </Empty>
      )}
      {jobs.length > 0 && (
        <ul className="rows" aria-label="Jobs">
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </ul>
      )}
      {!looking && <LoadMore query={query} />}
    </>
  );
}

function found(jobs: number, more: boolean): string {
  const count = `${jobs} ${jobs === 1 ? 'job' : 'jobs'} found`;
  return more ? `${count}, not all looked at` : count;
}
