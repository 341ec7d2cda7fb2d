import { isRecord, number, record, text } from '../api/json';
import type { JsonRecord } from '../api/json';

/** An event as SSE and WebSocket send it. Deltas and gaps have no seq. */
export interface TaskEvent {
  seq?: number | undefined;
  taskId: string;
  type: string;
  at: string;
  data: JsonRecord;
}

export type StoredEvent = TaskEvent & { seq: number };

export function isStored(event: TaskEvent): event is StoredEvent {
  return event.seq !== undefined;
}

/** @returns undefined for what is no event, such as the WebSocket's error messages */
export function parseEvent(json: string): TaskEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || text(value.taskId) === '' || text(value.type) === '') {
    return undefined;
  }
  return {
    seq: number(value.seq),
    taskId: text(value.taskId),
    type: text(value.type),
    at: text(value.at),
    data: record(value.data),
  };
}
