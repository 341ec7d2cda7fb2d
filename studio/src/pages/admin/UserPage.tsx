import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { getUser } from '../../api/admin';
import type { User } from '../../api/types';
import { useSession } from '../../app/session';
import { useTitle } from '../../app/useTitle';
import { NotLoaded } from '../../ui/NotLoaded';
import { Setting } from '../../ui/Setting';
import { BanSetting } from './BanSetting';
import { EndUser } from './EndUser';
import { RoleSetting } from './RoleSetting';
import { SecondFactorSetting } from './SecondFactorSetting';
import { SetPassword } from './SetPassword';
import { UserForm } from './UserForm';
import { UserOrganizations } from './UserOrganizations';
import { userName, UserTags } from './UserRow';
import { UserSessions } from './UserSessions';

export function UserPage() {
  const { id = '' } = useParams();
  const query = useQuery({ queryKey: ['admin', 'user', id], queryFn: ({ signal }) => getUser(id, signal) });
  useTitle(query.data ? userName(query.data) : 'User');
  if (!query.data) {
    return <NotLoaded what="user" error={query.error} />;
  }
  return <LoadedUser key={id} user={query.data} />;
}

function LoadedUser({ user }: { user: User }) {
  const queries = useQueryClient();
  const me = useSession().data?.user.id === user.id;
  const changed = () => queries.invalidateQueries({ queryKey: ['admin'] });
  return (
    <div className="page page-narrow">
      <p className="crumbs">
        <Link to="/admin/users">Users</Link>
      </p>
      <header className="page-head">
        <h1 className="break">{userName(user)}</h1>
        {me && <span className="tag">You</span>}
        <UserTags user={user} />
        <Link className="head-link" to={`/admin/audit-log?actorId=${encodeURIComponent(user.id)}`}>
          What they did
        </Link>
      </header>
      <Setting title="Profile" about="Their name and address.">
        <UserForm user={user} onDone={changed} />
      </Setting>
      <Setting title="Role" about="Administrators see all users, organizations and mails of this server.">
        <RoleSetting user={user} onDone={changed} />
      </Setting>
      <Setting title="Password" about="For who has lost every other way in.">
        <SetPassword user={user} />
      </Setting>
      <Setting title="Sessions" about="Where they can work without signing in again.">
        <UserSessions userId={user.id} />
      </Setting>
      <Setting title="Organizations" about="Those that they are in.">
        <UserOrganizations userId={user.id} />
      </Setting>
      {!me && (
        <>
          <Setting title="Second factor" about="For who has lost their app and the backup codes.">
            <SecondFactorSetting user={user} onDone={changed} />
          </Setting>
          <Setting title="Access" about="Who is banned is out at once, with every session and key.">
            <BanSetting user={user} onDone={changed} />
          </Setting>
          <Setting
            title="In their name"
            about="To see what they see. It is noted, and changes nothing of the account."
          >
            <EndUser user={user} onDone={changed} />
          </Setting>
        </>
      )}
    </div>
  );
}
