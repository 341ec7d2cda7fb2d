import { Link } from 'react-router';
import type { Mail } from '../../api/types';
import { MailStateBadge } from '../../ui/StatusBadge';
import { RelativeTime } from '../../ui/Time';

export function MailRow({ mail }: { mail: Mail }) {
  return (
    <li className="mail-row">
      <MailStateBadge state={mail.state} />
      <div>
        <Link className="row-link" to={`/admin/mails/${mail.id}`}>
          {mail.subject}
        </Link>
        <p className="muted break">{mail.to}</p>
        {mail.lastError && mail.state !== 'sent' && <p className="mail-error break">{mail.lastError}</p>}
      </div>
      <p className="muted">
        <span className="tag">{mail.kind}</span>
      </p>
      <p className="muted mail-when">
        <RelativeTime at={mail.sentAt ?? mail.createdAt} />
        {mail.state !== 'logged' && <span>{attempts(mail.attempts)}</span>}
      </p>
    </li>
  );
}

function attempts(count: number): string {
  if (count === 0) return 'not tried yet';
  return count === 1 ? '1 attempt' : `${count} attempts`;
}
