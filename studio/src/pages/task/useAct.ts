import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Task } from '../../api/types';

/** An act on a task, whose answer is the task as it then is. */
export function useAct<T = void>(taskId: string, act: (argument: T) => Promise<Task>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (task) => {
      queries.setQueryData(['task', taskId], task);
      void queries.invalidateQueries({ queryKey: ['tasks'] });
    },
    // Somebody else may have been first: show what is.
    onError: () => queries.invalidateQueries({ queryKey: ['task', taskId] }),
  });
}
