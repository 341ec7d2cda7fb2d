import { answer, api, done } from './client';
import type { GroupLimits, Job, JobState, NewBulkAction, NewJob, NewScheduler, RateLimit } from './types';

const ofQueue = (queue: string) => ({ params: { path: { queue } } });
const ofJob = (queue: string, id: string) => ({ params: { path: { queue, id } } });

export function listQueues(cursor: string | undefined, signal: AbortSignal) {
  return answer(api.GET('/api/queues', { params: { query: { cursor, limit: 100 } }, signal }));
}

export function getQueue(queue: string, signal?: AbortSignal) {
  return answer(api.GET('/api/queues/{queue}', { ...ofQueue(queue), signal }));
}

export function listJobs(
  queue: string,
  state: JobState | undefined,
  search: { name?: string | undefined; text?: string | undefined },
  cursor: string | undefined,
  signal: AbortSignal,
) {
  return answer(
    api.GET('/api/queues/{queue}/jobs', {
      params: { path: { queue }, query: { state, ...search, cursor, limit: 50 } },
      signal,
    }),
  );
}

export function getJob(queue: string, id: string, signal?: AbortSignal) {
  return answer(api.GET('/api/queues/{queue}/jobs/{id}', { ...ofJob(queue, id), signal }));
}

export function listJobEvents(queue: string, id: string, signal: AbortSignal) {
  return answer(api.GET('/api/queues/{queue}/jobs/{id}/events', { ...ofJob(queue, id), signal }));
}

/** Children of one job that are shown. */
export const FLOW_CHILDREN = 50;

export function getFlow(queue: string, id: string, signal: AbortSignal) {
  return answer(
    api.GET('/api/queues/{queue}/jobs/{id}/flow', {
      params: { path: { queue, id }, query: { depth: 5, maxChildren: FLOW_CHILDREN } },
      signal,
    }),
  );
}

export function listLogs(queue: string, id: string, cursor: string | undefined, signal: AbortSignal) {
  return answer(
    api.GET('/api/queues/{queue}/jobs/{id}/logs', {
      params: { path: { queue, id }, query: { cursor, limit: 200 } },
      signal,
    }),
  );
}

export async function addJob(queue: string, job: NewJob, idempotencyKey: string): Promise<Job> {
  const added = await answer(
    api.POST('/api/queues/{queue}/jobs', {
      body: job,
      params: { path: { queue }, header: { 'Idempotency-Key': idempotencyKey } },
    }),
  );
  // One job is answered by one.
  return added as Job;
}

export function retryJob(queue: string, id: string) {
  return answer(api.POST('/api/queues/{queue}/jobs/{id}/retry', ofJob(queue, id)));
}

export function promoteJob(queue: string, id: string) {
  return answer(api.POST('/api/queues/{queue}/jobs/{id}/promote', ofJob(queue, id)));
}

export function cancelJob(queue: string, id: string) {
  return answer(api.POST('/api/queues/{queue}/jobs/{id}/cancel', ofJob(queue, id)));
}

export function removeJob(queue: string, id: string) {
  return done(api.DELETE('/api/queues/{queue}/jobs/{id}', ofJob(queue, id)));
}

export function pauseQueue(queue: string) {
  return answer(api.POST('/api/queues/{queue}/pause', ofQueue(queue)));
}

export function resumeQueue(queue: string) {
  return answer(api.POST('/api/queues/{queue}/resume', ofQueue(queue)));
}

export interface QueueLimits {
  concurrency: number | undefined;
  rate: RateLimit | undefined;
  units: RateLimit | undefined;
  groups: GroupLimits;
}

export async function limitQueue(queue: string, { concurrency, rate, units, groups }: QueueLimits) {
  await answer(api.PUT('/api/queues/{queue}/concurrency', { ...ofQueue(queue), body: { concurrency } }));
  await answer(api.PUT('/api/queues/{queue}/rate-limit', { ...ofQueue(queue), body: { limit: rate } }));
  await answer(api.PUT('/api/queues/{queue}/unit-limit', { ...ofQueue(queue), body: { limit: units } }));
  return answer(api.PUT('/api/queues/{queue}/group-limits', { ...ofQueue(queue), body: groups }));
}

export function listWorkers(queue: string, cursor: string | undefined, signal: AbortSignal) {
  return answer(
    api.GET('/api/queues/{queue}/workers', {
      params: { path: { queue }, query: { cursor, limit: 50 } },
      signal,
    }),
  );
}

/** By the minute, from then on until now. */
export function getMetrics(queue: string, from: Date, signal: AbortSignal) {
  return answer(
    api.GET('/api/queues/{queue}/metrics', {
      params: { path: { queue }, query: { from: from.toISOString() } },
      signal,
    }),
  );
}

export function listGroups(queue: string, cursor: string | undefined, signal: AbortSignal) {
  return answer(
    api.GET('/api/queues/{queue}/groups', {
      params: { path: { queue }, query: { cursor, limit: 100 } },
      signal,
    }),
  );
}

/** Without limits it gets those of every group. */
export function limitGroup(queue: string, group: string, limits: GroupLimits | undefined) {
  const params = { path: { queue, group } };
  return limits
    ? answer(api.PUT('/api/queues/{queue}/groups/{group}/limits', { params, body: limits }))
    : done(api.DELETE('/api/queues/{queue}/groups/{group}/limits', { params }));
}

export function listSchedulers(queue: string, cursor: string | undefined, signal: AbortSignal) {
  return answer(
    api.GET('/api/queues/{queue}/schedulers', {
      params: { path: { queue }, query: { cursor, limit: 100 } },
      signal,
    }),
  );
}

export function putScheduler(queue: string, id: string, scheduler: NewScheduler) {
  return answer(api.PUT('/api/queues/{queue}/schedulers/{id}', { ...ofJob(queue, id), body: scheduler }));
}

export function removeScheduler(queue: string, id: string) {
  return done(api.DELETE('/api/queues/{queue}/schedulers/{id}', ofJob(queue, id)));
}

/** Refused while jobs are active. */
export function removeQueue(queue: string) {
  return done(api.DELETE('/api/queues/{queue}', ofQueue(queue)));
}

export function listBulkActions(
  queue: string,
  limit: number,
  cursor: string | undefined,
  signal: AbortSignal,
) {
  return answer(
    api.GET('/api/queues/{queue}/bulk-actions', {
      params: { path: { queue }, query: { limit, cursor } },
      signal,
    }),
  );
}

export function createBulkAction(queue: string, action: NewBulkAction, idempotencyKey: string) {
  return answer(
    api.POST('/api/queues/{queue}/bulk-actions', {
      body: action,
      params: { path: { queue }, header: { 'Idempotency-Key': idempotencyKey } },
    }),
  );
}

/** What it has done stays. */
export function endBulkAction(queue: string, id: string) {
  return answer(api.POST('/api/queues/{queue}/bulk-actions/{id}/cancel', ofJob(queue, id)));
}
