import type { User } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { pendingEmail } from './pendingEmail';

/** Back from a link that is about a change of address: was it the last of them? */
export function Arrival({ user }: { user: User }) {
  const pending = pendingEmail(user);
  if (pending) {
    return (
      <Banner tone="info" title="One step is left">
        Open the link that we have sent to <strong className="break">{pending}</strong>.
      </Banner>
    );
  }
  return user.email && user.emailVerified ? (
    <Banner tone="success">
      Your address is <strong className="break">{user.email}</strong>.
    </Banner>
  ) : null;
}
