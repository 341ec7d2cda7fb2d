import { answer, api, done } from './client';
import type { CreateTask, Priority, TaskStatus } from './types';

export interface TaskFilter {
  status?: TaskStatus | undefined;
  priority?: Priority | undefined;
  q?: string | undefined;
}

const path = (id: string) => ({ params: { path: { id } } });

export function listTasks(filter: TaskFilter, cursor: string | undefined, signal: AbortSignal) {
  return answer(api.GET('/api/tasks', { params: { query: { ...filter, limit: 50, cursor } }, signal }));
}

export function getTask(id: string, signal?: AbortSignal) {
  return answer(api.GET('/api/tasks/{id}', { ...path(id), signal }));
}

export function getDiff(id: string, signal?: AbortSignal) {
  return answer(api.GET('/api/tasks/{id}/diff', { ...path(id), signal, parseAs: 'text' }));
}

export function createTask(body: CreateTask, idempotencyKey: string) {
  return answer(api.POST('/api/tasks', { body, params: { header: { 'Idempotency-Key': idempotencyKey } } }));
}

export function steerTask(id: string, text: string, idempotencyKey: string) {
  return answer(
    api.POST('/api/tasks/{id}/messages', {
      body: { text },
      params: { path: { id }, header: { 'Idempotency-Key': idempotencyKey } },
    }),
  );
}

export function cancelTask(id: string) {
  return answer(api.POST('/api/tasks/{id}/cancel', path(id)));
}

export function retryTask(id: string) {
  return answer(api.POST('/api/tasks/{id}/retry', path(id)));
}

export function deleteTask(id: string) {
  return done(api.DELETE('/api/tasks/{id}', path(id)));
}

export function approveTask(id: string) {
  return answer(api.POST('/api/tasks/{id}/approve', path(id)));
}

export function rejectTask(id: string, reason: string) {
  return answer(api.POST('/api/tasks/{id}/reject', { ...path(id), body: { reason } }));
}

export function getCapabilities(signal?: AbortSignal) {
  return answer(api.GET('/api/capabilities', { signal }));
}
