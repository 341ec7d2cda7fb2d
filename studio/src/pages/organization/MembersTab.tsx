import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { removeMember } from '../../api/organization';
import type { Member } from '../../api/types';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Empty } from '../../ui/Empty';
import { SearchField } from '../../ui/SearchField';
import { MemberRow, nameOf } from './MemberRow';
import { MembershipRequests } from './MembershipRequests';
import { RolesDialog } from './RolesDialog';
import { useOrganization } from './useOrganization';

const PAGE = 25;

/** An organization has a hundred members at most: all are there, and looked through here. */
export function MembersTab() {
  const { organization, may, changed } = useOrganization();
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(PAGE);
  const [act, setAct] = useState<{ name: 'roles' | 'remove'; member: Member }>();
  const remove = useMutation({
    mutationFn: removeMember,
    onSuccess: async () => {
      await changed();
      setAct(undefined);
    },
  });
  const wanted = search.trim().toLowerCase();
  const found = organization.members.filter((member) =>
    `${nameOf(member)} ${member.user?.email ?? ''} ${member.role}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      {may('member:create') && <MembershipRequests />}
      <div className="filters">
        <SearchField
          label="Search members"
          placeholder="Name, address or role"
          value={search}
          onChange={(text) => {
            setSearch(text);
            setShown(PAGE);
          }}
        />
        <p className="muted" role="status">
          {wanted === '' ? `${found.length} in all` : `${found.length} of ${organization.members.length}`}
        </p>
      </div>
      {found.length === 0 ? (
        <Empty title="Nobody like that is here" />
      ) : (
        <ul className="rows" aria-label="Members">
          {found.slice(0, shown).map((member) => (
            <MemberRow
              key={member.id}
              member={member}
              onRoles={() => setAct({ name: 'roles', member })}
              onRemove={() => setAct({ name: 'remove', member })}
            />
          ))}
        </ul>
      )}
      {found.length > shown && <Button onClick={() => setShown(shown + PAGE)}>Show more</Button>}
      {act?.name === 'roles' && (
        <RolesDialog
          member={act.member}
          onDone={async () => {
            await changed();
            setAct(undefined);
          }}
          onClose={() => setAct(undefined)}
        />
      )}
      {act?.name === 'remove' && (
        <ConfirmDialog
          title={`Take out “${nameOf(act.member)}”?`}
          confirm="Take out"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(act.member.id)}
          onClose={() => {
            remove.reset();
            setAct(undefined);
          }}
        >
          <p>They see nothing of the organization any more, and their keys for it end at once.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
