import type { Task } from '../../api/types';
import { firstLine, repositoryName } from '../../format/format';
import type { Connection } from '../../live/follow';
import { Icon } from '../../ui/Icon';
import { LiveMark } from '../../ui/LiveMark';
import { StatusBadge } from '../../ui/StatusBadge';
import { TaskActions } from './TaskActions';

export function TaskHeader({ task, connection }: { task: Task; connection: Connection }) {
  const branch = task.result?.branch ?? task.branch;
  return (
    <header className="task-head">
      <div className="task-head-line">
        <span role="status" aria-label="Status">
          <StatusBadge status={task.status} />
        </span>
        {task.scripted && (
          <span className="tag tag-strong" title="A written scenario plays here; no model is asked">
            scripted model
          </span>
        )}
        {connection !== 'ended' && <LiveMark state={connection} />}
        <TaskActions task={task} />
      </div>
      <h1>{firstLine(task.prompt)}</h1>
      <p className="task-head-place muted">
        <span title={task.repoUrl}>{repositoryName(task.repoUrl)}</span>
        {branch && (
          <span>
            <Icon name="branch" size={14} /> <code>{branch}</code>
          </span>
        )}
      </p>
    </header>
  );
}
