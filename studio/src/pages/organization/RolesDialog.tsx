import { useState } from 'react';
import { setMemberRoles } from '../../api/organization';
import type { Member } from '../../api/types';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';
import { nameOf } from './MemberRow';
import { rolesOf } from './permissions';
import { RolePicker } from './RolePicker';

interface Props {
  member: Member;
  onDone: () => unknown;
  onClose: () => void;
}

export function RolesDialog({ member, onDone, onClose }: Props) {
  const [chosen, setChosen] = useState(() => rolesOf(member.role));
  const { form, run, busy, errors, error } = useSubmit({
    check: (roles: string[]) => ({ role: roles.length === 0 ? 'Choose a role' : undefined }),
    send: (roles: string[]) => setMemberRoles(member.id, roles),
    onDone,
  });
  return (
    <Dialog title={`Roles of ${nameOf(member)}`} onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run(chosen);
        }}
      >
        <div className="dialog-body">
          <ProblemBanner error={error} title="Not changed" />
          <RolePicker legend="Roles" chosen={chosen} onChange={setChosen} error={errors.role} />
          <p className="muted">Several roles allow what each of them allows. It holds at once.</p>
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button type="submit" kind="primary" busy={busy}>
            Save
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
