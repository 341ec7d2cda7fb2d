import type { RefObject } from 'react';
import { useEffect, useState } from 'react';
import type { TaskFilter } from '../../api/tasks';
import { PRIORITIES, STATUSES } from '../../api/types';
import { Icon } from '../../ui/Icon';
import { statusLabel } from '../../ui/StatusBadge';

const TYPING_MILLIS = 250;

interface Props {
  filter: TaskFilter;
  search: RefObject<HTMLInputElement | null>;
  onChange: (change: Partial<Record<keyof TaskFilter, string>>) => void;
}

export function FilterBar({ filter, search, onChange }: Props) {
  return (
    <div className="filters" role="search">
      <SearchField
        key={filter.q ?? ''}
        q={filter.q ?? ''}
        search={search}
        onChange={(q) => onChange({ q })}
      />
      <label>
        <span className="visually-hidden">Status</span>
        <select value={filter.status ?? ''} onChange={(event) => onChange({ status: event.target.value })}>
          <option value="">Any status</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {statusLabel(status)}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="visually-hidden">Priority</span>
        <select
          value={filter.priority ?? ''}
          onChange={(event) => onChange({ priority: event.target.value })}
        >
          <option value="">Any priority</option>
          {PRIORITIES.map((priority) => (
            <option key={priority}>{priority}</option>
          ))}
        </select>
      </label>
    </div>
  );
}

interface SearchProps {
  q: string;
  search: RefObject<HTMLInputElement | null>;
  onChange: (q: string) => void;
}

/** Asks the server once the typing pauses. */
function SearchField({ q, search, onChange }: SearchProps) {
  const [typed, setTyped] = useState(q);
  useEffect(() => {
    if (typed === q) return undefined;
    const timer = setTimeout(() => onChange(typed), TYPING_MILLIS);
    return () => clearTimeout(timer);
  });
  return (
    <label className="search">
      <Icon name="search" />
      <span className="visually-hidden">Search tasks</span>
      <input
        ref={search}
        type="search"
        placeholder="Search prompts, repositories, summaries"
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <kbd aria-hidden="true">/</kbd>
    </label>
  );
}
