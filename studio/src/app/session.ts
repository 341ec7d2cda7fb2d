import { useQuery } from '@tanstack/react-query';
import { getMe } from '../api/identity';
import { getCapabilities } from '../api/tasks';

export function useMe() {
  return useQuery({ queryKey: ['me'], queryFn: ({ signal }) => getMe(signal), staleTime: 60_000 });
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

/** A path of this site, or the list of tasks: a link must not lead elsewhere after the sign-in. */
export function safeTarget(to: string | null | undefined): string {
  return to && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/tasks';
}
