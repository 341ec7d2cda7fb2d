import { useQuery } from '@tanstack/react-query';
import { useParams, useSearchParams } from 'react-router';
import { getTask } from '../../api/tasks';
import type { Task } from '../../api/types';
import { useTitle } from '../../app/useTitle';
import { firstLine } from '../../format/format';
import { useTaskEvents } from '../../live/useTaskEvents';
import { Banner } from '../../ui/Banner';
import { NotLoaded } from '../../ui/NotLoaded';
import { Tabs } from '../../ui/Tabs';
import { DiffTab } from './diff/DiffTab';
import { EventsTab } from './EventsTab';
import { Outcome } from './Outcome';
import { ReviewPanel } from './ReviewPanel';
import { TaskDetails } from './TaskDetails';
import { TaskHeader } from './TaskHeader';
import { TaskStats } from './TaskStats';
import { TimelineTab } from './timeline/TimelineTab';
import './task.css';

const TABS = [
  { id: 'timeline', label: 'Timeline' },
  { id: 'diff', label: 'Diff' },
  { id: 'events', label: 'Raw events' },
] as const;

export function TaskPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['task', id], queryFn: ({ signal }) => getTask(id, signal) });
  useTitle(query.data ? firstLine(query.data.prompt) : 'Task');
  if (query.data) {
    return <LoadedTask key={id} task={query.data} />;
  }
  return <NotLoaded what="task" error={query.error} />;
}

function LoadedTask({ task }: { task: Task }) {
  const [params, setParams] = useSearchParams();
  // A retried task has more events after an earlier end.
  const events = useTaskEvents(task.id, `${task.attempt} ${task.status === 'queued'}`);
  const tab = TABS.find(({ id }) => id === params.get('tab'))?.id ?? 'timeline';
  const open = (next: string) => setParams(next === 'timeline' ? {} : { tab: next }, { replace: true });
  return (
    <div className="page task-page">
      <TaskHeader task={task} connection={events.connection} />
      <TaskStats task={task} />
      {events.error && <Banner tone="error">{events.error.message}</Banner>}
      {task.status === 'waiting' && task.pendingReview && (
        <ReviewPanel key={task.pendingReview.id} task={task} onShowDiff={() => open('diff')} />
      )}
      <Outcome task={task} />
      <div className="task-columns">
        <div className="task-main">
          <Tabs label="Views of the task" tabs={TABS} selected={tab} onSelect={open}>
            {tab === 'timeline' && <TimelineTab task={task} events={events} />}
            {tab === 'diff' && <DiffTab task={task} />}
            {tab === 'events' && <EventsTab state={events.state} />}
          </Tabs>
        </div>
        <TaskDetails task={task} />
      </div>
    </div>
  );
}
