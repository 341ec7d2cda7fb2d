import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { revokeSessions } from '../../api/account';
import { listSessions, revokeOtherSessions, revokeSession } from '../../api/identity';
import { messageOf } from '../../api/problem';
import type { Session } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Skeleton } from '../../ui/Skeleton';
import { clientName } from './client';
import { SessionRow } from './SessionRow';

/** What is about to be ended: one session, all others, or all. */
type Ending = Session | 'others' | 'all';

export function SessionsTab() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [ending, setEnding] = useState<Ending>();
  const query = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => listSessions(signal) });
  const end = useMutation({
    mutationFn: endSessions,
    onSuccess: async (_, what) => {
      if (what === 'all') {
        queries.clear();
        await navigate('/sign-in?notice=ended', { replace: true });
        return;
      }
      await queries.invalidateQueries({ queryKey: ['sessions'] });
      setEnding(undefined);
    },
  });
  const sessions = query.data ?? [];
  return (
    <>
      <div className="sessions-head">
        <p className="muted">Where you can work without signing in again. What you do not know, end.</p>
        {sessions.length > 0 && (
          <div className="page-actions">
            {sessions.some((session) => !session.current) && (
              <Button onClick={() => setEnding('others')}>End all others</Button>
            )}
            <Button kind="danger" onClick={() => setEnding('all')}>
              End all, this one too
            </Button>
          </div>
        )}
      </div>
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
          {...words(ending)}
          busy={end.isPending}
          error={end.error}
          onConfirm={() => end.mutate(ending)}
          onClose={() => {
            end.reset();
            setEnding(undefined);
          }}
        >
          <p>{consequence(ending)}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function endSessions(what: Ending): Promise<void> {
  if (what === 'all') return revokeSessions();
  return what === 'others' ? revokeOtherSessions() : revokeSession(what.token);
}

function words(what: Ending): { title: string; confirm: string } {
  if (what === 'all') return { title: 'End all sessions?', confirm: 'End all' };
  return what === 'others'
    ? { title: 'End all other sessions?', confirm: 'End them' }
    : { title: `End ${clientName(what.userAgent)}?`, confirm: 'End session' };
}

function consequence(what: Ending): string {
  if (what === 'all')
    return 'Every browser has to sign in again, this one too, and what they show live stops.';
  return what === 'others'
    ? 'Every browser but this one has to sign in again, and what it shows live stops.'
    : 'That browser has to sign in again, and what it shows live stops.';
}
