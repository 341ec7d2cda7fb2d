import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { resetTwoFactor } from '../../api/admin';
import type { User } from '../../api/types';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { userName } from './UserRow';

/** Lets in again who has lost their app and the backup codes. */
export function SecondFactorSetting({ user, onDone }: { user: User; onDone: () => unknown }) {
  const [asked, setAsked] = useState(false);
  const reset = useMutation({
    mutationFn: () => resetTwoFactor(user.id),
    onSuccess: async () => {
      await onDone();
      setAsked(false);
    },
  });
  return (
    <div className="setting-form">
      <p>{user.twoFactorEnabled ? 'Asked for when they sign in.' : 'They have none.'}</p>
      {user.twoFactorEnabled && (
        <Button className="setting-button" kind="danger" onClick={() => setAsked(true)}>
          Take it off …
        </Button>
      )}
      {asked && (
        <ConfirmDialog
          title={`Take the second factor off ${userName(user)}?`}
          confirm="Take it off"
          kind="danger"
          busy={reset.isPending}
          error={reset.error}
          onConfirm={() => reset.mutate()}
          onClose={() => {
            reset.reset();
            setAsked(false);
          }}
        >
          <p>
            Be sure that it is them who ask. Their sessions end, and they are told by mail; then the password
            alone lets them in.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
