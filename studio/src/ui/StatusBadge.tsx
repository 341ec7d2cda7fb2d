import type { JobState, Mail, TaskStatus } from '../api/types';

const LABELS: Record<TaskStatus, string> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Needs review',
  succeeded: 'Succeeded',
  failed: 'Failed',
  canceled: 'Canceled',
};

/** A job's states look like the statuses of a task that they are akin to. */
const JOB_LOOKS: Record<JobState, TaskStatus | 'delayed'> = {
  waiting: 'queued',
  'waiting-children': 'waiting',
  delayed: 'delayed',
  active: 'running',
  completed: 'succeeded',
  failed: 'failed',
};

const JOB_LABELS: Record<JobState, string> = {
  waiting: 'Waiting',
  'waiting-children': 'Waiting for children',
  delayed: 'Delayed',
  active: 'Active',
  completed: 'Completed',
  failed: 'Failed',
};

const MAIL_LOOKS: Record<Mail['state'], readonly [look: TaskStatus, label: string]> = {
  pending: ['queued', 'Pending'],
  logged: ['waiting', 'In the log'],
  sent: ['succeeded', 'Sent'],
  failed: ['failed', 'Failed'],
};

/** Each status has a shape of its own, so that it is told apart without colour. */
const SHAPES: Record<TaskStatus | 'delayed', string> = {
  queued: 'M8 3.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM8 5.500V8l1.500 1.500',
  delayed: 'M4.500 2.500h7M4.500 13.500h7M5 2.500c0 3.500 6 7.500 6 11M11 2.500c0 3.500-6 7.500-6 11',
  running: 'M8 2.500A5.500 5.500 0 1 1 2.500 8',
  waiting: 'M5.500 4v8M10.500 4v8',
  succeeded: 'M3.500 8.500 6.500 11.500 12.500 4.500',
  failed: 'M4 4l8 8M12 4l-8 8',
  canceled: 'M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM4.200 4.200l7.600 7.600',
};

export function statusLabel(status: TaskStatus): string {
  return LABELS[status];
}

export function jobStateLabel(state: JobState): string {
  return JOB_LABELS[state];
}

export function StatusBadge({ status }: { status: TaskStatus }) {
  return <Badge look={status} word={status} label={LABELS[status]} />;
}

export function JobStateBadge({ state }: { state: JobState }) {
  return <Badge look={JOB_LOOKS[state]} word={state} label={JOB_LABELS[state]} />;
}

export function MailStateBadge({ state }: { state: Mail['state'] }) {
  const [look, label] = MAIL_LOOKS[state];
  return <Badge look={look} word={state} label={label} />;
}

function Badge({ look, word, label }: { look: TaskStatus | 'delayed'; word: string; label: string }) {
  return (
    <span className={`badge badge-${look}`} data-status={word}>
      <svg width="12" height="12" viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[look]} />
      </svg>
      {label}
    </span>
  );
}
