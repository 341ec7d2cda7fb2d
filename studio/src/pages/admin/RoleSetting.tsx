import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { setUserRole } from '../../api/admin';
import type { User } from '../../api/types';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { userName } from './UserRow';

export function RoleSetting({ user, onDone }: { user: User; onDone: () => unknown }) {
  const [asked, setAsked] = useState(false);
  const admin = user.role === 'admin';
  const set = useMutation({
    mutationFn: () => setUserRole(user.id, admin ? 'user' : 'admin'),
    onSuccess: async () => {
      await onDone();
      setAsked(false);
    },
  });
  return (
    <div className="setting-form">
      <p>{admin ? 'Administers this server.' : 'Uses this server.'}</p>
      <Button
        className="setting-button"
        icon="shield"
        kind={admin ? 'danger' : 'plain'}
        onClick={() => setAsked(true)}
      >
        {admin ? 'Take the administration away …' : 'Make an administrator …'}
      </Button>
      {asked && (
        <ConfirmDialog
          title={
            admin
              ? `Is ${userName(user)} no administrator any more?`
              : `Make ${userName(user)} an administrator?`
          }
          confirm={admin ? 'Take it away' : 'Make administrator'}
          kind={admin ? 'danger' : 'primary'}
          busy={set.isPending}
          error={set.error}
          onConfirm={() => set.mutate()}
          onClose={() => {
            set.reset();
            setAsked(false);
          }}
        >
          <p>
            {admin
              ? 'They see their own organizations alone from then on. It holds at once.'
              : 'They see and change all users, organizations and mails of this server, and can act in the name of others.'}
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
