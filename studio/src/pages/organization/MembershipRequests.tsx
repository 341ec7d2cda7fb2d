import { useMutation, useQuery } from '@tanstack/react-query';
import { decideMembershipRequest, listMembershipRequests } from '../../api/organization';
import { Button } from '../../ui/Button';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { RelativeTime } from '../../ui/Time';
import { useOrganization } from './useOrganization';

/** People whose address is at a domain of the organization, and who ask to join. */
export function MembershipRequests() {
  const { changed } = useOrganization();
  const query = useQuery({
    queryKey: ['organization', 'requests'],
    queryFn: ({ signal }) => listMembershipRequests(signal),
  });
  const decide = useMutation({
    mutationFn: ({ id, accept }: { id: string; accept: boolean }) => decideMembershipRequest(id, accept),
    onSettled: changed,
  });
  const waiting = (query.data ?? []).filter(({ status }) => status === 'pending');
  if (waiting.length === 0 && !query.error && !decide.error) return null;
  return (
    <section className="requests" aria-label="Requests to join">
      <h2>They ask to join</h2>
      <ProblemBanner error={query.error} title="The requests cannot be shown" />
      <ProblemBanner error={decide.error} title="Not decided" />
      {waiting.length > 0 && (
        <ul className="rows">
          {waiting.map(({ id, user, createdAt }) => {
            const name = user?.name || user?.email || 'Somebody';
            return (
              <li key={id} className="member-row member-row-two">
                <div>
                  <strong className="break">{name}</strong>
                  <p className="muted break">
                    {user?.email} · <RelativeTime at={createdAt} />
                  </p>
                </div>
                <div className="row-actions">
                  <Button
                    disabled={decide.isPending}
                    onClick={() => decide.mutate({ id, accept: true })}
                    aria-label={`Let in ${name}`}
                  >
                    Let in
                  </Button>
                  <Button
                    kind="quiet"
                    disabled={decide.isPending}
                    onClick={() => decide.mutate({ id, accept: false })}
                    aria-label={`Refuse ${name}`}
                  >
                    Refuse
                  </Button>
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
