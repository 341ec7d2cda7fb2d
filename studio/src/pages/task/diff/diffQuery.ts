import { queryOptions } from '@tanstack/react-query';
import { getDiff } from '../../../api/tasks';

export function diffQuery(taskId: string) {
  return queryOptions({ queryKey: ['diff', taskId], queryFn: ({ signal }) => getDiff(taskId, signal) });
}
