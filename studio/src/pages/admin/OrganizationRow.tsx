import { Link } from 'react-router';
import type { InstanceOrganization } from '../../api/types';
import { RelativeTime } from '../../ui/Time';

export function OrganizationRow({ organization }: { organization: InstanceOrganization }) {
  const { id, name, slug, personal, memberCount, createdAt } = organization;
  return (
    <li className="admin-row">
      <div>
        <strong className="break">{name}</strong> {personal && <span className="tag">somebody’s own</span>}
        <p className="muted break mono">{slug}</p>
      </div>
      <p className="muted">
        {memberCount === 1 ? '1 member' : `${memberCount} members`}, made <RelativeTime at={createdAt} />
      </p>
      <Link
        to={`/admin/audit-log?organizationId=${encodeURIComponent(id)}`}
        aria-label={`Audit log of ${name}`}
      >
        Audit log
      </Link>
    </li>
  );
}
