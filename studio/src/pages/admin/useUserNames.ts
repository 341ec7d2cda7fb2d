import { useQueries } from '@tanstack/react-query';
import { getUser } from '../../api/admin';

/** Names of users by their ids; those that are gone have none. */
export function useUserNames(ids: readonly (string | null | undefined)[]) {
  const wanted = [...new Set(ids.filter((id): id is string => typeof id === 'string' && id !== ''))];
  const users = useQueries({
    queries: wanted.map((id) => ({
      queryKey: ['admin', 'user-name', id],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const user = await getUser(id, signal);
        return user.name || user.email || '';
      },
      staleTime: 300_000,
      retry: false,
    })),
  });
  const names = new Map(wanted.map((id, index) => [id, users[index]?.data || undefined]));
  return (id: string) => names.get(id);
}
