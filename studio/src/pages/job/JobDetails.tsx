import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Job } from '../../api/types';
import { count, duration } from '../../format/format';
import { Detail } from '../../ui/Detail';
import { Elapsed, RelativeTime } from '../../ui/Time';
import { viewPath } from '../queue/paths';

type Kept = Job['opts']['removeOnComplete'];

/** Its life and its options, beside what it carries. */
export function JobDetails({ job }: { job: Job }) {
  const { opts } = job;
  return (
    <aside className="job-details" aria-label="Details">
      <dl>
        <Detail label="Id">
          <code className="break">{job.id}</code>
        </Detail>
        <Moment label="Added" at={job.createdAt} />
        <Moment label="Due" at={job.runAt} />
        <Moment label="Last started" at={job.processedAt} />
        <Moment label="Finished" at={job.finishedAt} />
        {job.processedAt && (job.finishedAt ?? job.state === 'active') && (
          <Detail label="Last attempt took">
            <Elapsed from={job.processedAt} to={job.finishedAt} />
          </Detail>
        )}
        {job.processedBy && (
          <Detail label="Worker">
            <code className="break">{job.processedBy}</code>
          </Detail>
        )}
        <Detail label="Attempts">
          {job.attemptsMade} of {opts.attempts}
          {opts.attempts > 1 && opts.backoff.delay > 0 && (
            <span className="muted">
              {' '}
              ({opts.backoff.type}, {duration(opts.backoff.delay)})
            </span>
          )}
        </Detail>
        {job.stalledCount > 0 && <Detail label="Lost by workers">{job.stalledCount}</Detail>}
        {job.schedulerId != null && (
          <Detail label="Scheduler">
            <Link to={viewPath(job.queue, 'schedulers')}>{job.schedulerId}</Link>
          </Detail>
        )}
        {opts.group && (
          <Detail label="Group">
            <Link to={viewPath(job.queue, 'groups')}>{opts.group.id}</Link>
          </Detail>
        )}
        {opts.units > 1 && <Detail label="Units">{count(opts.units)}</Detail>}
        {opts.deduplication && (
          <Detail label="Deduplication id">
            <code className="break">{opts.deduplication.id}</code>
          </Detail>
        )}
        <Detail label="Priority">
          {opts.priority}
          {opts.lifo && ', last in, first out'}
        </Detail>
        {opts.delay > 0 && <Detail label="Delay">{duration(opts.delay)}</Detail>}
        {opts.timeout != null && <Detail label="Time-out">{duration(opts.timeout)}</Detail>}
        <Detail label="Kept once completed">{kept(opts.removeOnComplete)}</Detail>
        <Detail label="Kept once failed">{kept(opts.removeOnFail)}</Detail>
      </dl>
    </aside>
  );
}

function Moment({ label, at }: { label: string; at: string | null | undefined }): ReactNode {
  return at ? (
    <Detail label={label}>
      <RelativeTime at={at} />
    </Detail>
  ) : null;
}

function kept({ age, count: most }: Kept): string {
  if (most === 0) return 'no';
  const newest = most == null ? 'all' : `the newest ${count(most)}`;
  return age == null ? newest : `${newest}, up to ${duration(age * 1000)}`;
}
