import { useQuery } from '@tanstack/react-query';
import { getSession } from '../api/account';
import { getMe } from '../api/identity';
import { listOrganizations } from '../api/organizations';
import { getCapabilities } from '../api/tasks';
import { currentOrganization } from './organization';

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

/** Those that the user is in; none for a session that a key has opened, which is in one. */
export function useOrganizations() {
  return useQuery({
    queryKey: ['organizations'],
    queryFn: ({ signal }) => listOrganizations(signal),
    staleTime: 60_000,
    retry: false,
  });
}

/** The organization that this tab shows: the one in the address, else the one that the session has active. */
export function useShownOrganization() {
  const active = useSession().data?.session.activeOrganizationId;
  const shown = currentOrganization() ?? active;
  return useOrganizations().data?.find(({ id, slug }) => id === shown || slug === shown);
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
