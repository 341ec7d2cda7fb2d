import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { acceptInvitation, getInvitation, rejectInvitation } from '../../api/organizations';
import type { User } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Detail } from '../../ui/Detail';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { Skeleton } from '../../ui/Skeleton';
import { RelativeTime } from '../../ui/Time';
import { NotForMe } from './NotForMe';
import './invitation.css';

/** For who is signed in: to what it invites, and the two answers. */
export function ReceivedInvitation({ id, user }: { id: string; user: User }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const invitation = useQuery({
    queryKey: ['invitation', id],
    queryFn: ({ signal }) => getInvitation(id, signal),
    // An answer takes it away; it is not to be asked for again then.
    staleTime: Infinity,
  });
  const accept = useMutation({
    mutationFn: acceptInvitation,
    onSuccess: async () => {
      // The session acts in another organization: nothing that was seen before is its.
      queries.clear();
      await navigate('/', { replace: true });
    },
  });
  const decline = useMutation({ mutationFn: rejectInvitation });
  if (decline.isSuccess) {
    return (
      <>
        <Banner tone="success" title="Declined">
          The invitation counts no more.
        </Banner>
        <Button onClick={() => void navigate('/', { replace: true })}>Go to Mainstay</Button>
      </>
    );
  }
  if (!invitation.data) {
    return invitation.error ? (
      <NotForMe error={invitation.error} user={user} />
    ) : (
      <Skeleton lines={4} label="Loading the invitation" />
    );
  }
  const { organizationName, role, inviterEmail, expiresAt } = invitation.data;
  const busy = accept.isPending || decline.isPending;
  return (
    <>
      <dl className="invitation">
        <Detail label="Organization">
          <strong className="break">{organizationName}</strong>
        </Detail>
        <Detail label="Your role">{role.split(',').join(', ')}</Detail>
        <Detail label="Invited by">
          <span className="break">{inviterEmail ?? 'Somebody without an address'}</span>
        </Detail>
        <Detail label="Ends">
          <RelativeTime at={expiresAt} />
        </Detail>
      </dl>
      <ProblemBanner
        error={accept.error ?? decline.error}
        title={accept.error ? 'Not accepted' : 'Not declined'}
      />
      <div className="invitation-answers">
        <Button
          kind="primary"
          busy={accept.isPending}
          disabled={busy}
          onClick={() => {
            decline.reset();
            accept.mutate(id);
          }}
        >
          Accept
        </Button>
        <Button
          busy={decline.isPending}
          disabled={busy}
          onClick={() => {
            accept.reset();
            decline.mutate(id);
          }}
        >
          Decline
        </Button>
      </div>
      <p className="muted break">You are signed in as {user.email}.</p>
    </>
  );
}
