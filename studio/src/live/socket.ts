import { currentOrganization } from '../app/organization';
import { backoffMillis, pause } from './backoff';
import type { TaskEvent } from './event';
import { parseEvent } from './event';

export type SocketState = 'connecting' | 'live' | 'reconnecting';

export interface SocketListener {
  onEvent: (event: TaskEvent) => void;
  onState: (state: SocketState) => void;
  /** Events may have been missed: whatever was built from them must be read again. */
  onGap: () => void;
}

/** Hears of all tasks that the caller may see, until the signal aborts. */
export async function watchAllTasks(listener: SocketListener, signal: AbortSignal): Promise<void> {
  let attempt = 0;
  let opened = 0;
  listener.onState('connecting');
  while (!signal.aborted) {
    await connection(
      {
        ...listener,
        onState: (state) => {
          attempt = 0;
          opened++;
          if (opened > 1) {
            listener.onGap();
          }
          listener.onState(state);
        },
      },
      signal,
    );
    if (!signal.aborted) {
      listener.onState('reconnecting');
      await pause(backoffMillis(attempt++), signal);
    }
  }
}

/** A browser's socket has no headers, so the organization is in its query. */
function socketUrl(): string {
  const organization = currentOrganization();
  const query = organization === undefined ? '' : `?organizationId=${encodeURIComponent(organization)}`;
  return `${location.origin.replace(/^http/, 'ws')}/ws${query}`;
}

/** One WebSocket, from its opening to its end. */
function connection(listener: SocketListener, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(socketUrl());
    const close = () => socket.close();
    signal.addEventListener('abort', close);
    socket.onopen = () => {
      socket.send(JSON.stringify({ type: 'subscribe', taskId: '*' }));
      listener.onState('live');
    };
    socket.onmessage = (message: MessageEvent<unknown>) => {
      const event = typeof message.data === 'string' ? parseEvent(message.data) : undefined;
      if (event?.type === 'gap') {
        listener.onGap();
      } else if (event) {
        listener.onEvent(event);
      }
    };
    socket.onclose = () => {
      signal.removeEventListener('abort', close);
      resolve();
    };
  });
}
