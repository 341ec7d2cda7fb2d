import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { banUser, unbanUser } from '../../api/admin';
import type { User } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { RelativeTime } from '../../ui/Time';
import { BanDialog } from './BanDialog';

export function BanSetting({ user, onDone }: { user: User; onDone: () => unknown }) {
  const [asked, setAsked] = useState(false);
  const unban = useMutation({ mutationFn: () => unbanUser(user.id), onSuccess: onDone });
  if (user.banned) {
    return (
      <div className="setting-form">
        <Banner tone="warning" title="Banned">
          {user.banReason ? `“${user.banReason}”` : 'No reason was given.'}{' '}
          {user.banExpires ? (
            <>
              It ends <RelativeTime at={user.banExpires} />.
            </>
          ) : (
            'It has no end.'
          )}
        </Banner>
        <ProblemBanner error={unban.error} title="Not let in" />
        <Button className="setting-button" busy={unban.isPending} onClick={() => unban.mutate()}>
          Let in again
        </Button>
      </div>
    );
  }
  return (
    <>
      <Button kind="danger" onClick={() => setAsked(true)}>
        Ban …
      </Button>
      {asked && (
        <BanDialog
          user={user}
          send={({ reason, seconds }) => banUser(user.id, reason, seconds)}
          onDone={async () => {
            await onDone();
            setAsked(false);
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}
