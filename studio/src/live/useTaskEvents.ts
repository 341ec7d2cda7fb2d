import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer, useRef, useState } from 'react';
import type { ApiError } from '../api/problem';
import type { Task, Usage } from '../api/types';
import { record } from '../api/json';
import type { TaskEvent } from './event';
import type { EventState } from './eventState';
import { EMPTY, receive } from './eventState';
import { followTask } from './follow';
import type { Connection } from './follow';

export interface TaskEvents {
  state: EventState;
  connection: Connection;
  error: ApiError | undefined;
}

/**
 * A task's events, live.
 *
 * @param run another value makes it look for more events, after a run's end
 */
export function useTaskEvents(taskId: string, run: string): TaskEvents {
  const [state, dispatch] = useReducer(receive, EMPTY);
  const [{ connection, error }, setConnection] = useState<Omit<TaskEvents, 'state'>>({
    connection: 'connecting',
    error: undefined,
  });
  // What the stream has delivered, ahead of what is rendered.
  const log = useRef(EMPTY);
  const queries = useQueryClient();

  useEffect(() => {
    const stop = new AbortController();
    void followTask(
      {
        taskId,
        position: () => log.current.lastSeq,
        isOver: () => log.current.events.at(-1)?.type === 'complete',
        onEvents: (events) => {
          log.current = receive(log.current, events);
          dispatch(events);
          tell(queries, taskId, events);
          return !log.current.behind;
        },
        onConnection: (now, problem) => setConnection({ connection: now, error: problem }),
      },
      stop.signal,
    );
    return () => stop.abort();
  }, [taskId, run, queries]);

  return { state, connection, error };
}

/** Keeps the task itself up to date with its events. */
function tell(queries: ReturnType<typeof useQueryClient>, taskId: string, events: TaskEvent[]): void {
  const usage = events.findLast((event) => event.type === 'usage');
  if (usage) {
    queries.setQueryData<Task>(['task', taskId], (task) =>
      task ? { ...task, usage: { ...(record(usage.data) as unknown as Usage) } } : task,
    );
  }
  if (events.some((event) => event.type === 'status' || event.type === 'complete')) {
    void queries.invalidateQueries({ queryKey: ['task', taskId] });
  }
  if (events.some((event) => event.type === 'tool_result' || event.type === 'complete')) {
    void queries.invalidateQueries({ queryKey: ['diff', taskId] });
  }
}
