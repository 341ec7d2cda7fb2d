import { Link } from 'react-router';
import type { Task } from '../../api/types';
import { compact, firstLine, money, repositoryName, totalTokens } from '../../format/format';
import { StatusBadge } from '../../ui/StatusBadge';
import { RelativeTime } from '../../ui/Time';

interface Props {
  task: Task;
  selected: boolean;
}

export function TaskRow({ task, selected }: Props) {
  const tokens = totalTokens(task.usage);
  return (
    <li className={selected ? 'task-row task-row-selected' : 'task-row'} aria-current={selected || undefined}>
      <StatusBadge status={task.status} />
      <div className="task-row-main">
        <Link to={`/tasks/${task.id}`} className="row-link" data-task={task.id}>
          {firstLine(task.prompt)}
        </Link>
        <p className="muted">
          <span className="task-row-repo">{repositoryName(task.repoUrl)}</span>
          {task.result?.branch && <code>{task.result.branch}</code>}
          {task.scripted && <span className="tag">scripted model</span>}
          {task.error && <span className="task-row-error">{task.error.code}</span>}
        </p>
      </div>
      <span className="tag task-row-priority" title="Priority">
        {task.priority}
      </span>
      <span className="task-row-number" title={`${tokens} tokens`}>
        {compact(tokens)} <span className="muted">tok</span>
      </span>
      <span className="task-row-number" title="Cost">
        {money(task.usage.costUsd)}
      </span>
      <span className="task-row-time muted">
        <RelativeTime at={task.createdAt} />
      </span>
    </li>
  );
}
