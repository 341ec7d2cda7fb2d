import { useQuery } from '@tanstack/react-query';
import { messageOf } from '../../api/problem';
import { listJobEvents } from '../../api/queues';
import type { Job } from '../../api/types';
import { duration, fullTime } from '../../format/format';
import { Banner } from '../../ui/Banner';
import { REFRESH_MILLIS } from '../queue/refresh';
import { stepsOf } from './timeline';

/** Its life, step by step, with the time that each took to come. */
export function JobTimeline({ job }: { job: Job }) {
  const query = useQuery({
    // A step more is in its events.
    queryKey: ['job', job.queue, job.id, 'events', job.state, job.attemptsMade],
    queryFn: ({ signal }) => listJobEvents(job.queue, job.id, signal),
    placeholderData: (earlier) => earlier,
    refetchInterval: job.state === 'active' ? REFRESH_MILLIS : false,
  });
  if (!query.data && !query.error) return null;
  const steps = stepsOf(job, query.data?.items ?? []);
  return (
    <section>
      <h2>Timeline</h2>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      <ol className="job-steps" aria-label="Timeline">
        {steps.map((step, index) => {
          const before = steps[index - 1];
          return (
            <li key={index} className={`job-step job-step-${step.kind}`}>
              <span>
                {step.text}
                {step.detail && <span className="muted break"> {step.detail}</span>}
              </span>
              <time className="muted" dateTime={step.at} title={fullTime(step.at)}>
                {before
                  ? `+${duration(Date.parse(step.at) - Date.parse(before.at))}`
                  : new Date(step.at).toLocaleTimeString()}
              </time>
            </li>
          );
        })}
      </ol>
      {query.data && !query.data.complete && (
        <p className="muted">Some of its events are not kept any more.</p>
      )}
    </section>
  );
}
