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

/** More items than this cost too much to draw all of them. */
const LONG = 200;

export function TimelineTab({ task, events }: { task: Task; events: TaskEvents }) {
  const { state } = events;
  const { items, tools, latestTodo } = useMemo(
    () => timeline(state.events, state.gaps),
    [state.events, state.gaps],
  );
  const active = !isOver(task.status);
  const moving = task.status === 'queued' || task.status === 'running';
  const follow = useFollow(moving, state);
  if (state.lastSeq === 0 && events.connection !== 'lost') {
    return <Skeleton lines={5} label="Loading events" />;
  }
  return (
    <div className="timeline-tab">
      <ol className={items.length > LONG ? 'timeline timeline-long' : 'timeline'} aria-label="Timeline">
        {items.map((item) => (
          <ItemView
            key={item.key}
            item={item}
            tools={tools}
            latestTodo={latestTodo}
            over={!active}
            toolOutput={state.live.toolOutput}
          />
        ))}
      </ol>
      {active && <LiveTail live={state.live} status={task.status} />}
      {moving && !follow.following && (
        <Button className="jump" icon="down" onClick={follow.jump}>
          Jump to latest
        </Button>
      )}
      {moving && <SteerBox taskId={task.id} />}
    </div>
  );
}
