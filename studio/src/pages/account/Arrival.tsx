import type { User } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { pendingEmail } from './pendingEmail';

/** Back from a link that is about a change of address: was it the last of them? */
export function Arrival({ user }: { user: User }) {
  return user.email && user.emailVerified && !pendingEmail(user) ? (
    <Banner tone="success">
      Your address is <strong className="break">{user.email}</strong>.
    </Banner>
  ) : null;
}
