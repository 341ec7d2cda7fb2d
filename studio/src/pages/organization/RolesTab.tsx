import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteRole } from '../../api/organization';
import type { Role } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { PermissionTable } from './PermissionTable';
import { BUILT_IN_ROLES, grantsOf, rolesOf } from './permissions';
import { RoleDialog } from './RoleDialog';
import { useOrganization } from './useOrganization';

type Act = { name: 'new' } | { name: 'edit' | 'delete'; role: Role };

export function RolesTab() {
  const { organization, roles, may, changed } = useOrganization();
  const [act, setAct] = useState<Act>();
  const close = () => setAct(undefined);
  const remove = useMutation({
    mutationFn: deleteRole,
    onSuccess: async () => {
      await changed();
      close();
    },
  });
  const holders = (name: string) =>
    organization.members.filter(({ role }) => rolesOf(role).includes(name)).length;
  const all = [
    ...BUILT_IN_ROLES.map((name) => ({ name, made: undefined })),
    ...roles.map((made) => ({ name: made.role, made })),
  ];
  return (
    <>
      <div className="tab-head">
        <p className="muted">Several roles of one member allow what each of them allows.</p>
        {may('ac:create') && (
          <Button kind="primary" icon="plus" onClick={() => setAct({ name: 'new' })}>
            New role
          </Button>
        )}
      </div>
      {!may('ac:read') && (
        <Banner tone="info">Your role does not show you those that the organization has made.</Banner>
      )}
      <ul className="rows" aria-label="Roles">
        {all.map(({ name, made }) => (
          <li key={name} className="role-row">
            <details>
              <summary>
                <strong className="break">{name}</strong>{' '}
                <span className="tag">{made ? 'own' : 'built in'}</span>{' '}
                <span className="muted">{people(holders(name))}</span>
              </summary>
              <PermissionTable grants={grantsOf([name], roles)} />
              {made && (
                <div className="actions">
                  {may('ac:update') && (
                    <Button
                      icon="pencil"
                      onClick={() => setAct({ name: 'edit', role: made })}
                      aria-label={`Change ${name}`}
                    >
                      Change
                    </Button>
                  )}
                  {may('ac:delete') && (
                    <Button
                      kind="danger"
                      icon="trash"
                      onClick={() => setAct({ name: 'delete', role: made })}
                      aria-label={`Delete ${name}`}
                    >
                      Delete
                    </Button>
                  )}
                </div>
              )}
            </details>
          </li>
        ))}
      </ul>
      {(act?.name === 'new' || act?.name === 'edit') && (
        <RoleDialog
          role={act.name === 'edit' ? act.role : undefined}
          onDone={async () => {
            await changed();
            close();
          }}
          onClose={close}
        />
      )}
      {act?.name === 'delete' && (
        <ConfirmDialog
          title={`Delete the role “${act.role.role}”?`}
          confirm="Delete role"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(act.role.id)}
          onClose={() => {
            remove.reset();
            close();
          }}
        >
          <p>Nobody may have it any more when it is deleted: give its members another role before.</p>
        </ConfirmDialog>
      )}
    </>
  );
}

function people(count: number): string {
  return count === 1 ? '1 member' : `${count} members`;
}
