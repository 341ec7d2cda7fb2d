import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { listSessions, revokeOtherSessions, revokeSession } from '../../api/identity';
import { messageOf } from '../../api/problem';
import type { Session } from '../../api/types';
import { useMe } from '../../app/session';
import { useTitle } from '../../app/useTitle';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Skeleton } from '../../ui/Skeleton';
import { SessionRow } from './SessionRow';
import { clientName } from './client';
import './account.css';

/** What is about to be ended: one session, or all others. */
type Ending = Session | 'others';

export function AccountPage() {
  useTitle('Sessions');
  const me = useMe();
  const queries = useQueryClient();
  const [ending, setEnding] = useState<Ending>();
  const query = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => listSessions(signal) });
  const end = useMutation({
    mutationFn: (what: Ending) => (what === 'others' ? revokeOtherSessions() : revokeSession(what.token)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['sessions'] });
      setEnding(undefined);
    },
  });
  const sessions = query.data ?? [];
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Sessions</h1>
          <p className="muted">
            Where {me.data?.name ?? 'you'} can work without signing in again. What you do not know, end.
          </p>
        </div>
        {sessions.some((session) => !session.current) && (
          <Button kind="danger" onClick={() => setEnding('others')}>
            End all others
          </Button>
        )}
      </header>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.isPending && <Skeleton lines={3} label="Loading sessions" />}
      {sessions.length > 0 && (
        <ul className="rows" aria-label="Sessions">
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} onEnd={() => setEnding(session)} />
          ))}
        </ul>
      )}
      {ending && (
        <ConfirmDialog
          title={ending === 'others' ? 'End all other sessions?' : `End ${clientName(ending.userAgent)}?`}
          confirm={ending === 'others' ? 'End them' : 'End session'}
          busy={end.isPending}
          error={end.error}
          onConfirm={() => end.mutate(ending)}
          onClose={() => {
            end.reset();
            setEnding(undefined);
          }}
        >
          <p>
            {ending === 'others'
              ? 'Every browser but this one has to sign in again, and what it shows live stops.'
              : 'That browser has to sign in again, and what it shows live stops.'}
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
