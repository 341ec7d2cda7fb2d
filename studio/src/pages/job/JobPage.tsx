import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { getJob } from '../../api/queues';
import type { Job } from '../../api/types';
import { useMay } from '../../app/session';
import { useTitle } from '../../app/useTitle';
import { Banner } from '../../ui/Banner';
import { NotLoaded } from '../../ui/NotLoaded';
import { JobStateBadge } from '../../ui/StatusBadge';
import { queuePath } from '../queue/paths';
import { REFRESH_MILLIS } from '../queue/refresh';
import { JobActions } from './JobActions';
import { JobDetails } from './JobDetails';
import { JobFlowTree } from './JobFlowTree';
import { JobLogs } from './JobLogs';
import { JobTimeline } from './JobTimeline';
import { Value } from './Value';
import './job.css';

export function JobPage() {
  const { queue = '', id = '' } = useParams();
  const query = useQuery({
    queryKey: ['job', queue, id],
    queryFn: ({ signal }) => getJob(queue, id, signal),
    refetchInterval: ({ state }) => (state.data ? REFRESH_MILLIS : false),
  });
  useTitle(query.data?.name ?? 'Job');
  // A job that was removed while it was looked at is gone.
  return query.data && !query.error ? (
    <LoadedJob key={id} job={query.data} />
  ) : (
    <NotLoaded what="job" error={query.error} />
  );
}

function LoadedJob({ job }: { job: Job }) {
  const mayOperate = useMay('queues:operate');
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/queues">Queues</Link> / <Link to={queuePath(job.queue)}>{job.queue}</Link>
      </p>
      <header className="page-head">
        <span role="status" aria-label="State">
          <JobStateBadge state={job.state} />
        </span>
        <h1 className="break">{job.name}</h1>
        {mayOperate && <JobActions job={job} />}
      </header>
      {job.state === 'failed' && job.failedReason && (
        <Banner tone="error" title="Failed">
          {job.failedReason}
        </Banner>
      )}
      <div className="job-columns">
        <div className="job-main">
          <Value title="Data" value={job.data} />
          {job.progress != null && <Progress value={job.progress} />}
          {job.returnValue != null && <Value title="Result" value={job.returnValue} />}
          <StackTraces job={job} />
          <JobFlowTree job={job} />
          <JobTimeline job={job} />
          <JobLogs job={job} />
        </div>
        <JobDetails job={job} />
      </div>
    </div>
  );
}

/** A number is a share of a hundred by convention. */
function Progress({ value }: { value: unknown }) {
  if (typeof value !== 'number') {
    return <Value title="Progress" value={value} />;
  }
  return (
    <section>
      <h2>Progress</h2>
      <p className="job-progress">
        <progress max={100} value={value} aria-label="Progress" /> {value} %
      </p>
    </section>
  );
}

function StackTraces({ job }: { job: Job }) {
  if (job.stackTraces.length === 0) return null;
  return (
    <section>
      <h2>Stack traces</h2>
      {job.stackTraces.map((trace, index) => (
        <details key={index} open={index === job.stackTraces.length - 1}>
          <summary>{trace.split('\n', 1)[0]}</summary>
          <pre className="code">{trace}</pre>
        </details>
      ))}
    </section>
  );
}
