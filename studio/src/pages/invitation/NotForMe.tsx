import { useMutation, useQueryClient } from '@tanstack/react-query';
import { signOut } from '../../api/identity';
import { ApiError } from '../../api/problem';
import type { User } from '../../api/types';
import { Button } from '../../ui/Button';
import { ProblemBanner } from '../../ui/ProblemBanner';

/** An invitation that cannot be shown. Refused ones may be another person's, who can sign in from here. */
export function NotForMe({ error, user }: { error: Error; user: User }) {
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      // The page stays, for who is signed out; what was loaded for the other person does not.
      queries.setQueryData(['session'], null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
    },
  });
  const refused = error instanceof ApiError && error.status === 403;
  return (
    <>
      <ProblemBanner error={error} title="This invitation cannot be shown" />
      {refused && (
        <>
          <p>
            You are signed in as <strong className="break">{user.email ?? user.name}</strong>.
          </p>
          <Button icon="signOut" busy={leave.isPending} onClick={() => leave.mutate()}>
            Sign out
          </Button>
        </>
      )}
    </>
  );
}
