import type { TaskFilter } from '../../api/tasks';
import { isPriority, isStatus } from '../../api/types';

const MAX_QUERY = 200;

/** The filter is the URL: it can be shared, kept and gone back to. */
export function filterOf(params: URLSearchParams): TaskFilter {
  const status = params.get('status');
  const priority = params.get('priority');
  return {
    status: isStatus(status) ? status : undefined,
    priority: isPriority(priority) ? priority : undefined,
    q: params.get('q')?.slice(0, MAX_QUERY) || undefined,
  };
}

/** A change of the URL's parameters; what is empty goes. */
export function withFilter(params: URLSearchParams, change: Partial<Record<keyof TaskFilter, string>>) {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(change)) {
    if (value) {
      next.set(name, value);
    } else {
      next.delete(name);
    }
  }
  return next;
}

export function isFiltered(filter: TaskFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}
