import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { impersonate, removeUser } from '../../api/admin';
import type { User } from '../../api/types';
import { Button } from '../../ui/Button';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { TypedConfirm } from '../../ui/TypedConfirm';
import { userName } from './UserRow';

/** Acting in somebody's name, and deleting them. */
export function EndUser({ user, onDone }: { user: User; onDone: () => unknown }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [asked, setAsked] = useState(false);
  const act = useMutation({
    mutationFn: () => impersonate(user.id),
    onSuccess: async () => {
      // The session is another person's: nothing that was seen before is theirs.
      queries.clear();
      await navigate('/tasks');
    },
  });
  return (
    <div className="setting-form">
      <ProblemBanner error={act.error} title="Not possible" />
      <div className="actions">
        <Button icon="user" busy={act.isPending} disabled={user.banned} onClick={() => act.mutate()}>
          Act in their name
        </Button>
        <Button kind="danger" icon="trash" onClick={() => setAsked(true)}>
          Delete the user …
        </Button>
      </div>
      {asked && (
        <TypedConfirm
          title={`Delete ${userName(user)}?`}
          word={user.email ?? 'delete'}
          confirm="Delete for good"
          failure="Not deleted"
          send={() => removeUser(user.id)}
          onDone={async () => {
            await navigate('/admin/users', { replace: true });
            await onDone();
          }}
          onClose={() => setAsked(false)}
        >
          <p>Their sessions and keys end, and organizations that nobody else is in. This cannot be undone.</p>
        </TypedConfirm>
      )}
    </div>
  );
}
