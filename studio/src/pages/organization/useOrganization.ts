import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { getFullOrganization, listRoles } from '../../api/organization';
import type { FullOrganization, Role } from '../../api/types';
import { useSession } from '../../app/session';
import { grantsOf, OWNER, rolesOf } from './permissions';

export interface OrganizationContext {
  organization: FullOrganization;
  /** Those that it has made; empty where the viewer may not see them. */
  roles: readonly Role[];
  /** The viewer's own. */
  userId: string;
  own: readonly string[];
  may: (grant: string) => boolean;
  mayGive: (role: string) => boolean;
  changed: () => Promise<void>;
}

const Context = createContext<OrganizationContext | null>(null);
export const OrganizationProvider = Context.Provider;

export function useOrganization(): OrganizationContext {
  const found = useContext(Context);
  if (!found) throw new Error('outside of the organization’s page');
  return found;
}

/** Loads the active organization, and what the viewer may do in it. */
export function useLoadOrganization() {
  const queries = useQueryClient();
  const session = useSession();
  const full = useQuery({
    queryKey: ['organization', 'full'],
    queryFn: ({ signal }) => getFullOrganization(signal),
  });
  const member = full.data?.members.find(({ userId }) => userId === session.data?.user.id);
  const own = member ? rolesOf(member.role) : [];
  const roles = useQuery({
    queryKey: ['organization', 'roles'],
    queryFn: ({ signal }) => listRoles(signal),
    enabled: full.data !== undefined,
    retry: false,
  });
  const error = session.error ?? full.error;
  if (!full.data || !session.data || roles.isPending) {
    return { error, context: undefined };
  }
  const made = roles.data ?? [];
  const grants = grantsOf(own, made);
  const context: OrganizationContext = {
    organization: full.data,
    roles: made,
    userId: session.data.user.id,
    own,
    may: (grant) => grants.has(grant),
    mayGive: (role) =>
      (role !== OWNER || own.includes(OWNER)) &&
      [...grantsOf([role], made)].every((grant) => grants.has(grant)),
    changed: () => queries.invalidateQueries({ queryKey: ['organization'] }),
  };
  return { error: null, context };
}
