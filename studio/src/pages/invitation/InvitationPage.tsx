import { Link, useParams } from 'react-router';
import { useSession } from '../../app/session';
import { pathWith } from '../../app/target';
import { useTitle } from '../../app/useTitle';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { Skeleton } from '../../ui/Skeleton';
import { AuthCard } from '../sign-in/AuthCard';
import { ReceivedInvitation } from './ReceivedInvitation';

const TITLE = 'You are invited';

/** Where the link of an invitation's mail leads. */
export function InvitationPage() {
  useTitle(TITLE);
  const { id = '' } = useParams();
  const session = useSession();
  return (
    <AuthCard title={TITLE}>
      <ProblemBanner error={session.error} title="The invitation cannot be shown" />
      {session.isPending && <Skeleton lines={4} label="Loading the invitation" />}
      {session.data === null && <SignedOut to={`/invitations/${encodeURIComponent(id)}`} />}
      {session.data && <ReceivedInvitation key={id} id={id} user={session.data.user} />}
    </AuthCard>
  );
}

/** Whose it is, and to what, is for the recipient alone. */
function SignedOut({ to }: { to: string }) {
  return (
    <>
      <p>
        Somebody has invited you to an organization. Sign in with the address that the mail was sent to, to
        see which one it is and to accept.
      </p>
      <Link className="button button-primary" to={pathWith('/sign-in', { to })}>
        Sign in
      </Link>
      <Link className="button button-plain" to={pathWith('/sign-up', { to })}>
        Create an account
      </Link>
    </>
  );
}
