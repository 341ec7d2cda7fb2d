import type { Session } from '../../api/types';
import { Button } from '../../ui/Button';
import { RelativeTime } from '../../ui/Time';
import { clientName } from './client';

export function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const name = clientName(session.userAgent);
  return (
    <li className="session-row">
      <div>
        <strong>{name}</strong> {session.current && <span className="tag">This browser</span>}
        <p className="muted" title={session.userAgent}>
          {session.ipAddress ? `From ${session.ipAddress}` : 'From an unknown address'}
        </p>
      </div>
      <p className="muted">
        <span>
          Signed in <RelativeTime at={session.createdAt} />
        </span>
        <span>
          Ends <RelativeTime at={session.expiresAt} />
        </span>
      </p>
      {!session.current && (
        <Button kind="quiet" onClick={onEnd} aria-label={`End the session of ${name}`}>
          End
        </Button>
      )}
    </li>
  );
}
