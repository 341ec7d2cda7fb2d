import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { messageOf } from '../../api/problem';
import { FLOW_CHILDREN, getFlow, getJob } from '../../api/queues';
import type { Job, JobFlow } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { JobStateBadge } from '../../ui/StatusBadge';
import { jobPath } from '../queue/paths';
import { REFRESH_MILLIS } from '../queue/refresh';

/** Parents that are looked for above a job. */
const MAX_ABOVE = 4;

/** The flow that a job is in, from its topmost parent down; nothing if it is in none. */
export function JobFlowTree({ job }: { job: Job }) {
  const query = useQuery({
    queryKey: ['flow', job.queue, job.id],
    queryFn: async ({ signal }) => {
      const root = await topmost(job, signal);
      return getFlow(root.queue, root.id, signal);
    },
    refetchInterval: ({ state }) =>
      state.data && state.data.children.length > 0 && !job.finishedAt ? REFRESH_MILLIS : false,
  });
  if (query.error) return <Banner tone="error">{messageOf(query.error)}</Banner>;
  if (!query.data || (query.data.children.length === 0 && !job.parent)) return null;
  return (
    <section>
      <h2>Flow</h2>
      <ul className="flow" aria-label="Flow">
        <Node flow={query.data} shown={job} />
      </ul>
    </section>
  );
}

/** A parent that is gone ends the way up. */
async function topmost(job: Job, signal: AbortSignal): Promise<Job> {
  let top = job;
  for (let level = 0; level < MAX_ABOVE && top.parent; level++) {
    const parent = await getJob(top.parent.queue, top.parent.id, signal).catch(() => undefined);
    if (!parent) break;
    top = parent;
  }
  return top;
}

function Node({ flow: { job, children }, shown }: { flow: JobFlow; shown: Job }) {
  const here = job.id === shown.id && job.queue === shown.queue;
  return (
    <li>
      <div className="flow-node" aria-current={here ? 'true' : undefined}>
        <JobStateBadge state={job.state} />
        {here ? <b className="break">{job.name}</b> : <Link to={jobPath(job.queue, job.id)}>{job.name}</Link>}
        {job.queue !== shown.queue && <span className="tag">{job.queue}</span>}
        <code className="muted break">{job.id}</code>
      </div>
      {children.length > 0 && (
        <ul>
          {children.map((child) => (
            <Node key={`${child.job.queue} ${child.job.id}`} flow={child} shown={shown} />
          ))}
          {children.length >= FLOW_CHILDREN && (
            <li className="muted">The first {FLOW_CHILDREN} of its children.</li>
          )}
        </ul>
      )}
    </li>
  );
}
