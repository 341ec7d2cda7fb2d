import { useMutation, useQueryClient } from '@tanstack/react-query';

/** An act on a queue or its jobs: whatever came of it, what is shown is read again. */
export function useQueueAct<R, T = void>(queue: string, act: (argument: T) => Promise<R>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () =>
      Promise.all(
        [
          ['queues'],
          ['queue', queue],
          ['jobs', queue],
          ['job', queue],
          ['groups', queue],
          ['schedulers', queue],
          ['bulk-actions', queue],
        ].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}
