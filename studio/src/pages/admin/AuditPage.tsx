import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { listAudit } from '../../api/admin';
import { useTitle } from '../../app/useTitle';
import { asQuery, AuditFilters, NO_FILTER } from '../audit/AuditFilters';
import { AuditList } from '../audit/AuditList';
import { useUserNames } from './useUserNames';

export function AuditPage() {
  useTitle('Audit log');
  const [parameters] = useSearchParams();
  const [filter, setFilter] = useState(NO_FILTER);
  const of = {
    actorId: parameters.get('actorId') ?? undefined,
    organizationId: parameters.get('organizationId') ?? undefined,
  };
  const wanted = { ...asQuery(filter), ...of };
  const query = useInfiniteQuery({
    queryKey: ['admin', 'audit', wanted],
    queryFn: ({ pageParam, signal }) => listAudit(wanted, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  const nameOf = useUserNames([
    of.actorId,
    ...entries.flatMap(({ actorId, targetType, targetId }) => [
      actorId,
      targetType === 'user' ? targetId : undefined,
    ]),
  ]);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Audit log</h1>
          <p className="muted">
            What was done that matters for security, and from where. It is never changed.
          </p>
        </div>
      </header>
      {(of.actorId || of.organizationId) && (
        <p className="narrowed">
          <span className="tag tag-strong">
            {of.actorId ? `By ${nameOf(of.actorId) ?? 'one user'}` : 'Of one organization'}
          </span>{' '}
          <Link to="/admin/audit-log">Show all</Link>
        </p>
      )}
      <AuditFilters filter={filter} onChange={setFilter} />
      <AuditList query={query} nameOf={nameOf} />
    </div>
  );
}
