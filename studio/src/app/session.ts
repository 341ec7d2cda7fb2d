import { useQuery } from '@tanstack/react-query';
import { getSession } from '../api/account';
import { getMe } from '../api/identity';
import { getCapabilities } from '../api/tasks';

export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: ({ signal }) => getMe(signal), staleTime: 60_000 });
}

/** The session and its user; null for who came without one. */
export function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => getSession(signal),
    staleTime: 60_000,
  });
}

/** True once it is known that the caller has a scope. */
export function useMay(scope: string): boolean {
  return useMe().data?.scopes.includes(scope) ?? false;
}

export function useCapabilities() {
  return useQuery({
    queryKey: ['capabilities'],
    queryFn: ({ signal }) => getCapabilities(signal),
    staleTime: 60_000,
  });
}
