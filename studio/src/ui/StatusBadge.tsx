import type { TaskStatus } from '../api/types';

const LABELS: Record<TaskStatus, string> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Needs review',
  succeeded: 'Succeeded',
  failed: 'Failed',
  canceled: 'Canceled',
};

/** Each status has a shape of its own, so that it is told apart without colour. */
const SHAPES: Record<TaskStatus, string> = {
  queued: 'M8 3.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM8 5.500V8l1.500 1.500',
  running: 'M8 2.500A5.500 5.500 0 1 1 2.500 8',
  waiting: 'M5.500 4v8M10.500 4v8',
  succeeded: 'M3.500 8.500 6.500 11.500 12.500 4.500',
  failed: 'M4 4l8 8M12 4l-8 8',
  canceled: 'M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM4.200 4.200l7.600 7.600',
};

export function statusLabel(status: TaskStatus): string {
  return LABELS[status];
}

export function StatusBadge({ status }: { status: TaskStatus }) {
  return (
    <span className={`badge badge-${status}`} data-status={status}>
      <svg width="12" height="12" viewBox="0 0 16 16" aria-hidden="true">
        <path d={SHAPES[status]} />
      </svg>
      {LABELS[status]}
    </span>
  );
}
