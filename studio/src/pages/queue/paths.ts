export function queuePath(queue: string): string {
  return `/queues/${encodeURIComponent(queue)}`;
}

export type QueueView = 'jobs' | 'metrics' | 'workers' | 'schedulers' | 'groups' | 'bulk-actions';

export function viewPath(queue: string, view: QueueView): string {
  return view === 'jobs' ? queuePath(queue) : `${queuePath(queue)}?view=${view}`;
}

export function jobPath(queue: string, id: string): string {
  return `${queuePath(queue)}/jobs/${encodeURIComponent(id)}`;
}
