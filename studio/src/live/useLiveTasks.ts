import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { getTask } from '../api/tasks';
import type { Task, Usage } from '../api/types';
import type { TaskEvent } from './event';
import type { SocketState } from './socket';
import { watchAllTasks } from './socket';

export interface TaskPage {
  items: Task[];
  nextCursor?: string | undefined;
}
type Pages = InfiniteData<TaskPage, string | undefined>;

const LIST = { queryKey: ['tasks'] };
const GATHER_MILLIS = 250;

/** Keeps every list of tasks in the cache up to date. */
export function useLiveTasks(): SocketState {
  const queries = useQueryClient();
  const [state, setState] = useState<SocketState>('connecting');
  useEffect(() => {
    const stop = new AbortController();
    const changes = new Changes(queries);
    void watchAllTasks(
      {
        onState: setState,
        onGap: () => void queries.invalidateQueries(LIST),
        onEvent: (event) => changes.hear(event),
      },
      stop.signal,
    );
    return () => {
      stop.abort();
      changes.stop();
    };
  }, [queries]);
  return state;
}

/** Gathers what changed for a moment: many events of one task cause one request. */
class Changes {
  private readonly queries: QueryClient;
  private readonly changed = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(queries: QueryClient) {
    this.queries = queries;
  }

  hear(event: TaskEvent): void {
    if (event.type === 'usage') {
      const usage = event.data as unknown as Usage;
      patch(this.queries, event.taskId, (task) => ({ ...task, usage }));
    } else if (event.type === 'status' || event.type === 'complete') {
      this.changed.add(event.taskId);
      this.timer ??= setTimeout(() => void this.refresh(), GATHER_MILLIS);
    }
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async refresh(): Promise<void> {
    this.timer = undefined;
    const ids = [...this.changed];
    this.changed.clear();
    const shown = new Set(
      this.queries
        .getQueriesData<Pages>(LIST)
        .flatMap(([, data]) => data?.pages.flatMap((page) => page.items.map((task) => task.id)) ?? []),
    );
    // A task that no list shows may belong into one now.
    if (ids.length > 5 || ids.some((id) => !shown.has(id))) {
      await this.queries.invalidateQueries(LIST);
      return;
    }
    await Promise.all(
      ids.map(async (id) => {
        const task = await getTask(id).catch(() => undefined);
        if (task) {
          patch(this.queries, id, () => task);
        }
      }),
    );
  }
}

function patch(queries: QueryClient, id: string, change: (task: Task) => Task): void {
  queries.setQueriesData<Pages>(
    LIST,
    (data) =>
      data && {
        ...data,
        pages: data.pages.map((page) =>
          page.items.some((task) => task.id === id)
            ? { ...page, items: page.items.map((task) => (task.id === id ? change(task) : task)) }
            : page,
        ),
      },
  );
}
