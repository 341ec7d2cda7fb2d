import { Link } from 'react-router';
import type { User } from '../../api/types';
import { RelativeTime } from '../../ui/Time';

export function userName(user: User): string {
  return user.name || user.email || 'User without a name';
}

export function UserTags({ user }: { user: User }) {
  return (
    <span className="user-tags">
      {user.role === 'admin' && <span className="tag tag-strong">administrator</span>}
      {user.banned && <span className="tag tag-wrong">banned</span>}
      {user.email && !user.emailVerified && <span className="tag">not confirmed</span>}
      {user.twoFactorEnabled && <span className="tag">second factor</span>}
    </span>
  );
}

export function UserRow({ user }: { user: User }) {
  return (
    <li className="admin-row">
      <div>
        <Link className="row-link" to={`/admin/users/${user.id}`}>
          {userName(user)}
        </Link>
        {user.name && <p className="muted break">{user.email ?? 'No e-mail address'}</p>}
      </div>
      <UserTags user={user} />
      <p className="muted">
        Here since <RelativeTime at={user.createdAt} />
      </p>
    </li>
  );
}
