import { ORGANIZATION_HEADER } from '../api/client';
import { ApiError } from '../api/problem';
import { currentOrganization } from '../app/organization';
import { backoffMillis, pause } from './backoff';
import { parseEvent } from './event';
import type { TaskEvent } from './event';
import { SseParser } from './sse';

/** The server sends something every 15 s; a stream that is silent for longer than this is dead. */
const SILENCE_MILLIS = 40_000;

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'ended' | 'lost';

export interface Follower {
  taskId: string;
  /** The seq of the last event that was taken. */
  position: () => number;
  /** Whether the last event taken ends the run. */
  isOver: () => boolean;
  /** @returns false if events are missing: the stream is opened again from the position */
  onEvents: (events: TaskEvent[]) => boolean;
  onConnection: (connection: Connection, error?: ApiError) => void;
}

/** Follows a task's events until its run is over or the signal aborts, and comes back after any interruption. */
export async function followTask(follower: Follower, signal: AbortSignal): Promise<void> {
  let attempt = 0;
  follower.onConnection('connecting');
  while (!signal.aborted) {
    const before = follower.position();
    try {
      await readStream(follower, signal);
    } catch (error) {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) {
        follower.onConnection('lost', error);
        return;
      }
    }
    if (signal.aborted) {
      return;
    }
    if (follower.isOver()) {
      follower.onConnection('ended');
      return;
    }
    attempt = follower.position() > before ? 0 : attempt + 1;
    follower.onConnection('reconnecting');
    await pause(backoffMillis(attempt), signal);
  }
}

async function readStream(follower: Follower, signal: AbortSignal): Promise<void> {
  const silence = new AbortController();
  const stop = () => silence.abort();
  signal.addEventListener('abort', stop);
  let timer = setTimeout(stop, SILENCE_MILLIS);
  try {
    const organization = currentOrganization();
    const response = await fetch(`/api/tasks/${encodeURIComponent(follower.taskId)}/events`, {
      headers: {
        Accept: 'text/event-stream',
        'Last-Event-ID': String(follower.position()),
        ...(organization === undefined ? {} : { [ORGANIZATION_HEADER]: organization }),
      },
      signal: silence.signal,
    });
    if (!response.ok || response.body === null) {
      throw new ApiError(response.status, await response.json().catch(() => undefined));
    }
    follower.onConnection('live');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const parser = new SseParser();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(stop, SILENCE_MILLIS);
      const events = parser
        .push(part.value)
        .map(parseEvent)
        .filter((event) => event !== undefined);
      if (events.length > 0 && !follower.onEvents(events)) {
        return;
      }
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    silence.abort();
  }
}
