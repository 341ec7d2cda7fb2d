import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { messageOf } from '../../api/problem';
import { listTasks } from '../../api/tasks';
import type { Task } from '../../api/types';
import { useTitle } from '../../app/useTitle';
import { useLiveTasks } from '../../live/useLiveTasks';
import { Banner } from '../../ui/Banner';
import { Icon } from '../../ui/Icon';
import { LiveMark } from '../../ui/LiveMark';
import { LoadMore } from '../../ui/LoadMore';
import { useShortcuts } from '../../ui/shortcuts';
import { Skeleton } from '../../ui/Skeleton';
import { filterOf, isFiltered, withFilter } from './filter';
import { FilterBar } from './FilterBar';
import { NoTasks } from './NoTasks';
import { TaskRow } from './TaskRow';
import './tasks.css';

export function TasksPage() {
  useTitle('Tasks');
  const [params, setParams] = useSearchParams();
  const filter = filterOf(params);
  const search = useRef<HTMLInputElement>(null);
  const connection = useLiveTasks();
  const query = useInfiniteQuery({
    queryKey: ['tasks', filter],
    queryFn: ({ pageParam, signal }) => listTasks(filter, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (before) => before,
  });
  const tasks = query.data?.pages.flatMap((page) => page.items) ?? [];
  const selected = useSelection(tasks, () => search.current?.focus());
  return (
    <div className="page">
      <header className="page-head">
        <h1>Tasks</h1>
        <LiveMark state={connection} />
        <Link to="/tasks/new" className="button button-primary">
          <Icon name="plus" />
          New task
        </Link>
      </header>
      <FilterBar
        filter={filter}
        search={search}
        onChange={(change) => setParams(withFilter(params, change), { replace: true })}
      />
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.isPending && <Skeleton lines={6} label="Loading tasks" />}
      {query.data && tasks.length === 0 && (
        <NoTasks filtered={isFiltered(filter)} onClear={() => setParams(new URLSearchParams())} />
      )}
      {tasks.length > 0 && (
        <ul className="rows task-list" aria-label="Tasks" aria-busy={query.isPlaceholderData || undefined}>
          {tasks.map((task) => (
            <TaskRow key={task.id} task={task} selected={task.id === selected} />
          ))}
        </ul>
      )}
      <LoadMore query={query} />
    </div>
  );
}

/** j and k move through the list, Enter opens, / searches. */
function useSelection(tasks: readonly Task[], focusSearch: () => void): string | undefined {
  const [selected, setSelected] = useState<string>();
  const navigate = useNavigate();
  const move = (step: number) => {
    const now = tasks.findIndex((task) => task.id === selected);
    const next = tasks[Math.max(0, Math.min(tasks.length - 1, now + step))];
    if (next) {
      setSelected(next.id);
      const link = document.querySelector<HTMLElement>(`[data-task="${CSS.escape(next.id)}"]`);
      link?.focus();
      link?.scrollIntoView({ block: 'nearest' });
    }
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    '/': focusSearch,
    Enter: () => {
      const focused = document.activeElement;
      if (focused instanceof HTMLElement && focused !== document.body && !focused.dataset.task) {
        focused.click();
      } else if (selected) {
        void navigate(`/tasks/${selected}`);
      }
    },
  });
  return selected;
}
