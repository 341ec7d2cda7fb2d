import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { endUserSession, endUserSessions, listUserSessions } from '../../api/admin';
import { Button } from '../../ui/Button';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { Skeleton } from '../../ui/Skeleton';
import { RelativeTime } from '../../ui/Time';
import { clientName } from '../account/client';

export function UserSessions({ userId }: { userId: string }) {
  const queries = useQueryClient();
  const queryKey = ['admin', 'user-sessions', userId];
  const query = useQuery({ queryKey, queryFn: () => listUserSessions(userId) });
  const onSuccess = () => queries.invalidateQueries({ queryKey });
  const end = useMutation({ mutationFn: endUserSession, onSuccess });
  const endAll = useMutation({ mutationFn: () => endUserSessions(userId), onSuccess });
  const sessions = query.data ?? [];
  const busy = end.isPending || endAll.isPending;
  return (
    <div className="setting-form">
      <ProblemBanner error={query.error ?? end.error ?? endAll.error} title="Not done" />
      {query.isPending && <Skeleton lines={1} label="Loading sessions" />}
      {query.data && sessions.length === 0 && <p className="muted">They are signed in nowhere.</p>}
      {sessions.length > 0 && (
        <>
          <ul className="rows" aria-label="Sessions">
            {sessions.map(({ id, token, userAgent, ipAddress, createdAt, impersonatedBy }) => (
              <li key={id} className="item-row">
                <div>
                  <strong>{clientName(userAgent)}</strong>{' '}
                  {impersonatedBy && <span className="tag tag-strong">by an administrator</span>}
                  <p className="muted">
                    {ipAddress ? `From ${ipAddress}` : 'From an unknown address'} · since{' '}
                    <RelativeTime at={createdAt} />
                  </p>
                </div>
                <Button
                  kind="quiet"
                  disabled={busy}
                  onClick={() => end.mutate(token)}
                  aria-label={`End the session of ${clientName(userAgent)}`}
                >
                  End
                </Button>
              </li>
            ))}
          </ul>
          <Button className="setting-button" disabled={busy} onClick={() => endAll.mutate()}>
            End all sessions
          </Button>
        </>
      )}
    </div>
  );
}
