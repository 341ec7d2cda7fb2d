import { Link } from 'react-router';
import type { Job } from '../../api/types';
import { JobStateBadge } from '../../ui/StatusBadge';
import { RelativeTime } from '../../ui/Time';
import { jobPath } from './paths';

export function JobRow({ job }: { job: Job }) {
  return (
    <li className="job-row">
      <JobStateBadge state={job.state} />
      <div className="job-row-main">
        <Link to={jobPath(job.queue, job.id)} className="row-link">
          {job.name}
        </Link>
        <p className="muted">
          <code>{job.id}</code>
          {job.state === 'failed' && job.failedReason && (
            <span className="job-row-error">{job.failedReason}</span>
          )}
        </p>
      </div>
      <span className="job-row-number" title="Attempts that have ended, of those it may have">
        {job.attemptsMade}/{job.opts.attempts} <span className="muted">tries</span>
      </span>
      <span className="tag" title="Priority: 0 is taken first">
        P{job.opts.priority}
      </span>
      <span className="job-row-time muted">
        <When job={job} />
      </span>
    </li>
  );
}

/** The moment that counts in its state. */
function When({ job }: { job: Job }) {
  if (job.state === 'delayed' && job.runAt) {
    return (
      <>
        due <RelativeTime at={job.runAt} />
      </>
    );
  }
  const started = job.state === 'active' ? job.processedAt : undefined;
  return <RelativeTime at={job.finishedAt ?? started ?? job.createdAt} />;
}
