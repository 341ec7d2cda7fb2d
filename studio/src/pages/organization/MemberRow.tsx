import type { Member } from '../../api/types';
import { Button } from '../../ui/Button';
import { RelativeTime } from '../../ui/Time';
import { OWNER, rolesOf } from './permissions';
import { RoleTags } from './RoleTags';
import { useOrganization } from './useOrganization';

export function nameOf(member: Member): string {
  return member.user?.name || member.user?.email || 'Somebody without a name';
}

interface Props {
  member: Member;
  onRoles: () => void;
  onRemove: () => void;
}

export function MemberRow({ member, onRoles, onRemove }: Props) {
  const { may, own, userId } = useOrganization();
  const name = nameOf(member);
  const me = member.userId === userId;
  // Owners alone change owners.
  const reachable = !rolesOf(member.role).includes(OWNER) || own.includes(OWNER);
  return (
    <li className="member-row">
      <div>
        <strong className="break">{name}</strong> {me && <span className="tag">You</span>}
        <p className="muted break">{member.user?.email ?? 'No e-mail address'}</p>
      </div>
      <div>
        <RoleTags role={member.role} />
        <p className="muted">
          Since <RelativeTime at={member.createdAt} />
        </p>
      </div>
      <div className="row-actions">
        {may('member:update') && reachable && (
          <Button kind="quiet" onClick={onRoles} aria-label={`Change the roles of ${name}`}>
            Roles
          </Button>
        )}
        {may('member:delete') && reachable && !me && (
          <Button kind="quiet" onClick={onRemove} aria-label={`Take out ${name}`}>
            Take out
          </Button>
        )}
      </div>
    </li>
  );
}
