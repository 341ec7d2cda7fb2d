import type { Job, JobEvent } from '../../api/types';
import { fullTime } from '../../format/format';

/** A step of a job's life. */
export interface Step {
  /** An ISO time. */
  at: string;
  kind: 'added' | 'waiting' | 'active' | 'completed' | 'failed';
  text: string;
  /** In its own words, a reason for example. */
  detail?: string;
}

/** From its events, or from the times that the job keeps where those are gone. */
export function stepsOf(job: Job, events: readonly JobEvent[]): Step[] {
  const steps = events.flatMap((event) => stepOf(event) ?? []);
  if (steps.some(({ kind }) => kind === 'added')) return steps;
  const kept: Step[] = [{ at: job.createdAt, kind: 'added', text: 'Added' }];
  if (steps.length > 0) return [...kept, ...steps];
  if (job.processedAt) kept.push({ at: job.processedAt, kind: 'active', text: 'Last started' });
  if (job.finishedAt) {
    kept.push(
      job.state === 'completed'
        ? { at: job.finishedAt, kind: 'completed', text: 'Completed' }
        : { at: job.finishedAt, kind: 'failed', text: 'Failed', detail: job.failedReason ?? '' },
    );
  }
  return kept;
}

/** What happened; none for what the page shows elsewhere, as progress is. */
function stepOf({ at, event, details }: JobEvent): Step | undefined {
  switch (event) {
    case 'added':
      return { at, kind: 'added', text: 'Added' };
    case 'waiting':
      return { at, kind: 'waiting', text: WAITS[details['prev'] ?? ''] ?? 'Waits' };
    case 'waiting-children':
      return { at, kind: 'waiting', text: 'Waits for its children' };
    case 'delayed': {
      const due = Number(details['delay']);
      return {
        at,
        kind: 'waiting',
        text: 'Delayed',
        ...(due > 0 && { detail: `until ${fullTime(new Date(due).toISOString())}` }),
      };
    }
    case 'active':
      return { at, kind: 'active', text: 'Started' };
    case 'stalled':
      return { at, kind: 'failed', text: 'Lost by its worker' };
    case 'completed':
      return { at, kind: 'completed', text: 'Completed' };
    case 'failed':
      return { at, kind: 'failed', text: 'Failed', detail: details['failedReason'] ?? '' };
    default:
      return undefined;
  }
}

/** By the state before. */
const WAITS: Readonly<Record<string, string>> = {
  active: 'Waits for another attempt',
  delayed: 'Is due',
  failed: 'Tried again',
  completed: 'Run again',
  'waiting-children': 'Its children are done',
};
