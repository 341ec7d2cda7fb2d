import type { Task } from '../../api/types';
import { count, duration, money, shortCommit } from '../../format/format';
import { workLinks } from '../../format/repository';
import { Detail } from '../../ui/Detail';
import { RelativeTime } from '../../ui/Time';

/** What was asked for, beside what happens. */
export function TaskDetails({ task }: { task: Task }) {
  const { limits } = task;
  const repository = workLinks({
    repoUrl: task.repoUrl,
    branch: undefined,
    commit: undefined,
    base: undefined,
  })?.repository;
  const bounds = [
    limits.maxTurns != null && `${count(limits.maxTurns)} turns`,
    limits.maxTokens != null && `${count(limits.maxTokens)} tokens`,
    limits.maxCostUsd != null && money(limits.maxCostUsd),
    limits.maxDurationSeconds != null && duration(limits.maxDurationSeconds * 1000),
  ].filter(Boolean);
  return (
    <aside className="task-details" aria-label="Details">
      <dl>
        <Detail label="Repository">
          <span className="break">
            {repository ? (
              <a href={repository} target="_blank" rel="noreferrer">
                {task.repoUrl}
              </a>
            ) : (
              task.repoUrl
            )}
          </span>
        </Detail>
        {task.baseBranch && (
          <Detail label="From">
            <code>{task.baseBranch}</code>
            {task.baseCommit && (
              <>
                {' at '}
                <code title={task.baseCommit}>{shortCommit(task.baseCommit)}</code>
              </>
            )}
          </Detail>
        )}
        <Detail label="Push">
          {task.push === 'none' ? 'Commit only' : (task.branch ?? 'A new branch')}
          {task.review === 'before-push' && ', after review'}
        </Detail>
        <Detail label="Model">{task.scripted ? 'Scripted model (no real model)' : task.model}</Detail>
        <Detail label="Agent">{task.agent}</Detail>
        <Detail label="Priority">{task.priority}</Detail>
        {bounds.length > 0 && <Detail label="Limits">{bounds.join(', ')}</Detail>}
        {task.notBefore && (
          <Detail label="Not before">
            <RelativeTime at={task.notBefore} />
          </Detail>
        )}
        <Detail label="Created">
          <RelativeTime at={task.createdAt} />
        </Detail>
        {task.finishedAt && (
          <Detail label="Finished">
            <RelativeTime at={task.finishedAt} />
          </Detail>
        )}
        <Detail label="Id">
          <code className="break">{task.id}</code>
        </Detail>
        {task.metadata != null && (
          <Detail label="Metadata">
            <pre className="code">{JSON.stringify(task.metadata, null, 2)}</pre>
          </Detail>
        )}
      </dl>
    </aside>
  );
}
