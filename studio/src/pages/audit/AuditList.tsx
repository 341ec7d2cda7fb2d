import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import type { AuditEntry } from '../../api/types';
import { actWords } from '../../format/audit';
import { Empty } from '../../ui/Empty';
import { LoadMore } from '../../ui/LoadMore';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { Skeleton } from '../../ui/Skeleton';
import { RelativeTime } from '../../ui/Time';
import { clientName } from '../account/client';
import './audit.css';

interface Props {
  query: UseInfiniteQueryResult<{ pages: { items: AuditEntry[] }[] }>;
  /** Of a user; undefined while it is not known. */
  nameOf: (userId: string) => string | undefined;
}

export function AuditList({ query, nameOf }: Props) {
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <ProblemBanner error={query.error} title="The audit log cannot be shown" />
      {query.isPending && <Skeleton lines={5} label="Loading the audit log" />}
      {query.data && entries.length === 0 && <Empty title="Nothing of the kind was done" />}
      {entries.length > 0 && (
        <ul className="rows" aria-label="Audit log">
          {entries.map((entry) => (
            <AuditRow key={entry.id} entry={entry} nameOf={nameOf} />
          ))}
        </ul>
      )}
      <LoadMore query={query} />
    </>
  );
}

function AuditRow({ entry, nameOf }: { entry: AuditEntry; nameOf: Props['nameOf'] }) {
  const { actorId, action, targetType, targetId, details, ipAddress, userAgent, createdAt } = entry;
  const actor = actorId ? (nameOf(actorId) ?? `User …${actorId.slice(-6)}`) : 'Nobody who is known';
  const target = targetType === 'user' && targetId && targetId !== actorId ? nameOf(targetId) : undefined;
  return (
    <li className="audit-row">
      <div>
        <p className="break">
          <strong>{actor}</strong> {actWords(action)}
          {target && (
            <>
              : <strong>{target}</strong>
            </>
          )}
        </p>
        {details && <p className="muted break">{details}</p>}
      </div>
      <p className="muted audit-when">
        <RelativeTime at={createdAt} />
        <span title={userAgent}>
          {[ipAddress, userAgent && clientName(userAgent)].filter(Boolean).join(', ')}
        </span>
      </p>
    </li>
  );
}
