import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { stopImpersonating } from '../api/admin';
import { messageOf } from '../api/problem';
import { Button } from '../ui/Button';
import { useSession } from './session';

/** Seen on every page while an administrator acts in somebody's name. */
export function ImpersonationBar() {
  const session = useSession().data;
  const navigate = useNavigate();
  const queries = useQueryClient();
  const stop = useMutation({
    mutationFn: stopImpersonating,
    onSuccess: async () => {
      const user = session?.user.id;
      queries.clear();
      await navigate(user ? `/admin/users/${user}` : '/admin');
    },
  });
  if (!session?.session.impersonatedBy) return null;
  return (
    <section className="impersonation" aria-label="In somebody’s name">
      <p className="break">
        You act as <strong>{session.user.name || session.user.email}</strong>. What you do is noted with your
        own name.
        {stop.error && <span role="alert"> {messageOf(stop.error)}</span>}
      </p>
      <Button busy={stop.isPending} onClick={() => stop.mutate()}>
        Stop
      </Button>
    </section>
  );
}
