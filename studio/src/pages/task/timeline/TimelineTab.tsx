import { useMemo } from 'react';
import type { Task } from '../../../api/types';
import { isOver } from '../../../api/types';
import { timeline } from '../../../live/timeline';
import type { TaskEvents } from '../../../live/useTaskEvents';
import { Button } from '../../../ui/Button';
import { Skeleton } from '../../../ui/Skeleton';
import { useFollow } from '../../../ui/useFollow';
import { SteerBox } from '../SteerBox';
import { ItemView } from './ItemView';
import { LiveTail } from './LiveTail';

export function TimelineTab({ task, events }: { task: Task; events: TaskEvents }) {
  const { state } = events;
  const { items, tools } = useMemo(() => timeline(state.events, state.gaps), [state.events, state.gaps]);
  const active = !isOver(task.status);
  const follow = useFollow(active, state);
  if (state.lastSeq === 0 && events.connection !== 'lost') {
    return <Skeleton lines={5} label="Loading events" />;
  }
  return (
    <div className="timeline-tab">
      <ol className="timeline" aria-label="Timeline">
        {items.map((item) => (
          <ItemView key={item.key} item={item} tools={tools} live={state.live} />
        ))}
      </ol>
      {active && <LiveTail live={state.live} status={task.status} />}
      {active && !follow.following && (
        <Button className="jump" icon="down" onClick={follow.jump}>
          Jump to latest
        </Button>
      )}
      {(task.status === 'queued' || task.status === 'running') && <SteerBox taskId={task.id} />}
    </div>
  );
}
