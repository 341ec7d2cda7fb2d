import type { ReactNode } from 'react';
import type { Task } from '../../api/types';
import { isOver } from '../../api/types';
import { compact, count, money } from '../../format/format';
import { Elapsed } from '../../ui/Time';

export function TaskStats({ task }: { task: Task }) {
  const { usage } = task;
  return (
    <dl className="stats">
      <Stat label="Cost">{money(usage.costUsd)}</Stat>
      <Stat label="Input" title={`${count(usage.inputTokens)} tokens`}>
        {compact(usage.inputTokens)}
      </Stat>
      <Stat label="Output" title={`${count(usage.outputTokens)} tokens`}>
        {compact(usage.outputTokens)}
      </Stat>
      <Stat label="Cache read" title={`${count(usage.cacheReadTokens)} tokens`}>
        {compact(usage.cacheReadTokens)}
      </Stat>
      <Stat label="Cache write" title={`${count(usage.cacheWriteTokens)} tokens`}>
        {compact(usage.cacheWriteTokens)}
      </Stat>
      <Stat label="Turns">{usage.turns}</Stat>
      <Stat label="Duration">
        {task.startedAt ? (
          <Elapsed
            from={task.startedAt}
            to={isOver(task.status) ? (task.finishedAt ?? task.updatedAt) : undefined}
          />
        ) : (
          '–'
        )}
      </Stat>
      <Stat label="Attempt">{task.attempt}</Stat>
    </dl>
  );
}

function Stat({ label, title, children }: { label: string; title?: string; children: ReactNode }) {
  return (
    <div title={title}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
