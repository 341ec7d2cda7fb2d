import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listOwnAudit } from '../../api/admin';
import { asQuery, AuditFilters, NO_FILTER } from '../audit/AuditFilters';
import { AuditList } from '../audit/AuditList';
import { nameOf } from './MemberRow';
import { useOrganization } from './useOrganization';

/** What was done in the organization, for who may manage its keys. */
export function AuditTab() {
  const { organization } = useOrganization();
  const [filter, setFilter] = useState(NO_FILTER);
  const wanted = asQuery(filter);
  const query = useInfiniteQuery({
    queryKey: ['organization', 'audit', wanted],
    queryFn: ({ pageParam, signal }) => listOwnAudit(wanted, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const names = new Map(organization.members.map((member) => [member.userId, nameOf(member)]));
  return (
    <>
      <AuditFilters filter={filter} onChange={setFilter} />
      <AuditList query={query} nameOf={(id) => names.get(id)} />
    </>
  );
}
