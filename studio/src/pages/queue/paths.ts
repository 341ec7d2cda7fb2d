export function queuePath(queue: string): string {
  return `/queues/${encodeURIComponent(queue)}`;
}

export function jobPath(queue: string, id: string): string {
  return `${queuePath(queue)}/jobs/${encodeURIComponent(id)}`;
}
